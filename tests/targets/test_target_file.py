"""Targets written in a file: read, checked, and never invented."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from integstats.errors import TargetError
from integstats.targets.target import Target
from integstats.targets.target_file import WrittenTarget, read_targets

ENTRY = """
[[target]]
name = "{name}"
measure = "unemployment_rate"
kind = "relative_reduction"
amount = 0.5
places = ["Malmö"]
baseline = "2024-06"
deadline = "2026-06"
{more}
"""


def shipped(name: str) -> str:
    return files("integstats.catalogue").joinpath(name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def examples() -> dict[str, WrittenTarget]:
    return {one.name: one for one in read_targets(shipped("targets.toml"))}


def test_an_entry_is_the_target_that_its_fields_make() -> None:
    [one] = read_targets(ENTRY.format(name="a", more='sex = "women"\ndecided_on = 2024-06-19'))
    assert one.target == Target.halve(
        "unemployment_rate", places="Malmö", sex="women", baseline="2024-06",
        deadline="2026-06", decided_on="2024-06-19",
    )  # fmt: skip
    assert (one.problem, one.missing) == ("", ())


def test_one_wrong_entry_does_not_stop_the_others() -> None:
    text = "".join(
        [
            ENTRY.format(name="good", more=""),
            ENTRY.format(name="typo", more='readin = "month"'),
            ENTRY.format(name="place", more="").replace("Malmö", "Moldal"),
            ENTRY.format(name="open", more="left_open = 3"),
            ENTRY.format(name="late", more="").replace('"2026-06"', '""'),
        ]
    )
    good, typo, place, left_open, late = read_targets(text)
    assert good.target is not None
    assert "Did you mean 'reading'?" in typo.problem
    assert "Did you mean 'Mölndal'" in place.problem
    assert "list of texts" in left_open.problem
    assert (late.missing, late.problem) == (("deadline",), "")
    assert all("\n" not in one.problem for one in (typo, place, left_open))
    assert [one.target for one in (typo, place, left_open, late)] == [None] * 4


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[target]]\nbaseline = 2024-06", "TOML"),
        ("[[targets]]\nname = 'a'", "Did you mean 'target'"),
        ("", "got: nothing"),
        ("target = 3", "begin with"),
        (ENTRY.format(name="a", more="") * 2, "Two targets have the name 'a'"),
    ],
)
def test_what_is_no_file_of_targets(text: str, says: str) -> None:
    with pytest.raises(TargetError, match=re.escape(says)) as caught:
        read_targets(text)
    assert "\n" not in str(caught.value)


def test_the_shipped_examples_say_what_their_text_leaves_open(
    examples: dict[str, WrittenTarget],
) -> None:
    assert list(examples) == [
        "familjen-helsingborg", "linkoping-utvecklingsplatser", "odense", "riket-halvering",
    ]  # fmt: skip
    for one in examples.values():
        assert one.left_open
        assert not one.problem
        # Measure and baseline are our choice: nobody decided the target as it stands.
        assert one.target is None or not one.target.decided
    said = {name: one.says for name, one in examples.items() if one.says}
    assert said == {
        "familjen-helsingborg": "inom två år halvera arbetslösheten bland utrikes födda kvinnor",
        "linkoping-utvecklingsplatser": "500 utvecklingsplatser",
        "odense": "den bedste by i Danmark til at modtage nye borgere",
    }


def test_an_activity_is_not_unemployment(examples: dict[str, WrittenTarget]) -> None:
    one = examples["linkoping-utvecklingsplatser"]
    assert one.missing == ("baseline", "deadline")
    filled = shipped("targets.toml").replace('baseline = ""', 'baseline = "2024"')
    filled = filled.replace('deadline = ""', 'deadline = "2026"')
    target = next(each for each in read_targets(filled) if each.name == one.name).target
    assert target is not None
    assert (target.kind, target.unit, target.dataset) == (
        "added_count", "persons", "own-utvecklingsplatser",
    )  # fmt: skip


def test_odense_is_a_rank_and_helsingborg_both_sexes(examples: dict[str, WrittenTarget]) -> None:
    odense, helsingborg = examples["odense"].target, examples["familjen-helsingborg"].target
    assert odense is not None
    assert helsingborg is not None
    assert (odense.kind, odense.places) == ("rank", ("dk:461",))
    assert (helsingborg.sex, helsingborg.baseline) == ("total", "2018-09")
    points = examples["familjen-helsingborg"].left_open
    assert any("kvinnor och män tillsammans" in one for one in points)


def test_no_target_is_invented_for_those_who_have_none(
    examples: dict[str, WrittenTarget],
) -> None:
    places = {
        place
        for one in examples.values()
        if one.target is not None
        for place in (*one.target.places, *one.target.members)
    }
    assert not places & {"1496", "1481", "1262", "14", "group:vastra-gotaland"}


def test_the_file_to_fill_in_works_as_it_is_and_with_every_line() -> None:
    text = shipped("new_targets.toml")
    [one] = read_targets(text)
    assert one.target is not None
    assert [each.field for each in one.target.assumptions] == ["dataset", "age", "reading", "path"]
    chosen = (
        r"^# ((?:dataset|age|reading|path|decided_by|decided_on|url|source_text|left_open) = .*)$"
    )
    [whole] = read_targets(re.sub(chosen, r"\1", text, flags=re.MULTILINE))
    assert whole.problem == ""
    assert whole.target is not None
    assert whole.target.decided
    assert whole.target.assumptions == ()


@pytest.mark.parametrize(
    "line", re.findall(r"^#   (kind = .*?)  +(amount = \S+)", shipped("new_targets.toml"), re.M)
)
def test_every_kind_in_the_file_to_fill_in_is_understood(line: tuple[str, str]) -> None:
    text = shipped("new_targets.toml")
    body = text.replace('\nkind = "relative_reduction"\namount = 0.5\n', "\n" + "\n".join(line))
    if "count" in line[0]:
        body = body.replace('measure = "unemployment_rate"\n', 'measure = "employed"\n')
    [one] = read_targets(body)
    assert one.problem == ""
    assert one.target is not None
