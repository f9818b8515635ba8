from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from integstats.targets.track import Track
from integstats.wording.claims import Text
from integstats.wording.sentences import read_text
from integstats.wording.target_table_cells import verdict_note
from integstats.wording.target_table_sentences import TargetTableText, target_table_text
from integstats.wording.terms import VERDICTS

Sound = Callable[[Text | str, str], None]
Tracks = Callable[..., Track]
KINDS = ("rate_down", "rate_up", "gap", "ratio", "count_down", "count_up")
STATUSES = (
    "met", "missed", "below_target", "worse", "too_early", "no_certain_change", "ahead",
    "not_distinct", "behind", "far_behind",
)  # fmt: skip
REASONS = ("break", "too_few_periods", "suppressed", "small_base", "no_variance",
           "baseline_missing")  # fmt: skip


def texts_of(found: TargetTableText) -> list[Text]:
    cells = [one for row in found.rows for cell in row for one in cell]
    around = [found.title, found.subtitle, found.alt, *found.headers, found.source]
    return [*around, *cells, *found.lines, *found.notes, *found.optional]


def check(found: TargetTableText, lang: str, sound: Sound) -> None:
    for one in texts_of(found):
        sound(one, lang)
        assert read_text(json.loads(json.dumps(one.to_dict()))) == one
    assert found.title.words() <= 15
    assert 80 <= len(found.alt.text) <= 600


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("decided", [True, False])
def test_every_status_of_every_kind(
    track_of: Tracks, kind: str, decided: bool, lang: str, sound: Sound
) -> None:
    tracks = [track_of(one, kind, decided=decided) for one in STATUSES]
    check(target_table_text(tracks, lang=lang), lang, sound)


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_why_it_cannot_be_judged_is_said_in_few_words(
    track_of: Tracks, lang: str, sound: Sound
) -> None:
    tracks = [track_of("cannot_judge", reason=one, decided=False) for one in REASONS]
    check(target_table_text(tracks, lang=lang), lang, sound)
    notes = [verdict_note(one, lang=lang) for one in tracks]
    assert len(set(notes)) == len(REASONS)
    assert all(one.startswith(VERDICTS["cannot_judge"][lang == "en"]) for one in notes)


@pytest.mark.parametrize(
    ("statuses", "title"),
    [
        (("met", "ahead", "behind"), "3 mål: 2 enligt plan eller bättre, 1 sämre"),
        (("met", "ahead"), "Alla 2 mål är enligt plan eller bättre"),
        (("worse", "missed"), "Alla 2 mål är sämre än planerat"),
        (("too_early", "not_distinct"), "Inget av 2 mål går att avgöra"),
        (
            ("met", "worse", "too_early", "no_certain_change"),
            "4 mål: 1 enligt plan eller bättre, 1 sämre, 2 går inte att avgöra",
        ),
    ],
)
def test_the_title_counts_decided_targets(
    track_of: Tracks, statuses: tuple[str, ...], title: str
) -> None:
    tracks = [track_of(one) for one in statuses]
    assert target_table_text(tracks).title.text == title
    with_example = [*tracks, track_of("met", decided=False)]
    assert target_table_text(with_example).title.text == title


def test_the_title_of_examples_has_no_verdict_but_the_levels(track_of: Tracks) -> None:
    tracks = [track_of(one, decided=False) for one in ("met", "far_behind")]
    title = target_table_text(tracks).title.text
    assert title == (
        "Räkneexempel: arbetslösheten bland utrikes födda kvinnor är 9,0–16,6 procent i 2 kommuner"
    )
    assert not any(word.lower() in title.lower() for word, _ in VERDICTS.values())


def test_levels_that_look_alike_are_no_range(track_of: Tracks) -> None:
    tracks = [track_of("met", decided=False)] * 2
    assert target_table_text(tracks).title.text == "Räkneexempel: 2 mål som ingen har beslutat"


def test_the_cells_of_a_row(track_of: Tracks) -> None:
    found = target_table_text([track_of("behind"), track_of("met", "rate_up", place="Lund")])
    first, second = ([[one.text for one in cell] for cell in row] for row in found.rows)
    assert first == [
        ["Malmö", "Arbetslösheten bland utrikes födda kvinnor, 20–64 år"],
        ["Efter målbanan."],
        ["18,4\u00a0%\u00a0→\u00a09,2\u00a0%"],
        ["15,2\u00a0% (15,2–15,2)", "Avser december 2025"],
        ["70\u00a0%"],
        ["83\u00a0färre"],
    ]
    assert second[5] == ["0 (12 till godo)"]
    assert "Målen är beslutade av kommunfullmäktige 2024-06-19." in [
        one.text for one in found.notes
    ]


def test_no_share_where_nothing_can_be_said_of_it(track_of: Tracks) -> None:
    found = target_table_text(
        [track_of("too_early"), track_of("cannot_judge", reason="break"), track_of("below_target")]
    )
    assert [row[4][0].text for row in found.rows] == ["–", "–", "Över 200\u00a0%"]


def test_persons_who_should_be_more(track_of: Tracks) -> None:
    found = target_table_text([track_of("behind", "rate_up")])
    assert found.rows[0][5][0].text == "83\u00a0fler"


def test_what_chance_would_show_is_said_of_many(track_of: Tracks) -> None:
    def said(number: int) -> bool:
        text = target_table_text([track_of("behind")] * number)
        return any("av en slump" in one.text for one in text.notes)

    assert said(20)
    assert not said(5)
