"""Which folders are read and written, in a checkout and in an installed wheel."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest

import integstats
from integstats.store import read_roots, roots, write_root

PACKAGE = Path(integstats.__file__).resolve().parent
ROOT = Path(__file__).resolve().parents[2]


def _in_wheel(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Path:
    """Pretend that the package lies in `folder` without a checkout around it."""
    monkeypatch.setattr(roots, "_PACKAGE", folder / "site-packages" / "integstats")
    return folder / "site-packages" / "integstats" / "_snapshot"


def test_the_argument_comes_before_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTEGSTATS_DATA", str(tmp_path / "variable"))
    assert write_root(tmp_path / "argument") == tmp_path / "argument"
    assert write_root() == tmp_path / "variable"
    monkeypatch.setenv("INTEGSTATS_DATA", "")
    assert write_root() == ROOT / "data"


def test_the_variable_is_read_at_every_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two"):
        monkeypatch.setenv("INTEGSTATS_DATA", str(tmp_path / name))
        assert write_root() == tmp_path / name


def test_home_and_relative_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert write_root("~/statistics") == tmp_path / "statistics"
    assert write_root("statistics") == tmp_path / "statistics"


def test_a_checkout_never_looks_at_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "integstats"\n')
    (tmp_path / "data" / "raw").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert write_root() == ROOT / "data"
    assert read_roots() == (ROOT / "data" / "raw",)
    assert read_roots(tmp_path) == (tmp_path / "raw", ROOT / "data" / "raw")


def test_one_folder_under_two_names_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(ROOT / "data", target_is_directory=True)
    assert read_roots(tmp_path / "link") == (tmp_path / "link" / "raw",)


@pytest.mark.parametrize(
    "pyproject",
    [None, '[project]\nname = "another"\n', "[tool.x]\n", "not toml [", b"\xff\xfe"],
)
def test_a_folder_called_src_alone_is_no_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pyproject: str | bytes | None
) -> None:
    if isinstance(pyproject, bytes):
        (tmp_path / "pyproject.toml").write_bytes(pyproject)
    elif pyproject is not None:
        (tmp_path / "pyproject.toml").write_text(pyproject)
    monkeypatch.setattr(roots, "_PACKAGE", tmp_path / "src" / "integstats")
    assert roots.checkout() is None
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "integstats"\n')
    assert roots.checkout() == tmp_path


def test_a_wheel_beside_a_pyproject_is_no_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded = _in_wheel(monkeypatch, tmp_path)
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "integstats"\n')
    user = platformdirs.user_data_path("integstats", appauthor=False)
    assert write_root() == user
    assert read_roots() == (user / "raw", embedded)


def test_an_installed_package_in_a_process_of_its_own(tmp_path: Path) -> None:
    """The package is copied to where a wheel would put it, and run from a decoy checkout."""
    site = tmp_path / "site-packages"
    shutil.copytree(PACKAGE, site / "integstats", ignore=shutil.ignore_patterns("__pycache__"))
    decoy = tmp_path / "decoy"
    (decoy / "src").mkdir(parents=True)
    (decoy / "pyproject.toml").write_text('[project]\nname = "integstats"\n')
    code = (
        "import json; from integstats.store import read_roots, write_root; "
        "print(json.dumps([str(write_root()), *map(str, read_roots())]))"
    )
    environment = {
        **os.environ,
        "PYTHONPATH": str(site),
        "HOME": str(tmp_path / "home"),
        "XDG_DATA_HOME": str(tmp_path / "home" / "share"),
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=decoy,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    written, own, embedded = json.loads(done.stdout)
    assert str(decoy) not in done.stdout
    assert str(ROOT) not in done.stdout
    assert Path(own) == Path(written) / "raw"
    assert Path(embedded) == site / "integstats" / "_snapshot"
