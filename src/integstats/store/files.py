"""Files that are either wholly written or not written at all, and the lock of a dataset."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from integstats.errors import OutputError

TEMPORARY = ".integstats-*.tmp"


def atomic_write(path: Path, data: bytes) -> None:
    """Write a file so that every reader, at every moment, sees the old one or the new one whole.

    The bytes go to a uniquely named temporary file in the same folder, are flushed to the disk
    and then renamed over `path`. Missing folders are made. If anything goes wrong the temporary
    file is removed and what stood at `path` is intact; only a killed process can leave one behind.

    Parameters
    ----------
    path
        The file to write or replace.
    data
        Its whole content.

    Raises
    ------
    OutputError
        The folder cannot be written, the disk is full, or another program holds the file.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     target = Path(folder) / "new" / "gaps.csv"
    ...     atomic_write(target, b"place,gap_pp")
    ...     target.read_bytes()
    b'place,gap_pp'
    """
    temporary = path.with_name(TEMPORARY.replace("*", secrets.token_hex(8)))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open(temporary, "xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise not_writable(path, error) from error
    _sync_folder(path.parent)


def not_writable(path: Path, error: OSError) -> OutputError:
    """Return the error that says why `path` could not be written, and what to do."""
    return OutputError(
        f"Cannot write {path}: {error.strerror or error}. What stood there before is intact. "
        "Check that the folder is writable and has free space and that no other program has the "
        "file open, or choose another folder."
    )


def remove(path: Path) -> None:
    """Remove a file if it is there.

    Raises
    ------
    OutputError
        The file is there and cannot be removed.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise not_writable(path, error) from error


@contextlib.contextmanager
def locked(path: Path, *, timeout: float) -> Iterator[None]:
    """Hold the lock file `path` against every other process and thread.

    The operating system frees the lock when its holder ends, however it ends. The file itself
    stays: removing it would let two holders in.

    Parameters
    ----------
    path
        The lock file; its folders are made.
    timeout
        Seconds to wait for another holder.

    Raises
    ------
    OutputError
        Another process still holds the lock after `timeout`, or the folder cannot be written.
    """
    lock = FileLock(path, timeout=timeout)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise OutputError(
            f"Another process is writing {path.stem}: it still holds {path} after {timeout:g} s. "
            "Wait until it has finished, then run the command again."
        ) from error
    except OSError as error:
        raise not_writable(path, error) from error
    try:
        yield
    finally:
        lock.release()


def _sync_folder(folder: Path) -> None:
    """Make the rename itself outlast a power cut, where the file system can."""
    if os.name == "nt":
        return
    # The file is whole and in its place by now; some network file systems refuse this call.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
