"""A notebook run for a place: the executed notebook, and a page that stands alone.

The page has no script, font or picture from elsewhere, headings, alternative texts, and the
language of what it shows; nothing in it scrolls sideways but wide tables.
"""

from __future__ import annotations

import copy
import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from integstats import errors
from integstats.catalogue import Language
from integstats.errors import (
    IntegstatsError,
    OutputError,
    UnknownCodeError,
    UsageError,
    did_you_mean,
)
from integstats.reports.page import POLICY
from integstats.store import atomic_write, checkout, write_root

NEEDED = ("papermill", "nbconvert", "ipykernel")
SECONDS = 300
"""How long one cell may take."""
INJECTED = "injected-parameters"
"""The tag of the cell with the given values."""
PLACE_LINE = re.compile(r'^PLACE = "(.*)"$', re.MULTILINE)

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="integstats">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<style>
body {{ font: 1rem/1.5 system-ui, "Segoe UI", Arial, sans-serif; color: #222; background: #fff;
  margin: 0 auto; max-width: 62rem; padding: 1rem; }}
h1, h2, h3 {{ line-height: 1.25; }}
img {{ max-width: 100%; height: auto; }}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.875rem; margin: 0.5rem 0; }}
.highlight {{ background: #f4f4f4; border-left: 3px solid #767676; padding: 0.25rem 0.75rem; }}
.scroll {{ overflow-x: auto; margin: 0.75rem 0; }}
.output_png {{ margin: 0.75rem 0; }}
.scroll:focus {{ outline: 3px solid #12436d; }}
table {{ border-collapse: collapse; font-size: 0.875rem; font-variant-numeric: tabular-nums; }}
th, td {{ padding: 0.25rem 0.6rem; border-bottom: 1px solid #bbb; text-align: right; }}
.output_stderr {{ border-left: 3px solid #c34a00; padding-left: 0.75rem; }}
@media print {{ body {{ max-width: none; }} .cell {{ break-inside: avoid; }} }}
{style}
</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""
_TABLE_WORDS = {"sv": "Tabell", "en": "Table"}


def notebooks() -> Mapping[str, Path]:
    """Return the notebooks that come along, by name."""
    root = checkout()
    folder = Path(__file__).resolve().parents[1] / "_notebooks"
    if root is not None:
        folder = root / "notebooks"
    return {path.stem: path for path in sorted(folder.glob("*.ipynb"))}


def named(name: str) -> str:
    """Return the whole name of a notebook, from it, its number, or what follows the number.

    Raises
    ------
    UnknownCodeError
        When there is none.
    """
    known = notebooks()
    for one in known:
        number, _, rest = one.partition("_")
        if name.removesuffix(".ipynb") in (one, number, number.lstrip("0"), rest):
            return one
    raise UnknownCodeError(
        f"Unknown notebook: {name!r}.{did_you_mean(name, known)} "
        f"Allowed: {', '.join(known) or 'none came along'}."
    )


def run_notebook(
    name: str,
    folder: Path | str,
    *,
    place: str | None = None,
    lang: Language = "sv",
    stem: str | None = None,
    data_dir: str | None = None,
) -> tuple[Path, Path]:
    """Run a notebook from top to bottom and write it, with its outputs, and as a page.

    Parameters
    ----------
    name
        Of the notebook, whole or in part: ``02_halving_target``, ``halving_target``, ``2``.
    folder
        Where to; made when it is not there.
    place
        Name or code of the place; the notebook's own when left out.
    lang
        Language of its tables and charts; its prose is English.
    stem
        Of the file names; the notebook's when left out.
    data_dir
        Where the snapshots lie.

    Returns
    -------
    tuple of pathlib.Path
        ``<stem>.ipynb`` and ``<stem>.html``. Neither is written when a cell fails.

    Raises
    ------
    UsageError
        When the extra ``notebooks`` is not installed.
    UnknownCodeError
        When there is no such notebook.
    OutputError
        When the folder cannot be written, or a cell fails.
    IntegstatsError
        What a cell raised, as when the place has to be fetched.
    """
    missing = [one for one in NEEDED if find_spec(one) is None]
    if missing:
        raise UsageError(
            f"Cannot run a notebook: {', '.join(missing)} is not installed. Install it with: "
            'pip install "integstats[notebooks]"'
        )
    source = notebooks()[named(name)]
    book = _executed(source, place, lang, data_dir)
    folder, stem = Path(folder), stem or source.stem
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"Cannot make the folder {folder}: {error.strerror or error}. "
            "Choose another with --out, or free the name."
        ) from error
    import nbformat

    files = {
        folder / f"{stem}.ipynb": nbformat.writes(book).encode("utf-8"),
        folder / f"{stem}.html": page(book, lang=lang),
    }
    for path, content in files.items():
        atomic_write(path, content)
    first, second = files
    return first, second


def _executed(source: Path, place: str | None, lang: Language, data_dir: str | None) -> Any:
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    given = {"LANG": lang} | ({} if place is None else {"PLACE": place})
    with tempfile.TemporaryDirectory() as work, _environment(data_dir):
        target = Path(work) / source.name
        try:
            book = papermill.execute_notebook(
                str(source),
                str(target),
                parameters=given,
                kernel_name="python3",
                cwd=work,
                progress_bar=False,
                execution_timeout=SECONDS,
                extra_arguments=["--IPKernelApp.log_level=CRITICAL"],
            )
        except papermill.PapermillExecutionError as error:
            raise _as_ours(source.stem, error) from error
        except (CellTimeoutError, DeadKernelError) as error:
            raise OutputError(
                f"The notebook {source.stem} did not come to its end: "
                f"{str(error).partition(chr(10))[0]} Nothing was written."
            ) from error
    for cell in book.cells:
        if _tagged(cell, INJECTED):
            # papermill writes every letter beyond ASCII as an escape.
            lines = [f"{key} = {json.dumps(one, ensure_ascii=False)}" for key, one in given.items()]
            cell.source = "\n".join(lines)
    return _without_traces(book)


def _without_traces(book: Any) -> Any:
    """The notebook without what another run would not have: times, paths, a cell's random id."""
    book.metadata.pop("papermill", None)
    for cell in book.cells:
        for name in ("papermill", "execution"):
            cell.metadata.pop(name, None)
        if _tagged(cell, INJECTED):
            cell.id = INJECTED
    return book


def _as_ours(name: str, error: Any) -> IntegstatsError:
    """The package's own error that a cell raised, or one that says which cell failed."""
    kind = getattr(errors, error.ename, None)
    if isinstance(kind, type) and issubclass(kind, IntegstatsError):
        return kind(str(error.evalue))
    said = " ".join(str(error.evalue).split())
    return OutputError(
        f"The notebook {name} failed in cell {error.cell_index + 1}: {error.ename}: {said}. "
        "Open it with `make notebooks` to see where; nothing was written."
    )


@contextmanager
def _environment(data_dir: str | None) -> Iterator[None]:
    """Tell the notebook's own process where the snapshots lie."""
    told = {"INTEGSTATS_DATA": str(write_root(data_dir)), "PYTHONWARNINGS": "ignore"}
    before = {key: os.environ.get(key) for key in told}
    os.environ.update(told)
    try:
        yield
    finally:
        for key, value in before.items():
            if value is None:
                del os.environ[key]
            else:
                os.environ[key] = value


def page(book: Any, *, lang: Language = "sv") -> bytes:
    """Return an executed notebook as a page that stands alone.

    Parameters
    ----------
    book
        The notebook, as nbformat reads it.
    lang
        Language of what its cells show.
    """
    from nbconvert import HTMLExporter
    from pygments.formatters import HtmlFormatter

    exporter = HTMLExporter(
        template_name="basic", exclude_input_prompt=True, exclude_output_prompt=True
    )
    body, _ = exporter.from_notebook_node(_with_values(book))
    opening = f'<div class="scroll" role="region" tabindex="0" aria-label="{_TABLE_WORDS[lang]}">'
    body = re.sub(r"(<table\b[^>]*>.*?</table>)", rf"{opening}\1</div>", body, flags=re.DOTALL)
    body = re.sub(r"<style\b[^>]*>.*?</style>", "", body, flags=re.DOTALL)
    body = re.sub(r'<a class="anchor-link"[^>]*>.*?</a>', "", body, flags=re.DOTALL)
    body = body.replace('class="output_wrapper"', f'class="output_wrapper" lang="{lang}"')
    title = next((one for one in map(_heading, book.cells) if one), "integstats")
    chosen = PLACE_LINE.findall("\n".join(cell.source for cell in book.cells))
    title = f"{title} ({chosen[-1]})" if chosen else title
    style = HtmlFormatter(style="bw").get_style_defs(".highlight")
    return _PAGE.format(title=escape(title), policy=POLICY, style=style, body=body).encode("utf-8")


def _with_values(book: Any) -> Any:
    """The notebook with the given values in its cell of parameters, not in a cell after it.

    What was not given, and every remark, stays as the notebook has it.
    """
    shown = copy.deepcopy(book)
    own = next((one for one in shown.cells if _tagged(one, "parameters")), None)
    given = next((one for one in shown.cells if _tagged(one, INJECTED)), None)
    if own is not None and given is not None:
        own.source = _written(own.source, given.source)
        shown.cells.remove(given)
    return shown


def _tagged(cell: Any, tag: str) -> bool:
    return tag in cell.metadata.get("tags", [])


def _written(parameters: str, given: str) -> str:
    """The source of the cell of parameters with the lines given in place of its own."""
    for line in given.splitlines():
        name, sign, _ = line.partition(" = ")
        if not sign:
            continue
        own = rf"""^{re.escape(name)} = (?:"[^"\n]*"|[^#\n]*[^#\s])"""
        found = re.search(own, parameters, re.MULTILINE)
        if found is None:
            parameters = f"{line}\n{parameters}"
        else:
            parameters = parameters[: found.start()] + line + parameters[found.end() :]
    return parameters


def _heading(cell: Any) -> str:
    if cell.cell_type != "markdown":
        return ""
    first = cell.source.partition("\n")[0]
    return first.removeprefix("# ") if first.startswith("# ") else ""
