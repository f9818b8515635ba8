"""Adding parts: what is kept, what is shown, and what an interrupted fetch leaves."""

from __future__ import annotations

import errno
import json
import logging
import os
import stat
import tempfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integstats.errors import OutputError, SchemaError, UsageError
from integstats.store import Part, SnapshotWriter, read, snapshots, writing

DATASET = "synthetic-bas-month"
# Two answers whose sha256 begin with the same eight digits (found by search).
TWINS = (b"answer 22035", b"answer 54246")


def _fetch(
    folder: Path,
    facts: dict[str, Any],
    answer: dict[str, Any],
    *contents: bytes,
    failure: type[BaseException] | None = None,
) -> list[Part]:
    """Store the contents, one part each, and then fail if so told."""
    with writing(DATASET, **facts, data_dir=folder) as writer:
        parts = [writer.add(content, **answer) for content in contents]
        if failure is not None:
            raise failure
    return parts


def _tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".lock"
    }


def test_nothing_is_shown_before_the_end(
    tmp_path: Path, facts: dict[str, Any], answer: dict[str, Any]
) -> None:
    with writing(DATASET, **facts, data_dir=tmp_path) as writer:
        part = writer.add(b"one", **answer)
        assert part.path.read_bytes() == b"one"
        assert snapshots(DATASET, data_dir=tmp_path) == []
    (snapshot,) = snapshots(DATASET, data_dir=tmp_path)
    assert snapshot == writer.snapshot
    assert snapshot.parts == (part,)
    assert sorted(path.name for path in snapshot.folder.iterdir()) == [
        "manifest.json",
        part.path.name,
    ]


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt])
def test_an_unfinished_fetch_is_taken_up_again(
    tmp_path: Path,
    facts: dict[str, Any],
    answer: dict[str, Any],
    failure: type[BaseException],
) -> None:
    with pytest.raises(failure):
        _fetch(tmp_path, facts, answer, b"one", b"two", failure=failure)
    assert snapshots(DATASET, data_dir=tmp_path) == []
    with writing(DATASET, **facts, data_dir=tmp_path) as writer:
        assert {read(part) for part in writer.snapshot.parts} == {b"one", b"two"}
        assert all(part.query == answer["query"] for part in writer.snapshot.parts)
        writer.add(b"three", **answer)
    (snapshot,) = snapshots(DATASET, data_dir=tmp_path)
    assert {read(part) for part in snapshot.parts} == {b"one", b"two", b"three"}
    assert not (snapshot.folder / "pending.json").exists()


def test_a_failed_addition_leaves_the_snapshot_as_it_was(
    tmp_path: Path, facts: dict[str, Any], answer: dict[str, Any]
) -> None:
    with writing(DATASET, **facts, data_dir=tmp_path) as writer:
        writer.add(b"one", **answer)
    before = snapshots(DATASET, data_dir=tmp_path)
    with pytest.raises(RuntimeError):
        _fetch(tmp_path, facts, answer, b"two", failure=RuntimeError)
    assert snapshots(DATASET, data_dir=tmp_path) == before
    with writing(DATASET, **facts, data_dir=tmp_path) as writer:
        assert len(writer.snapshot.parts) == 2


def test_the_same_bytes_are_stored_once(
    tmp_path: Path, facts: dict[str, Any], answer: dict[str, Any]
) -> None:
    with writing(DATASET, **facts, data_dir=tmp_path) as writer:
        first = writer.add(b"one", **answer)
        assert writer.add(b"one", **answer | {"url": "https://example.org/again"}) == first
    before = _tree(tmp_path)
    with writing(DATASET, **facts, data_dir=tmp_path) as writer:
        assert writer.add(b"one", **answer) == first
    assert _tree(tmp_path) == before


def test_nothing_new_writes_nothing(
    tmp_path: Path, facts: dict[str, Any], answer: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(DATASET, **facts, data_dir=tmp_path):
        pass
    assert _tree(tmp_path) == {}
    with writing(DATASET, **facts, data_dir=tmp_path) as writer:
        writer.add(b"one", **answer)
    monkeypatch.setattr(os, "replace", None)
    with writing(DATASET, **facts, data_dir=tmp_path):
        pass


def test_a_new_update_is_a_new_folder(
    tmp_path: Path, facts: dict[str, Any], answer: dict[str, Any]
) -> None:
    for updated in ("2026-07-15T06:00:00Z", "2026-07-15T06:00:01Z"):
        with writing(DATASET, **facts | {"updated": updated}, data_dir=tmp_path) as writer:
            assert writer.snapshot.parts == ()
            writer.add(b"one", **answer)
    newest, oldest = snapshots(DATASET, data_dir=tmp_path)
    assert newest.updated > oldest.updated
    assert newest.folder != oldest.folder
    assert newest.vintage[:10] == oldest.vintage[:10] == "2026-07-15"


def test_other_kinds_of_parts(
    tmp_path: Path, facts: dict[str, Any], answer: dict[str, Any]
) -> None:
    with writing(DATASET, **facts, data_dir=tmp_path) as writer:
        book = writer.add(b"book", query={}, url="u", obtained="saved by hand", suffix=".xlsx")
        old = writer.add(
            b"old", query={}, url="u", obtained="carried over from an older project", suffix=".px"
        )
    (snapshot,) = snapshots(DATASET, data_dir=tmp_path)
    assert {part.path.suffix for part in snapshot.parts} == {".xlsx", ".px"}
    assert {part.path: part for part in snapshot.parts} == {book.path: book, old.path: old}
    assert book.fetched_at is old.fetched_at is None


def test_two_answers_with_the_same_first_digits(
    tmp_path: Path, facts: dict[str, Any], answer: dict[str, Any]
) -> None:
    with writing(DATASET, **facts, data_dir=tmp_path) as writer:
        parts = [writer.add(content, **answer) for content in TWINS]
    assert parts[0].sha256[:8] == parts[1].sha256[:8]
    (snapshot,) = snapshots(DATASET, data_dir=tmp_path)
    assert {read(part) for part in snapshot.parts} == set(TWINS)


def test_the_time_is_kept_in_utc_to_the_second(
    tmp_path: Path, facts: dict[str, Any], answer: dict[str, Any]
) -> None:
    local = datetime(2026, 7, 20, 6, 5, 6, 789, tzinfo=timezone(timedelta(hours=2)))
    with writing(DATASET, **facts, data_dir=tmp_path) as writer:
        part = writer.add(b"one", **answer | {"fetched_at": local})
    assert part.fetched_at == datetime(2026, 7, 20, 4, 5, 6, tzinfo=UTC)
    assert snapshots(DATASET, data_dir=tmp_path)[0].parts == (part,)


def test_the_sidecar_grows(tmp_path: Path, facts: dict[str, Any], answer: dict[str, Any]) -> None:
    for number, sidecar in enumerate(({"a": 1, "b": 1}, None, {"b": 2})):
        with writing(DATASET, **facts, sidecar=sidecar, data_dir=tmp_path) as writer:
            writer.add(str(number).encode(), **answer)
    assert snapshots(DATASET, data_dir=tmp_path)[0].sidecar == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"obtained": "found"}, "Unknown obtained: 'found'. Allowed are"),
        ({"fetched_at": None}, "needs fetched_at"),
        ({"fetched_at": datetime(2026, 7, 20)}, "needs a time zone"),
        ({"suffix": "json"}, "Write it like '.json'"),
        ({"suffix": ".json/../x"}, "Write it like '.json'"),
    ],
)
def test_a_wrong_addition(
    tmp_path: Path, facts: dict[str, Any], answer: dict[str, Any], change: dict[str, Any], said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        _fetch(tmp_path, facts, answer | change, b"one")
    assert _tree(tmp_path) == {}


def test_a_query_that_is_not_json_stores_nothing(
    tmp_path: Path, facts: dict[str, Any], answer: dict[str, Any]
) -> None:
    with pytest.raises(TypeError):
        _fetch(tmp_path, facts, answer | {"query": {"place": {"a set"}}}, b"one")
    assert _tree(tmp_path) == {}


@pytest.mark.parametrize("name", ["../x", "", "a/b", ".x", "Ä"])
def test_a_name_that_is_no_folder(tmp_path: Path, facts: dict[str, Any], name: str) -> None:
    for dataset, publisher in ((name, "p"), (DATASET, name)):
        opening = writing(dataset, **facts | {"publisher": publisher}, data_dir=tmp_path)
        with pytest.raises(UsageError, match="Not a name for a folder"), opening:
            pass
    assert _tree(tmp_path) == {}


def test_an_update_without_a_date(tmp_path: Path, facts: dict[str, Any]) -> None:
    opening = writing(DATASET, **facts | {"updated": "now"}, data_dir=tmp_path)
    with pytest.raises(SchemaError, match="expected an ISO date"), opening:
        pass


@pytest.mark.parametrize("damage", [b"onf", b"", None])
def test_a_damaged_part_is_fetched_again(
    tmp_path: Path,
    facts: dict[str, Any],
    answer: dict[str, Any],
    damage: bytes | None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with writing(DATASET, **facts, data_dir=tmp_path) as writer:
        good = writer.add(b"two", **answer)
        broken = writer.add(b"one", **answer)
    whole = _tree(tmp_path)
    if damage is None:
        broken.path.unlink()
    else:
        broken.path.write_bytes(damage)
    caplog.set_level(logging.WARNING, "integstats")
    with writing(DATASET, **facts, data_dir=tmp_path) as writer:
        assert writer.snapshot.parts == (good,)
        assert writer.add(b"one", **answer) == broken
    assert broken.path.name in caplog.text
    assert _tree(tmp_path) == whole


def test_a_damaged_part_nobody_asked_for_leaves_the_manifest(
    tmp_path: Path, facts: dict[str, Any], answer: dict[str, Any]
) -> None:
    with writing(DATASET, **facts, data_dir=tmp_path) as writer:
        good = writer.add(b"two", **answer)
        writer.add(b"one", **answer).path.write_bytes(b"onf")
    with writing(DATASET, **facts, data_dir=tmp_path):
        pass
    assert snapshots(DATASET, data_dir=tmp_path)[0].parts == (good,)


def test_a_damaged_pending_part_is_left_out(
    tmp_path: Path, facts: dict[str, Any], answer: dict[str, Any]
) -> None:
    with pytest.raises(RuntimeError):
        _fetch(tmp_path, facts, answer, b"one", failure=RuntimeError)
    (path,) = tmp_path.rglob("part-*")
    path.write_bytes(b"on")
    with writing(DATASET, **facts, data_dir=tmp_path) as writer:
        assert writer.snapshot.parts == ()
    assert snapshots(DATASET, data_dir=tmp_path) == []


def test_an_orphan_part_is_ignored_and_taken_up(
    tmp_path: Path, facts: dict[str, Any], answer: dict[str, Any]
) -> None:
    with writing(DATASET, **facts, data_dir=tmp_path) as writer:
        one = writer.add(b"one", **answer)
        two = writer.add(b"two", **answer)
    manifest = one.path.with_name("manifest.json")
    record = json.loads(manifest.read_bytes())
    record["parts"] = [part for part in record["parts"] if part["file"] == one.path.name]
    manifest.write_text(json.dumps(record))
    assert snapshots(DATASET, data_dir=tmp_path)[0].parts == (one,)
    with writing(DATASET, **facts, data_dir=tmp_path) as writer:
        writer.add(b"two", **answer)
    assert {part.path for part in snapshots(DATASET, data_dir=tmp_path)[0].parts} == {
        one.path,
        two.path,
    }


@pytest.mark.parametrize("call", ["os.fsync", "os.replace"])
@pytest.mark.parametrize("moment", range(3))
def test_a_fault_at_any_write_keeps_what_was_there(
    tmp_path: Path,
    facts: dict[str, Any],
    answer: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    call: str,
    moment: int,
) -> None:
    """The third fault is that of the manifest: part and pending.json are written by then."""
    with writing(DATASET, **facts, data_dir=tmp_path) as writer:
        writer.add(b"one", **answer)
    before = snapshots(DATASET, data_dir=tmp_path)
    real = getattr(os, call.removeprefix("os."))
    written = 0

    def fail(*args: Any) -> None:
        nonlocal written
        if call == "os.fsync" and stat.S_ISDIR(os.fstat(args[0]).st_mode):
            return
        if written == moment:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written += 1
        real(*args)

    with monkeypatch.context() as patch:
        patch.setattr(call, fail)
        with pytest.raises(OutputError, match="No space left"):
            _fetch(tmp_path, facts, answer, b"two")
    assert snapshots(DATASET, data_dir=tmp_path) == before
    assert not list(tmp_path.rglob("*.tmp"))
    with writing(DATASET, **facts, data_dir=tmp_path) as writer:
        assert len(writer.snapshot.parts) == (1 if moment < 2 else 2)
        writer.add(b"two", **answer)
    assert len(snapshots(DATASET, data_dir=tmp_path)[0].parts) == 2


def test_an_unwritable_folder_is_found_before_anything_is_fetched(
    tmp_path: Path, facts: dict[str, Any]
) -> None:
    (tmp_path / "raw").write_bytes(b"in the way")
    opening = writing(DATASET, **facts, data_dir=tmp_path)
    with pytest.raises(OutputError, match=r"^Cannot write "), opening:
        pytest.fail("the block was entered")


def test_a_pending_file_that_cannot_be_removed(
    tmp_path: Path, facts: dict[str, Any], answer: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, missing_ok: bool = False) -> None:
        if path.name == "pending.json":
            raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        with pytest.raises(OutputError, match=r"pending\.json"):
            _fetch(tmp_path, facts, answer, b"one")
    assert len(snapshots(DATASET, data_dir=tmp_path)) == 1


def test_one_writer_per_dataset(tmp_path: Path, facts: dict[str, Any]) -> None:
    with writing(DATASET, **facts, data_dir=tmp_path):
        with writing("synthetic-other", **facts, data_dir=tmp_path, timeout=0):
            pass
        again = writing(DATASET, **facts, data_dir=tmp_path, timeout=0)
        said = "Another process is writing synthetic-bas-month"
        with pytest.raises(OutputError, match=said), again:
            pass


@settings(max_examples=30, deadline=None)
@given(
    contents=st.lists(st.binary(max_size=20), min_size=1, max_size=6, unique=True),
    data=st.data(),
)
def test_any_order_and_any_interruption_gives_the_same_folder(
    contents: list[bytes], data: st.DataObject
) -> None:
    """Also when the parts come in several fetches, of which some fail."""
    facts = {"publisher": "p", "table_id": "T", "updated": "2026-07-15", "licence": "CC0"}
    order = data.draw(st.permutations(contents))
    fails = data.draw(st.lists(st.booleans(), min_size=len(order), max_size=len(order)))
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        with writing(DATASET, **facts, data_dir=one) as writer:
            for content in contents:
                _add(writer, content)
        for content, fail in zip(order, fails, strict=True):
            try:
                with writing(DATASET, **facts, data_dir=other) as writer:
                    _add(writer, content)
                    if fail:
                        raise RuntimeError
            except RuntimeError:
                pass
        with writing(DATASET, **facts, data_dir=other):
            pass
        assert _tree(Path(one)) == _tree(Path(other))
        (snapshot,) = snapshots(DATASET, data_dir=other)
        assert {read(part) for part in snapshot.parts} == set(contents)


def _add(writer: SnapshotWriter, content: bytes) -> None:
    writer.add(content, query={"bytes": content.hex()}, url="u", obtained="saved by hand")
