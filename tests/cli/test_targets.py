"""The commands on files of targets, and on the texts of published charts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from integstats.cli import main
from integstats.targets.verdict import status_of
from integstats.wording.verdict_symbols import NOT_FOLLOWED, SYMBOLS

ENTRY = """
[[target]]
name = "{name}"
measure = "unemployment_rate"
kind = "relative_reduction"
amount = 0.5
places = ["{place}"]
sex = "women"
birth_region = "foreign_born"
baseline = "2024-06"
deadline = "2027-06"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder to stand in, with a data folder of its own."""
    monkeypatch.setenv("INTEGSTATS_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, *entries: str, name: str = "targets.toml") -> None:
    (folder / name).write_text("".join(entries), encoding="utf-8")


def test_the_targets_of_the_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(
        folder,
        ENTRY.format(name="malmo", place="Malmö"),
        ENTRY.format(name="tre", place="Stockholm").replace(
            '["Stockholm"]', '["Stockholm", "Göteborg", "Malmö"]'
        ),
    )
    assert main(["targets"]) == 0
    found = capsys.readouterr()
    assert "Om målet hade gällt: " in found.out
    assert any(line.startswith(tuple(SYMBOLS.values())) for line in found.out.splitlines())
    assert "reading = mean_12m" in found.out
    assert "av 2 mål" in found.out
    assert found.err == ""
    assert main(["targets", "--json", "--lang", "en"]) == 0
    records = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in records] == ["malmo", "tre"]
    assert records[1]["facts"]["place"] == "0180+1480+1280"
    assert {one["status"] for one in records} <= {status_of(rule) for rule in range(1, 12)}


def test_without_a_file_the_examples_are_shown(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["targets"]) == 0
    found = capsys.readouterr()
    assert "integstats target --new" in found.err
    assert "halvera arbetslösheten bland utrikes födda kvinnor" in found.out
    assert "Saknas: baseline, deadline" in found.out
    assert f"{NOT_FOLLOWED}  odense" in found.out
    assert main(["targets", "--place", "riket", "--quiet"]) == 0
    assert capsys.readouterr().out == ""


def test_only_the_targets_of_a_place(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, ENTRY.format(name="a", place="Malmö"), ENTRY.format(name="b", place="Göteborg"))
    assert main(["targets", "--place", "Göteborg", "--json"]) == 0
    assert [one["name"] for one in json.loads(capsys.readouterr().out)] == ["b"]
    assert main(["targets", "--place", "Lund"]) == 7
    assert "No target of the file concerns Lund" in capsys.readouterr().err


def test_a_rank_gets_its_confidence_set(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entry = ENTRY.format(name="plats", place="Skåne län").replace(
        'kind = "relative_reduction"\namount = 0.5', 'kind = "rank"\namount = 1'
    )
    write(folder, entry)
    assert main(["targets"]) == 0
    out = capsys.readouterr().out
    assert "av 21" in out
    assert "en placering får ingen bedömning" in out


def test_what_is_wrong_is_said_of_each_and_in_the_exit_code(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(
        folder,
        ENTRY.format(name="malmo", place="Malmö"),
        ENTRY.format(name="fel", place="Moldal"),
        ENTRY.format(name="lomma", place="Lomma"),
    )
    assert main(["targets"]) == 7
    out = capsys.readouterr().out
    assert "Did you mean 'Mölndal'" in out
    assert "integstats fetch scb-bas-month --places" in out
    write(folder, ENTRY.format(name="lomma", place="Lomma"))
    assert main(["targets"]) == 3


def test_no_such_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["targets", "--file", "mal.toml"]) == 2
    assert "integstats target --new mal.toml" in capsys.readouterr().err
    (folder / "latin.toml").write_bytes("# mål".encode("latin-1"))
    assert main(["targets", "--file", "latin.toml"]) == 2
    assert "UTF-8" in capsys.readouterr().err


def test_a_new_file_is_printed_or_written_and_never_overwritten(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["target", "--new"]) == 0
    printed = capsys.readouterr().out
    assert main(["target", "--new", "targets.toml"]) == 0
    assert (folder / "targets.toml").read_text(encoding="utf-8") == printed
    assert main(["targets"]) == 0
    assert "Malmö" in capsys.readouterr().out
    assert main(["target", "--new", "targets.toml"]) == 8
    assert (folder / "targets.toml").read_text(encoding="utf-8") == printed


def test_a_target_needs_its_place_and_periods(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["target", "--halve", "unemployment_rate", "--place", "Malmö"]) == 2
    assert "--baseline, --deadline" in capsys.readouterr().err


@pytest.fixture
def published(folder: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    done = main(
        [
            *("target", "--halve", "unemployment_rate", "--place", "Malmö", "--sex", "women"),
            *("--birth-region", "foreign_born", "--baseline", "2024-06", "--deadline", "2026-06"),
            *("--out", "out"),
        ]
    )
    assert done == 0
    capsys.readouterr()
    [path] = (folder / "out").glob("rakneexempel_mal_*.json")
    return path


def test_how_often_it_was_reached_before_is_published_too(
    published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [path] = published.parent.glob("rakneexempel_forekomst_*.json")
    record = json.loads(path.read_text(encoding="utf-8"))
    [drawn] = record["charts"]
    assert (drawn["chart"], len(record["sources"])) == ("base_rate", 1)
    assert path.with_suffix(".png").exists()
    assert main(["text", "--check", str(path), "--strict"]) == 0


def test_the_texts_of_today_hold(published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["text", "--check", str(published), "--strict"]) == 0
    assert capsys.readouterr().out.startswith("0 of ")


def changed(path: Path, edit: Any) -> None:
    record = json.loads(path.read_text(encoding="utf-8"))
    edit(record)
    path.write_text(json.dumps(record), encoding="utf-8")


def test_sentences_that_new_figures_contradict_are_listed(
    published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As if the figures had been revised since: the stored text says 17.0 per cent."""

    def revised(record: dict[str, Any]) -> None:
        for text in record["charts"][0]["texts"]:
            for claim in text["claims"]:
                if claim["predicate"] == "alt.course":
                    claim["values"] |= {"latest": 0.1701, "low": 0.167, "high": 0.174}
            text["text"] = text["text"].replace("17,9", "17,0").replace("17,5–18,3", "16,7–17,4")

    changed(published, revised)
    assert main(["text", "--check", str(published), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    outdated = [one for one in found["no_longer"] if one["today"]]
    assert any("17,0 procent" in one["sentence"] for one in outdated)
    assert any("17,9 procent" in one["today"] for one in outdated)
    assert main(["text", "--check", str(published), "--strict", "--quiet"]) == 9


def test_a_text_that_was_rewritten_by_hand_is_listed(
    published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def by_hand(record: dict[str, Any]) -> None:
        record["charts"][0]["texts"][0]["text"] = "Halverat!"

    changed(published, by_hand)
    assert main(["text", "--check", str(published)]) == 0
    assert "Halverat!" in capsys.readouterr().out


def test_a_chart_without_a_target_is_checked_by_its_claims(
    published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed(published, lambda record: record["targets"].clear())
    assert main(["text", "--check", str(published)]) == 0
    assert "only the file's own claims" in capsys.readouterr().out


@pytest.mark.parametrize(("content", "code"), [("{", 6), ("[]", 6), ("{}", 6), (None, 2)])
def test_what_is_no_provenance(
    folder: Path, content: str | None, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        (folder / "x.json").write_text(content)
    assert main(["text", "--check", "x.json"]) == code
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_every_status_has_its_own_symbol() -> None:
    assert set(SYMBOLS) == {status_of(rule) for rule in range(1, 12)}
    assert len({*SYMBOLS.values(), NOT_FOLLOWED}) == 12
