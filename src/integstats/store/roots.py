"""Where the data folders are: the one written to, and those read from."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parents[1]
VARIABLE = "INTEGSTATS_DATA"


def write_root(data_dir: Path | str | None = None) -> Path:
    """Return the data folder that is written to, with ``raw/`` and ``processed/`` below it.

    The first of these that is given: the argument (``--data-dir``), the environment variable
    ``INTEGSTATS_DATA``, ``<root>/data`` if this package is installed editable (``<root>`` is the
    folder of its pyproject.toml), the user's data folder. The working directory plays no part,
    but for a relative path. The folder need not exist.

    Examples
    --------
    >>> write_root("/srv/statistics").as_posix()
    '/srv/statistics'
    """
    chosen = data_dir or os.environ.get(VARIABLE)
    if chosen:
        return Path(chosen).expanduser().absolute()
    root = checkout()
    if root is not None:
        return root / "data"
    return platformdirs.user_data_path("integstats", appauthor=False)


def read_roots(data_dir: Path | str | None = None) -> tuple[Path, ...]:
    """Return the folders with raw snapshots: the one written to, then the embedded one.

    Below each lies ``<publisher>/<dataset>/<vintage>/``. The embedded folder is
    ``integstats/_snapshot`` in an installed wheel and ``<root>/data/raw`` in an editable install;
    where that is also the folder written to, it is returned once.
    """
    root = checkout()
    own = write_root(data_dir) / "raw"
    embedded = _PACKAGE / "_snapshot" if root is None else root / "data" / "raw"
    return (own,) if own.resolve() == embedded.resolve() else (own, embedded)


def checkout() -> Path | None:
    """Return the folder of this package's own pyproject.toml; None in an installed wheel."""
    if _PACKAGE.parent.name != "src":
        return None
    root = _PACKAGE.parents[1]
    try:
        project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return None
    return root if project.get("project", {}).get("name") == "integstats" else None
