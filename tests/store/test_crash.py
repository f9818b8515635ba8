"""SIGKILL at every step of a write leaves a store that can be read and taken up again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from integstats.store import read, snapshots, writing

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")

DATASET = "synthetic-bas-month"
COMMON = """
import os, signal, sys, time
from pathlib import Path
from integstats.store import writing

def add(folder, contents, pause=0.0):
    with writing("synthetic-bas-month", publisher="p", table_id="T", updated="2026-07-15",
                 licence="CC0", data_dir=folder) as writer:
        for content in contents:
            writer.add(content, query={"bytes": content.hex()}, url="u", obtained="saved by hand")
            print("added", flush=True)
            time.sleep(pause)
"""
# Forks one child for every step n: the child kills itself just before its n-th change of a file.
EVERY_STEP = (
    COMMON
    + """
def child(folder, n):
    steps = 0
    def step():
        nonlocal steps
        steps += 1
        if steps == n:
            os.kill(os.getpid(), signal.SIGKILL)
    def watch(event, arguments):
        changing = event in {"os.rename", "os.remove", "os.mkdir"} or (
            event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
        if changing and str(folder) in str(arguments[0]):
            step()
    fsync = os.fsync
    os.fsync = lambda descriptor: (step(), fsync(descriptor))
    sys.addaudithook(watch)
    add(folder, [b"two", b"three"])
    os._exit(0)

root, before = Path(sys.argv[1]), sys.argv[2] == "existing"
sys.stdout = open(os.devnull, "w")
for n in range(1, 100):
    folder = root / f"{n:02}"
    if before:
        add(folder, [b"one"])
    pid = os.fork()
    if pid == 0:
        child(folder, n)
    status = os.waitpid(pid, 0)[1]
    if os.WIFEXITED(status):
        sys.exit(os.WEXITSTATUS(status))
    assert os.WTERMSIG(status) == signal.SIGKILL
sys.exit(3)
"""
)


def _resume(folder: Path, contents: list[bytes]) -> tuple[int, dict[str, bytes]]:
    """Finish the fetch; return how many parts had been kept, and all files then."""
    with writing(
        DATASET,
        publisher="p",
        table_id="T",
        updated="2026-07-15",
        licence="CC0",
        data_dir=folder,
        timeout=5,
    ) as writer:
        kept = {read(part) for part in writer.snapshot.parts}
        for content in contents:
            if content not in kept:
                writer.add(
                    content, query={"bytes": content.hex()}, url="u", obtained="saved by hand"
                )
    return len(kept), {path.name: path.read_bytes() for path in writer.snapshot.folder.iterdir()}


@pytest.mark.parametrize("before", ["existing", "new"])
def test_killed_before_every_change_of_a_file(tmp_path: Path, before: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", EVERY_STEP, str(tmp_path), before],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    old = {b"one"} if before == "existing" else set()
    new = old | {b"two", b"three"}
    folders = sorted(tmp_path.iterdir())
    shown, kept, finals, temporaries = [], [], [], 0
    for folder in folders:
        found = snapshots(DATASET, data_dir=folder)
        assert len(found) <= 1
        shown.append({read(part) for snapshot in found for part in snapshot.parts})
        temporaries += len(list(folder.rglob("*.tmp")))
        number, files = _resume(folder, sorted(new))
        kept.append(number)
        finals.append(files)
    # Every kill shows the old snapshot or the new one, and the new one once it has been written.
    changes = [index for index, contents in enumerate(shown) if contents == new]
    assert changes == list(range(len(folders) - len(changes), len(folders)))
    assert all(contents == old for contents in shown[: len(folders) - len(changes)])
    # Of three renames a part, its pending.json and the manifest, several kills each.
    assert len(folders) > 15
    assert len(changes) >= 2
    assert temporaries > 0
    # A part that has arrived is never lost again.
    assert kept == sorted(kept)
    assert set(kept) == set(range(len(old), len(new) + 1))
    # And the end is the same as without any kill, with nothing left over.
    assert all(files == finals[-1] for files in finals)
    assert sorted(name for name in finals[-1] if not name.startswith("part-")) == ["manifest.json"]
    assert len(finals[-1]) == len(new) + 1


@pytest.mark.parametrize("after", [1, 3])
def test_killed_from_outside_while_it_waits_for_an_answer(tmp_path: Path, after: int) -> None:
    contents = [f"answer {number}".encode() for number in range(5)]
    code = COMMON + f"add(Path(sys.argv[1]), {contents!r}, pause=0.05)"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for _ in range(after):
            assert process.stdout.readline() == "added\n"
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    assert snapshots(DATASET, data_dir=tmp_path) == []
    kept, files = _resume(tmp_path, contents)
    assert kept >= after
    assert len(files) == len(contents) + 1
    assert len(json.loads(files["manifest.json"])["parts"]) == len(contents)
