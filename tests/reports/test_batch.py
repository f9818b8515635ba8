from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sample_reports import own_counts

import integstats as ig
from integstats.errors import OutputError, SmallBaseWarning, SnapshotMissingError, UsageError
from integstats.reports import batch
from integstats.reports.batch import Made, Order, Style, publish_all
from integstats.reports.organisation import Organisation

A, B = "Exempelkommun A", "Exempelkommun B"


@cache
def counts() -> pd.DataFrame:
    return pd.concat([own_counts(A), own_counts(B)], ignore_index=True)


def target(**given: Any) -> ig.Target:
    usual = {
        "dataset": "synthetic-bas",
        "places": [A],
        "sex": "women",
        "birth_region": "foreign_born",
        "age": "20-64",
        "baseline": "2024-06",
        "deadline": "2026-06",
    }
    return ig.Target.halve("unemployment_rate", **{**usual, **given})


def style(folder: Path, **given: Any) -> Style:
    return Style(**{"folder": folder, "formats": ("json",), "allow_synthetic": True, **given})


def written(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_reports_come_in_the_order_asked_for(tmp_path: Path) -> None:
    found = list(publish_all([Order(B, counts()), Order(A, counts())], style(tmp_path)))
    assert [one.place for one in found] == [B, A]
    assert [one.folder.name for one in found] == ["exempelkommun-b", "exempelkommun-a"]
    assert found[0].files == (tmp_path / "exempelkommun-b" / "rapport_exempelkommun-b.json",)
    assert B in found[0].lines[0]
    assert found[0].targets[0]["place"] == B
    assert not found[0].reused


def test_orders_are_read_one_by_one(tmp_path: Path) -> None:
    """Their tables lie in memory."""
    read = []

    def orders() -> Iterator[Order]:
        for place in (A, B):
            read.append(place)
            yield Order(place, counts())

    running = publish_all(orders(), style(tmp_path))
    next(running)
    assert read == [A]


def test_a_name_is_as_good_as_a_code(tmp_path: Path) -> None:
    bas = ig.load("scb-bas-month", places=["Skåne län", "riket"], start="2025-06")
    [made] = publish_all([Order("Region Skåne", bas)], style(tmp_path))
    assert (made.place, made.folder.name) == ("12", "skane-lan")
    [again] = publish_all([Order("12", bas)], style(tmp_path, resume=True))
    assert again.reused


def test_two_processes_write_the_bytes_of_one(tmp_path: Path) -> None:
    a, b = (Order(one, own_counts(one, periods=14)) for one in (A, B))
    orders = [a, Order("Exempelkommun C", a.table), b]
    formats = ("svg", "csv", "json")
    found = {
        workers: list(
            publish_all(orders, style(tmp_path / str(workers), formats=formats), workers=workers)
        )
        for workers in (1, 2)
    }
    one, two = (
        {
            name: json.loads(content) | {"created_at": ""} if name.endswith(".json") else content
            for name, content in written(tmp_path / workers).items()
        }
        for workers in ("1", "2")
    )
    assert one == two
    assert len(one) == 14
    for workers in (1, 2):
        [first, failed, last] = found[workers]
        assert (first.place, first.error, last.place, last.error) == (A, None, B, None)
        assert "'Exempelkommun C'" in str(failed.error)
        assert failed.files == ()


def test_one_that_fails_does_not_stop_the_others(tmp_path: Path) -> None:
    bas = ig.load("scb-bas-month", places=["Malmö"], start="2025-06")
    orders = [Order("Lomma", bas), Order("1280", bas), Order("Moldal", bas)]
    missing, made, unknown = publish_all(orders, style(tmp_path))
    assert isinstance(missing.error, SnapshotMissingError)
    assert "Lomma" in str(missing.error)
    assert (made.error, made.folder.is_dir()) == (None, True)
    assert "Mölndal" in str(unknown.error)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["malmo"]


def test_doubts_come_back(tmp_path: Path) -> None:
    few = own_counts(A)
    names = ["employed", "unemployed", "students", "retired", "sick", "other"]
    born = (few["birth_region"] == "foreign_born").to_numpy()
    for name in names:
        few[name] = few[name].where(~born, (few[name] / 100).round())
    few["labour_force"] = few["employed"] + few["unemployed"]
    few["population"] = few[names].sum(axis=1)
    with pytest.warns(SmallBaseWarning):
        [made] = publish_all([Order(A, few)], style(tmp_path))
    assert made.error is None


def test_an_unknown_format_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    def orders() -> Iterator[Order]:
        pytest.fail("an order was read")
        yield Order(A, counts())

    with pytest.raises(UsageError, match=r"'htm'\. Did you mean 'html'"):
        list(publish_all(orders(), style(tmp_path, formats=("htm",))))


def test_what_every_report_would_meet_stops_the_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    running = publish_all([Order(A, counts()), Order(B, counts())], style(tmp_path / "file"))
    with pytest.raises(OutputError, match="file"):
        next(running)
    invented = publish_all([Order(A, counts())], style(tmp_path, allow_synthetic=False))
    with pytest.raises(UsageError, match="allow_synthetic"):
        next(invented)


def test_a_process_that_was_ended_is_one_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ended:
        def __init__(self, *args: object, **named: object) -> None: ...

        def __enter__(self) -> Ended:
            return self

        def __exit__(self, *raised: object) -> None: ...

        def submit(self, *args: object) -> Any:
            raise batch.BrokenProcessPool("terminated abruptly")

    monkeypatch.setattr(batch, "ProcessPoolExecutor", Ended)
    with pytest.raises(OutputError, match="--resume"):
        list(publish_all([Order(A, counts())], style(tmp_path), workers=2))


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """A report that is there: the pages and the provenance of a place."""
    [found] = publish_all([Order(A, counts())], style(tmp_path, formats=("csv", "txt", "json")))
    return found


def resumed(made: Made, *, order: Order | None = None, **given: Any) -> Made:
    chosen = style(made.folder.parent, **{"formats": ("csv", "json"), "resume": True, **given})
    [found] = publish_all([order or Order(A, counts())], chosen)
    return found


def test_what_is_there_already_is_left_out(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch.contents, "report", lambda *_, **__: pytest.fail("made again"))
    for formats in (("csv", "json"), ("txt", "csv", "json")):
        found = resumed(made, formats=formats)
        assert found.reused
        assert (found.place, found.folder, found.charts) == (A, made.folder, made.charts)
        assert found.files == made.files
    assert all(path.exists() for path in made.files)


def other_version(record: dict[str, Any]) -> None:
    record["package_version"] = "0.0.9"


def other_schema(record: dict[str, Any]) -> None:
    record["schema_version"] = 1


def changed(edit: Callable[[dict[str, Any]], None]) -> Callable[[Made], None]:
    def change(made: Made) -> None:
        path = next(one for one in made.files if one.suffix == ".json")
        record = json.loads(path.read_bytes())
        edit(record)
        path.write_text(json.dumps(record), encoding="utf-8")

    return change


def without_a_file(made: Made) -> None:
    next(one for one in made.files if one.suffix == ".csv").unlink()


def no_record(made: Made) -> None:
    next(one for one in made.files if one.suffix == ".json").write_text("[]", encoding="utf-8")


@pytest.mark.parametrize(
    "change",
    [changed(other_version), changed(other_schema), without_a_file, no_record],
    ids=["version", "schema", "a missing file", "no record"],
)
def test_what_is_not_whole_or_of_another_version_is_made(
    change: Callable[[Made], None], made: Made
) -> None:
    change(made)
    found = resumed(made, formats=("csv", "txt", "json"))
    assert not found.reused
    assert resumed(made).reused


NEWER = "2026-08-01.00000000"


@pytest.mark.parametrize(
    ("order", "given"),
    [
        (None, {"lang": "en"}),
        (None, {"organisation": Organisation("Exempelkommun A stad")}),
        (None, {"formats": ("csv", "html", "json")}),
        (Order(A, counts().assign(vintage=NEWER)), {}),
        (Order(A, counts(), targets=(target(deadline="2026-12"),)), {}),
        (
            Order(
                A,
                pd.concat([counts(), own_counts("Exempelkommun C")], ignore_index=True),
                peers=(B, "Exempelkommun C"),
            ),
            {},
        ),
    ],
    ids=["language", "organisation", "format", "vintage", "target", "peers"],
)
def test_what_would_be_another_report_is_made(
    order: Order | None, given: dict[str, Any], made: Made
) -> None:
    assert resumed(made, order=order, **given).reused is False
    assert resumed(made, order=order, **given).reused is True


def test_a_report_of_a_decided_target_is_made_anew_without_it(made: Made) -> None:
    decided = target(decided_by="kommunstyrelsen", decided_on="2024-06-19", deadline="2027-06")
    order = Order(A, counts(), targets=(decided,))
    assert not resumed(made, order=order).reused
    assert resumed(made, order=order).reused
    assert not resumed(made).reused
