"""House rules that a machine can check: who imports whom, what an import costs."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import integstats

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "integstats"

FIRST = {"errors", "catalogue", "table"}
ALLOWED: dict[str, set[str]] = {
    "errors": set(),
    "catalogue": {"errors"},
    "table": {"errors"},
    "formats": FIRST,
    "store": FIRST,
    "publishers": FIRST,
    "loading": FIRST | {"formats", "store", "publishers", "analysis"},
    "analysis": FIRST,
    "targets": FIRST | {"analysis"},
    "wording": FIRST | {"analysis", "targets"},
    "charts": FIRST | {"analysis", "targets", "wording"},
    "reports": FIRST | {"analysis", "targets", "wording", "charts", "store"},
    "cli": FIRST
    | {"formats", "store", "loading", "analysis", "targets", "wording", "charts", "reports"},
}
"""Which part of the package may import which other; a part may always import itself."""

LATE = {
    # Methods of results that hand themselves on; imported when called, never at import.
    ("targets", "wording"),
    ("charts", "reports"),
}


def imports(path: Path) -> list[tuple[str, bool]]:
    """Parts of the package that a module imports, and whether inside a function."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    late = {
        id(inner)
        for outer in ast.walk(tree)
        if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef))
        for inner in ast.walk(outer)
    }
    found = []
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = [node.module]
            if node.module == "integstats":
                names = [f"integstats.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            if name.startswith("integstats."):
                found.append((name.split(".")[1], id(node) in late))
    return found


def part_of(path: Path) -> str:
    first = path.relative_to(SOURCE).parts[0]
    return first.removesuffix(".py")


@pytest.mark.parametrize(
    "path",
    sorted(path for path in SOURCE.rglob("*.py") if path.parent != SOURCE or path.stem in ALLOWED),
    ids=lambda path: str(path.relative_to(SOURCE)),
)
def test_imports_follow_the_way_of_the_data(path: Path) -> None:
    own = part_of(path)
    for other, late in imports(path):
        if other in (own, "__version__"):
            continue
        assert other in ALLOWED[own] or (late and (own, other) in LATE), (
            f"{own} must not import {other}"
        )


def test_importing_the_package_is_light() -> None:
    """pandas, matplotlib, seaborn, statsmodels and others load when they are first used."""
    heavy = ("pandas", "numpy", "matplotlib", "seaborn", "statsmodels", "scipy", "requests")
    code = f"import sys, integstats; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_every_public_name_is_there() -> None:
    for name in integstats.__all__:
        assert getattr(integstats, name) is not None
    assert set(integstats.__all__) <= set(dir(integstats))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        _ = integstats.nonsense


def test_public_names_stay_functions_after_everything_is_imported() -> None:
    """A subpackage must not hide a public function of the same name."""
    code = (
        "import integstats, pkgutil, importlib\n"
        "for m in pkgutil.walk_packages(integstats.__path__, 'integstats.'):\n"
        "    if not m.name.endswith('__main__'): importlib.import_module(m.name)\n"
        "print([n for n in integstats.__all__ if n not in ('charts', 'programmes')"
        " and not callable(getattr(integstats, n))])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "[]"


def test_every_dependency_is_explained() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    names = set(re.findall(r'"([A-Za-z][A-Za-z0-9-]*)>=', project))
    explained = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert not [name for name in sorted(names) if f"`{name}`" not in explained]
