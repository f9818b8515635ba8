"""A publisher's rate limit: kept between threads by a limiter, between processes by a turn."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs
from filelock import FileLock, Timeout

from integstats.errors import OutputError, SourceUnavailableError, UsageError

_log = logging.getLogger("integstats")
LONGEST_HOLD = 60.0
_SHORTEST_SLEEP = 0.001


class Limiter:
    """At most ``calls`` requests reach the publisher in any ``window`` seconds, whoever asks.

    The publisher counts a request when it arrives: some time between its start and the end of its
    answer. So a request holds its slot from its start until ``window`` seconds after its end;
    however long each took on the way, no window at the publisher can hold more than ``calls``. Safe
    between threads: one that has waited looks again before it starts.

    Parameters
    ----------
    calls, window
        The limit: so many requests in so many seconds.
    clock, sleep
        Monotonic seconds, and waiting.

    Examples
    --------
    >>> limiter = Limiter(3, 1.0)
    >>> with limiter.slot():
    ...     pass  # the request
    """

    def __init__(
        self,
        calls: int,
        window: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clock, self._sleep = clock, sleep
        self._changed = threading.Condition()
        self._under_way = 0
        self._ended: deque[float] = deque()
        self._held_until = float("-inf")
        self.set(calls, window)

    @property
    def window(self) -> float:
        """The length of the window in seconds."""
        return self._window

    def set(self, calls: int, window: float) -> None:
        """Take another limit from now on; requests already made still count.

        Raises
        ------
        UsageError
            Unless there is at least one call in a window longer than zero.
        """
        if calls < 1 or not window > 0:
            raise UsageError(
                f"Not a rate limit: {calls} calls in {window} s. Give at least one call in a "
                "window longer than zero."
            )
        with self._changed:
            self._calls, self._window = calls, window
            self._changed.notify_all()

    def hold(self, seconds: float) -> None:
        """Let no request start for so many seconds."""
        with self._changed:
            self._held_until = max(self._held_until, self._clock() + seconds)

    @contextlib.contextmanager
    def slot(self) -> Iterator[None]:
        """Wait for room and hold it: the request is made inside."""
        while (wait := self._take()) > 0:
            self._sleep(max(wait, _SHORTEST_SLEEP))
        try:
            yield
        finally:
            with self._changed:
                self._under_way -= 1
                self._ended.append(self._clock())
                self._changed.notify_all()

    def _take(self) -> float:
        """Take a slot and return 0, or return for how long to wait before looking again."""
        with self._changed:
            while self._under_way >= self._calls:
                self._changed.wait()
            now = self._clock()
            while self._ended and self._ended[0] + self._window <= now:
                self._ended.popleft()
            if self._held_until > now:
                return self._held_until - now
            too_many = self._under_way + len(self._ended) + 1 - self._calls
            if too_many > 0:
                return self._ended[too_many - 1] + self._window - now
            self._under_way += 1
            return 0.0


def lock_path(address: str) -> Path:
    """Return the lock file of a server: one per host, in the user's state folder."""
    host = urlsplit(address).netloc
    name = "".join(sign if sign.isalnum() or sign in ".-" else "_" for sign in host)
    return platformdirs.user_state_path("integstats") / f"{name}.lock"


class Turn:
    """One process of a user asks a publisher at a time; the next one keeps the limit as well.

    The lock is the operating system's, so that a process that dies lets go of it. Beside it lies a
    file whose time is when the window of the last request is over: until then the next process
    waits. One object may be taken again while it is held, also from another thread: threads share
    the limiter.

    Parameters
    ----------
    path
        The lock file; its folder is made.
    limiter
        Gives the window, and is held until that of another process is over.
    timeout
        Seconds to wait for another process before giving up.
    wall
        Seconds since 1970.
    """

    def __init__(
        self,
        path: Path,
        *,
        limiter: Limiter,
        timeout: float = 600.0,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._lock = FileLock(path, thread_local=False, timeout=timeout)
        self._path, self._stamp = path, path.with_name(path.name + ".last")
        self._limiter, self._timeout, self._wall = limiter, timeout, wall
        self._ours: float | None = None

    @contextlib.contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for the turn and keep it inside the block.

        Raises
        ------
        SourceUnavailableError
            When another process keeps it for longer than ``timeout``.
        OutputError
            When the lock file cannot be made.
        """
        self._acquire()
        try:
            yield
        finally:
            self._lock.release()

    def mark(self) -> None:
        """Note that a request is made now. Call it with the turn taken."""
        free = self._wall() + self._limiter.window
        with contextlib.suppress(OSError):  # on a full disk the next process may come too early
            self._stamp.touch()
            os.utime(self._stamp, (free, free))
            self._ours = self._stamp.stat().st_mtime

    @contextlib.contextmanager
    def marked(self) -> Iterator[None]:
        """Note a request that is made inside the block, as it begins and as it ends."""
        self.mark()
        try:
            yield
        finally:
            self.mark()

    def _acquire(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._lock.acquire(timeout=0)
            except Timeout:
                _log.warning("Another fetch is under way (%s is locked); waiting", self._path)
                self._lock.acquire()
        except Timeout as error:
            raise SourceUnavailableError(
                f"Another fetch has kept {self._path} locked for {self._timeout:.0f} s, and a "
                "publisher is asked by one at a time. Wait until it is done, or stop it."
            ) from error
        except OSError as error:
            raise OutputError(
                f"The lock file {self._path} could not be made: {error.strerror or error}. Give "
                "another lock_path, in a folder that may be written to."
            ) from error
        try:
            free = self._stamp.stat().st_mtime
        except FileNotFoundError:
            return
        left = free - self._wall()
        if free != self._ours and 0 < left < LONGEST_HOLD:
            self._limiter.hold(left)
