"""What a stored snapshot says of itself, and what it says when it is damaged."""

from __future__ import annotations

import hashlib
import json
import tempfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from integstats.errors import ChecksumError, SchemaError
from integstats.store import Snapshot, read, roots, snapshots, vintage_id, writing

DATASET = "synthetic-bas-month"
# The example of FIPS 180-4, the standard of SHA-256.
ABC_SHA256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.fixture
def stored(tmp_path: Path, facts: dict[str, Any], answer: dict[str, Any]) -> Snapshot:
    with writing(DATASET, **facts, sidecar={"label": "Påhitt"}, data_dir=tmp_path) as writer:
        writer.add(b"abc", **answer)
    (snapshot,) = snapshots(DATASET, data_dir=tmp_path)
    return snapshot


def _edit(snapshot: Snapshot, change: dict[str, Any], *, part: bool = False) -> Path:
    path = snapshot.folder / "manifest.json"
    record = json.loads(path.read_bytes())
    target = record["parts"][0] if part else record
    for name, value in change.items():
        if value is ...:
            del target[name]
        else:
            target[name] = value
    path.write_text(json.dumps(record))
    return path


def test_a_known_answer(tmp_path: Path, stored: Snapshot, answer: dict[str, Any]) -> None:
    (part,) = stored.parts
    assert part.sha256 == ABC_SHA256
    assert part.path.name == "part-ba7816bf.json"
    assert (part.size, part.url, part.obtained) == (3, answer["url"], "fetched")
    assert part.query == answer["query"]
    assert part.fetched_at == answer["fetched_at"]
    assert read(part) == b"abc"
    assert stored.folder == tmp_path / "raw" / "synthetic-office" / DATASET / stored.vintage
    assert stored.sidecar == {"label": "Påhitt"}
    assert not stored.embedded


def test_the_manifest_is_readable_and_complete(stored: Snapshot) -> None:
    text = (stored.folder / "manifest.json").read_text(encoding="utf-8")
    assert text.endswith("}\n")
    assert '  "dataset": "synthetic-bas-month",\n' in text
    assert "Påhitt" in text
    record = json.loads(text)
    assert list(record) == sorted(record)
    assert record == {
        "schema_version": 1,
        "publisher": "synthetic-office",
        "dataset": DATASET,
        "table_id": "SYN6260",
        "vintage": stored.vintage,
        "updated": "2026-07-15T06:00:00Z",
        "licence": "CC0",
        "sidecar": {"label": "Påhitt"},
        "parts": [
            {
                "file": "part-ba7816bf.json",
                "sha256": ABC_SHA256,
                "size": 3,
                "query": {"place": ["9901"], "period": ["2026M05"]},
                "url": "https://example.org/tables/SYN6260/data",
                "obtained": "fetched",
                "fetched_at": "2026-07-20T04:05:06Z",
            }
        ],
    }


@pytest.mark.parametrize(
    ("updated", "date"),
    [
        ("2026-07-15T06:00:00Z", "2026-07-15"),  # PxWebAPI 2
        ("2017-09-08T06:00:00.714Z", "2017-09-08"),  # Statistics Norway
        ("2024-05-15T23:00:00+0200", "2024-05-15"),  # Eurostat
        ("20260216 08:00", "2026-02-16"),  # a PX file
        ("2012-11-27", "2012-11-27"),
    ],
)
def test_vintage_of_every_publishers_way_to_write_a_time(updated: str, date: str) -> None:
    vintage = vintage_id("d", table_id="T", updated=updated)
    digits = hashlib.sha256(f"d\nT\n{updated}".encode()).hexdigest()[:8]
    assert vintage == f"{date}.{digits}"


@pytest.mark.parametrize("updated", ["", "yesterday", "2026-02-30", "juli 2026"])
def test_a_vintage_needs_a_date(updated: str) -> None:
    with pytest.raises(SchemaError, match="expected an ISO date"):
        vintage_id("d", table_id="T", updated=updated)


def test_a_vintage_tells_updates_and_tables_apart() -> None:
    ids = {
        vintage_id(dataset, table_id=table, updated=f"2026-07-15T{hour}:00:00Z")
        for dataset in ("a", "b")
        for table in ("T1", "T2")
        for hour in ("06", "07")
    }
    assert len(ids) == 8


@settings(max_examples=15, deadline=None)
@example(hours=[0, 1], offset=-5)
@given(
    hours=st.lists(st.integers(-5000, 5000), min_size=2, max_size=5, unique=True),
    offset=st.integers(-12, 12),
)
def test_the_newest_is_first_whatever_the_time_zone(hours: list[int], offset: int) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    zones = [UTC, timezone(timedelta(hours=offset))]
    with tempfile.TemporaryDirectory() as folder:
        for number, hour in enumerate(hours):
            moment = (start + timedelta(hours=hour)).astimezone(zones[number % 2])
            with writing(
                DATASET,
                publisher="p",
                table_id="T",
                updated=moment.isoformat(),
                licence="CC0",
                data_dir=folder,
            ) as writer:
                writer.add(str(hour).encode(), query={}, url="", obtained="saved by hand")
        found = snapshots(DATASET, data_dir=folder)
        assert [int(read(one.parts[0])) for one in found] == sorted(hours, reverse=True)


def test_the_same_vintage_embedded_and_fetched(
    tmp_path: Path, facts: dict[str, Any], answer: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site-packages" / "integstats"
    monkeypatch.setattr(roots, "_PACKAGE", package)
    with writing(DATASET, **facts, data_dir=tmp_path / "made") as writer:
        writer.add(b"abc", **answer)
    package.mkdir(parents=True)
    (tmp_path / "made" / "raw").rename(package / "_snapshot")
    newer = facts | {"updated": "2026-08-15T06:00:00Z"}
    for kind, content in ((facts, b"more"), (newer, b"newer")):
        with writing(DATASET, **kind, data_dir=tmp_path / "own") as writer:
            writer.add(content, **answer)
    found = snapshots(DATASET, data_dir=tmp_path / "own")
    assert [one.embedded for one in found] == [False, False, True]
    assert found[1].vintage == found[2].vintage < found[0].vintage
    assert [read(one.parts[0]) for one in found] == [b"newer", b"more", b"abc"]


def test_nothing_stored(tmp_path: Path, stored: Snapshot) -> None:
    assert snapshots("synthetic-other", data_dir=tmp_path) == []
    assert snapshots(DATASET, data_dir=tmp_path / "nowhere") == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"abd", "3 bytes, sha256 a52d159f…, expected 3 bytes, ba7816bf…"),
        (b"ab", "2 bytes"),
        (b"", "0 bytes"),
        (b"abcabc", "6 bytes"),
        (None, "No such file"),
    ],
)
def test_a_damaged_part(stored: Snapshot, content: bytes | None, said: str) -> None:
    (part,) = stored.parts
    assert read(part) == b"abc"
    if content is None:
        part.path.unlink()
    else:
        part.path.write_bytes(content)
    with pytest.raises(ChecksumError) as caught:
        read(part)
    message = str(caught.value)
    assert message.startswith(f"The stored file {part.path} ")
    assert said in message
    assert "Delete it and run: integstats fetch synthetic-bas-month" in message
    assert "\n" not in message


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_any_flipped_bit_is_found(data: st.DataObject) -> None:
    content = data.draw(st.binary(min_size=1, max_size=200))
    bit = data.draw(st.integers(0, len(content) * 8 - 1))
    with tempfile.TemporaryDirectory() as folder:
        with writing(
            DATASET,
            publisher="p",
            table_id="T",
            updated="2026-07-15",
            licence="CC0",
            data_dir=folder,
        ) as writer:
            part = writer.add(content, query={}, url="", obtained="saved by hand")
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        part.path.write_bytes(flipped)
        with pytest.raises(ChecksumError):
            read(part)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"schema_version": 2}, "has schema_version 2, this integstats reads 1"),
        ({"schema_version": True}, "has schema_version True, expected int"),
        ({"licence": ...}, "lacks the field licence"),
        ({"updated": 20260715}, "has updated 20260715, expected str"),
        ({"updated": "yesterday"}, "has updated 'yesterday', expected an ISO date"),
        ({"updated": "2026-07-16"}, "has vintage '2026-07-15."),
        ({"vintage": "2026-07-15.00000000"}, "has vintage '2026-07-15.00000000', expected"),
        ({"dataset": "synthetic-x"}, "has dataset 'synthetic-x', expected 'synthetic-bas-month'"),
        ({"publisher": "x"}, "has publisher 'x', expected 'synthetic-office'"),
        ({"sidecar": []}, "has sidecar [], expected dict"),
        ({"parts": {}}, "has parts {}, expected list"),
        ({"parts": [1]}, "has parts[0] 1, expected a mapping"),
    ],
)
def test_a_foreign_manifest(
    tmp_path: Path, stored: Snapshot, change: dict[str, Any], said: str
) -> None:
    path = _edit(stored, change)
    with pytest.raises(SchemaError) as caught:
        snapshots(DATASET, data_dir=tmp_path)
    message = str(caught.value)
    assert message.startswith(f"The manifest {path} ")
    assert said in message
    assert message.endswith(
        f"Move the folder {stored.folder} away and run: integstats fetch synthetic-bas-month"
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"file": "../../secret.json"}, "parts[0].file"),
        ({"file": "part-00000000.json"}, "parts[0].file"),
        ({"sha256": "BA7816BF"}, "parts[0].sha256"),
        ({"size": "3"}, "parts[0].size"),
        ({"size": ...}, "parts[0].size"),
        ({"query": None}, "parts[0].query"),
        ({"url": None}, "parts[0].url"),
        ({"obtained": "found"}, "parts[0].obtained"),
        ({"obtained": "carried over from "}, "parts[0].obtained"),
        ({"fetched_at": "noon"}, "parts[0].fetched_at"),
        ({"fetched_at": None}, "parts[0].fetched_at"),
        ({"fetched_at": ...}, "parts[0].fetched_at"),
    ],
)
def test_a_foreign_part(
    tmp_path: Path, stored: Snapshot, change: dict[str, Any], field: str
) -> None:
    _edit(stored, change, part=True)
    with pytest.raises(SchemaError) as caught:
        snapshots(DATASET, data_dir=tmp_path)
    assert field in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[]", b"null"])
def test_a_corrupted_manifest(tmp_path: Path, stored: Snapshot, content: bytes) -> None:
    path = stored.folder / "manifest.json"
    path.write_bytes(content)
    with pytest.raises(SchemaError) as caught:
        snapshots(DATASET, data_dir=tmp_path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_manifest_that_cannot_be_opened(tmp_path: Path, stored: Snapshot) -> None:
    path = stored.folder / "manifest.json"
    path.unlink()
    path.mkdir()
    with pytest.raises(SchemaError, match="cannot be read"):
        snapshots(DATASET, data_dir=tmp_path)


@settings(max_examples=40, deadline=None)
@given(cut=st.integers(0, 5000))
def test_no_cut_of_a_manifest_passes(cut: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        with writing(
            DATASET,
            publisher="p",
            table_id="T",
            updated="2026-07-15",
            licence="CC0",
            data_dir=folder,
        ) as writer:
            writer.add(b"abc", query={}, url="", obtained="saved by hand")
        path = writer.snapshot.folder / "manifest.json"
        content = path.read_bytes()
        path.write_bytes(content[: cut % (len(content) - 2)])
        with pytest.raises(SchemaError):
            snapshots(DATASET, data_dir=folder)


def test_moved_to_another_dataset(tmp_path: Path, stored: Snapshot) -> None:
    other = stored.folder.parent.with_name("synthetic-other")
    stored.folder.parent.rename(other)
    with pytest.raises(SchemaError, match="has dataset 'synthetic-bas-month', expected"):
        snapshots("synthetic-other", data_dir=tmp_path)


def test_a_real_answer_comes_back_byte_for_byte(
    tmp_path: Path, shared: Path, answer: dict[str, Any]
) -> None:
    content = (shared / "data/scb/TAB6260_25_places_2020M01-2026M06.json").read_bytes()
    facts = {"publisher": "scb", "table_id": "TAB6260", "licence": "CC0"}
    with writing("scb-bas-month", updated="2026-07-15", **facts, data_dir=tmp_path) as writer:
        part = writer.add(content, **answer)
    assert read(part) == content
    assert part.path.read_bytes() == content
    assert part.path.name == f"part-{hashlib.sha256(content).hexdigest()[:8]}.json"
