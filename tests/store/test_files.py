"""Whole files or none, and one holder of a lock."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import filelock
import pytest

from integstats.errors import OutputError
from integstats.store.files import atomic_write, locked

OLD, NEW = b"old content", b"new content, longer than the old one"


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _failing(number: int) -> Callable[..., Any]:
    def fail(*args: Any, **kwargs: Any) -> Any:
        raise OSError(number, os.strerror(number))

    return fail


def test_replaces_the_whole_file_and_makes_folders(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "gaps.csv"
    atomic_write(path, OLD)
    atomic_write(path, NEW[:3])
    assert path.read_bytes() == NEW[:3]
    assert _names(path.parent) == ["gaps.csv"]


def test_permissions_follow_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        atomic_write(tmp_path / "x", b"")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("call", "number", "said"),
    [
        ("os.fsync", errno.EIO, "Input/output error"),
        ("os.fsync", errno.ENOSPC, "No space left on device"),
        ("os.replace", errno.EACCES, "Permission denied"),
        ("builtins.open", errno.EROFS, "Read-only file system"),
        ("pathlib.Path.mkdir", errno.EACCES, "Permission denied"),
    ],
)
@pytest.mark.parametrize("existing", [True, False])
def test_a_fault_leaves_the_old_file_and_no_other(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    call: str,
    number: int,
    said: str,
    existing: bool,
) -> None:
    path = tmp_path / "gaps.csv"
    if existing:
        path.write_bytes(OLD)
    with monkeypatch.context() as patch:
        patch.setattr(call, _failing(number))
        with pytest.raises(OutputError) as caught:
            atomic_write(path, NEW)
    message = str(caught.value)
    assert message.startswith(f"Cannot write {path}: {said}. ")
    assert "\n" not in message
    assert _names(tmp_path) == (["gaps.csv"] if existing else [])
    assert not existing or path.read_bytes() == OLD


def test_a_write_that_stops_in_the_middle(tmp_path: Path) -> None:
    """The kernel itself refuses the second half: a file may not grow beyond the limit."""
    resource = pytest.importorskip("resource")
    path = tmp_path / "gaps.csv"
    path.write_bytes(OLD)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(OutputError, match="File too large"):
            atomic_write(path, bytes(200_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert _names(tmp_path) == ["gaps.csv"]
    assert path.read_bytes() == OLD


def test_an_interruption_is_passed_on_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        atomic_write(tmp_path / "gaps.csv", NEW)
    assert _names(tmp_path) == []


def test_a_folder_that_cannot_be_synced_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = os.fsync

    def refuse_folders(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", refuse_folders)
    atomic_write(tmp_path / "x", NEW)
    assert (tmp_path / "x").read_bytes() == NEW


@pytest.mark.parametrize("obstacle", ["file for a folder", "folder for a file"])
def test_an_obstacle_in_the_way(tmp_path: Path, obstacle: str) -> None:
    if obstacle == "file for a folder":
        (tmp_path / "out").write_bytes(OLD)
        path = tmp_path / "out" / "gaps.csv"
    else:
        path = tmp_path / "out"
        path.mkdir()
    with pytest.raises(OutputError, match=r"^Cannot write .*choose another folder\.$"):
        atomic_write(path, NEW)
    assert _names(tmp_path) == ["out"]


HOLDER = """
import sys
from pathlib import Path
from integstats.store.files import locked
with locked(Path(sys.argv[1]), timeout=5):
    print("holding", flush=True)
    sys.stdin.readline()
"""


def test_two_processes_one_lock(tmp_path: Path) -> None:
    path = tmp_path / "synthetic-office" / "synthetic-bas-month.lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "holding\n"
        with pytest.raises(OutputError) as caught, locked(path, timeout=0.05):
            pass
        assert str(caught.value) == (
            f"Another process is writing synthetic-bas-month: it still holds {path} after "
            "0.05 s. Wait until it has finished, then run the command again."
        )
        holder.kill()
        holder.wait()
        with locked(path, timeout=5):
            pass


def test_a_lock_keeps_its_own_process_out_too(tmp_path: Path) -> None:
    path = tmp_path / "x.lock"
    with locked(path, timeout=0):
        with pytest.raises(OutputError, match="still holds"), locked(path, timeout=0):
            pass
        with pytest.raises(OutputError, match="still holds"), locked(path, timeout=0.05):
            pass
    with locked(path, timeout=0):
        pass


def test_an_error_inside_frees_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "x.lock"
    with pytest.raises(ZeroDivisionError), locked(path, timeout=0):
        raise ZeroDivisionError
    with locked(path, timeout=0):
        pass


def test_a_lock_on_a_read_only_file_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filelock.FileLock, "acquire", _failing(errno.EROFS))
    said = r"x\.lock: Read-only file system\."
    with pytest.raises(OutputError, match=said), locked(tmp_path / "x.lock", timeout=0):
        pass


def test_a_lock_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(b"")
    path = tmp_path / "data" / "x.lock"
    with pytest.raises(OutputError, match=r"^Cannot write .*x\.lock: "), locked(path, timeout=0):
        pass
