"""The first hour, run as it is printed: every command, its output and its exit code."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from pxweb_standin import PxWebStandIn

from integstats.cli import main

PAGE = Path(__file__).resolve().parents[2] / "docs" / "first-hour.md"
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)


def blocks() -> list[tuple[str, str]]:
    return [(kind, text) for kind, text in BLOCK.findall(PAGE.read_text(encoding="utf-8"))]


def fits(expected: str, printed: list[str]) -> bool:
    """Whether a line was printed; an ellipsis stands for anything."""
    pattern = ".*".join(re.escape(part) for part in expected.split("…"))
    return any(re.fullmatch(pattern, line) for line in printed)


def steps(text: str) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


@pytest.mark.filterwarnings("default")
def test_the_first_hour_works_as_printed(
    server: PxWebStandIn,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    code, commands = 0, 0
    for kind, text in blocks():
        if kind == "csv":
            (work / "insatser.csv").write_text(text, encoding="utf-8")
        elif kind == "toml":
            (work / "own.toml").write_text(text, encoding="utf-8")
        elif kind == "console":
            for command, expected in steps(text):
                words = shlex.split(command)
                if words == ["echo", "$?"]:
                    assert [str(code)] == expected, command
                    continue
                assert words[0] == "integstats", command
                code = main(words[1:])
                commands += 1
                printed = [
                    line.rstrip()
                    for stream in capsys.readouterr()
                    for line in stream.replace("\u00a0", " ").replace("\u202f", " ").splitlines()
                ]
                for line in expected:
                    if line != "…":
                        assert fits(line, printed), (command, line, printed)
    assert commands > 12
    assert (work / "gaps.parquet").exists()
    assert list((work / "rapporter" / "malmo").glob("*.html"))


def test_the_python_of_the_page_is_what_the_package_has() -> None:
    import integstats as ig

    text = PAGE.read_text(encoding="utf-8")
    for name in re.findall(r"\big\.(\w+)", text):
        assert hasattr(ig, name)
    fields = ig.fetch.__annotations__["return"]
    assert "FetchResult" in str(fields)
