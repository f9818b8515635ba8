from __future__ import annotations

import itertools
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integstats.errors import OutputError, SourceUnavailableError, UsageError
from integstats.publishers.limits import Limiter, Turn


class Seconds:
    """A clock that a sleep sets forward."""

    def __init__(self) -> None:
        self.now = 0.0
        self._lock = threading.Lock()

    def __call__(self) -> float:
        with self._lock:
            return self.now

    def pass_by(self, seconds: float) -> None:
        with self._lock:
            self.now += seconds


def most_in_a_window(moments: list[float], window: float) -> int:
    """The most moments in any half-open window of this length."""
    moments = sorted(moments)
    return max(sum(start <= m < start + window for m in moments) for start in moments)


steps = st.lists(
    st.tuples(
        st.floats(0, 3),  # idle before the request
        st.floats(0, 5),  # how long it takes
        st.floats(0, 1),  # where on its way it reaches the publisher
        st.sampled_from([0.0, 0.0, 0.0, 2.5]),  # a wish of the publisher's to be left alone
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=150, deadline=None)
@given(steps=steps, calls=st.integers(1, 5), window=st.floats(0.01, 10))
def test_no_window_ever_holds_more_than_the_limit(steps: Any, calls: int, window: float) -> None:
    seconds = Seconds()
    limiter = Limiter(calls, window, clock=seconds, sleep=seconds.pass_by)
    starts, arrivals = [], []
    for idle, duration, share, hold in steps:
        seconds.pass_by(idle)
        with limiter.slot():
            starts.append(seconds())
            arrivals.append(seconds() + share * duration)
            seconds.pass_by(duration)
        if hold:
            limiter.hold(hold)
            held = seconds() + hold
        assert starts == sorted(starts)
    assert most_in_a_window(starts, window * (1 - 1e-9)) <= calls
    # What the publisher sees: requests take different times to reach it.
    assert most_in_a_window(arrivals, window * (1 - 1e-9)) <= calls
    if hold:
        with limiter.slot():
            assert seconds() >= held - 1e-9


@settings(max_examples=50, deadline=None)
@given(calls=st.integers(1, 5), window=st.floats(0.1, 10), n=st.integers(1, 30))
def test_it_waits_no_longer_than_the_limit_demands(calls: int, window: float, n: int) -> None:
    seconds = Seconds()
    limiter = Limiter(calls, window, clock=seconds, sleep=seconds.pass_by)
    for _ in range(n):
        with limiter.slot():
            pass
    assert seconds() <= (n - 1) // calls * window + n * 0.002


def test_threads_that_wake_together_do_not_start_together() -> None:
    seconds = Seconds()
    limiter = Limiter(3, 1.0, clock=seconds, sleep=seconds.pass_by)
    starts: list[float] = []
    gate = threading.Barrier(6)

    def ask() -> None:
        gate.wait()
        for _ in range(15):
            with limiter.slot():
                starts.append(seconds())

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(starts) == 90
    assert most_in_a_window(starts, 1.0 - 1e-9) <= 3


def test_threads_never_have_more_under_way_than_the_limit() -> None:
    limiter = Limiter(2, 0.001)
    under_way, most = itertools.count(), 0
    lock, running = threading.Lock(), 0

    def ask() -> None:
        nonlocal running, most
        for _ in range(5):
            with limiter.slot():
                with lock:
                    running += 1
                    most = max(most, running)
                threading.Event().wait(0.001)
                with lock:
                    running -= 1
                next(under_way)

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert next(under_way) == 25
    assert most == 2


def test_a_new_limit_counts_what_was_asked_before_it() -> None:
    seconds = Seconds()
    limiter = Limiter(10, 1.0, clock=seconds, sleep=seconds.pass_by)
    for _ in range(5):
        with limiter.slot():
            pass
    limiter.set(2, 5.0)
    with limiter.slot():
        assert seconds() >= 5.0


def test_a_failed_request_counts_as_well() -> None:
    seconds = Seconds()
    limiter = Limiter(1, 1.0, clock=seconds, sleep=seconds.pass_by)
    with pytest.raises(ZeroDivisionError), limiter.slot():
        1 / 0  # noqa: B018
    with limiter.slot():
        assert seconds() >= 1.0


@pytest.mark.parametrize(("calls", "window"), [(0, 1.0), (1, 0.0), (1, -1.0), (1, float("nan"))])
def test_a_limit_that_allows_nothing_is_refused(calls: int, window: float) -> None:
    with pytest.raises(UsageError, match="Not a rate limit"):
        Limiter(calls, window)


def turn(path: Path, **kwargs: Any) -> Turn:
    return Turn(path, limiter=kwargs.pop("limiter", Limiter(3, 1.0)), timeout=0.1, **kwargs)


def test_one_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "state" / "host.lock"
    other = turn(path)
    with turn(path).taken(), pytest.raises(SourceUnavailableError, match="Another fetch has kept"):
        other.taken().__enter__()
    with turn(path).taken():
        pass


def test_another_process_has_to_wait(tmp_path: Path) -> None:
    path = tmp_path / "host.lock"
    holder = (
        "import sys, pathlib\n"
        "from integstats.publishers.limits import Limiter, Turn\n"
        "turn = Turn(pathlib.Path(sys.argv[1]), limiter=Limiter(1, 1.0))\n"
        "with turn.taken():\n"
        "    print('taken', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "taken\n"
        with pytest.raises(SourceUnavailableError, match=r"host\.lock"), turn(path).taken():
            pass
        process.kill()  # what dies lets go
        process.wait()
    with turn(path).taken():
        pass


def test_the_same_object_may_be_taken_again_also_from_another_thread(tmp_path: Path) -> None:
    mine = turn(tmp_path / "host.lock")
    entered = []

    def enter() -> None:
        with mine.taken():
            entered.append(True)

    with mine.taken(), mine.taken():
        thread = threading.Thread(target=enter)
        thread.start()
        thread.join(5)
    assert entered == [True]
    with turn(tmp_path / "host.lock").taken():  # and it is free afterwards
        pass


def test_a_turn_is_given_back_from_another_thread(tmp_path: Path) -> None:
    mine = turn(tmp_path / "host.lock")
    held = mine.taken()
    held.__enter__()
    thread = threading.Thread(target=held.__exit__, args=(None, None, None))
    thread.start()
    thread.join(5)
    with turn(tmp_path / "host.lock").taken():
        pass


def test_the_next_process_keeps_the_limit_of_the_one_before(tmp_path: Path) -> None:
    path, seconds = tmp_path / "host.lock", Seconds()
    wall = lambda: 1e9 + seconds()  # noqa: E731
    first = turn(path, limiter=Limiter(3, 10.0), wall=wall)
    with first.taken():
        first.mark()
    seconds.pass_by(4)
    limiter = Limiter(3, 1.0, clock=seconds, sleep=seconds.pass_by)
    with turn(path, limiter=limiter, wall=wall).taken(), limiter.slot():
        assert seconds() == pytest.approx(10, abs=0.01)
    # The first one need not wait for itself: its own limiter knows.
    limiter = Limiter(3, 10.0, clock=seconds, sleep=seconds.pass_by)
    again = turn(path, limiter=limiter, wall=wall)
    with again.taken():
        again.mark()
    with again.taken(), limiter.slot():
        assert seconds() == pytest.approx(10, abs=0.01)


@pytest.mark.parametrize("age", [-5.0, 5_000.0])
def test_a_stamp_of_the_past_or_of_a_wrong_clock_holds_nobody(tmp_path: Path, age: float) -> None:
    path, seconds = tmp_path / "host.lock", Seconds()
    stamp = tmp_path / "host.lock.last"
    stamp.touch()
    os.utime(stamp, (1e9 + age, 1e9 + age))
    limiter = Limiter(3, 1.0, clock=seconds, sleep=seconds.pass_by)
    with turn(path, limiter=limiter, wall=lambda: 1e9).taken(), limiter.slot():
        assert seconds() == 0


def test_a_lock_that_cannot_be_made_names_its_path(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(OutputError, match=r"file.host\.lock could not be made.*lock_path"),
        turn(tmp_path / "file" / "host.lock").taken(),
    ):
        pass
