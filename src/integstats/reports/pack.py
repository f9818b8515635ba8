"""One call, one folder: what a municipality can publish."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from integstats.charts.chart import Chart
from integstats.charts.target_path import target_path
from integstats.errors import OutputError, UsageError, did_you_mean
from integstats.reports import (
    checklist,
    datasheet,
    document,
    page,
    plain_text,
    provenance,
    slides,
    workbook,
)
from integstats.reports.organisation import Organisation
from integstats.reports.report import Report, of_chart
from integstats.store import atomic_write
from integstats.targets.track import Track

PICTURES: Mapping[str, Callable[[Chart], bytes]] = {
    "png": Chart.png,
    "svg": Chart.svg,
    "csv": datasheet.csv,
    "txt": plain_text.of_chart,
}
"""What is written of every chart."""
DOCUMENTS: Mapping[str, Callable[[Report], bytes]] = {
    "docx": document.docx,
    "pptx": slides.pptx,
    "xlsx": workbook.xlsx,
    "html": page.html,
}
"""What is written of a chart that stands alone, and of a report as a whole."""
FORMATS = (*PICTURES, *DOCUMENTS, "json")
FATAL = (OutputError, UsageError)
"""Errors that every report of a run would meet."""
CHECKLIST = {"sv": "tillganglighet.txt", "en": "accessibility.txt"}


def publish(
    item: Chart | Track | Report,
    folder: Path | str,
    *,
    track: Track | None = None,
    formats: Sequence[str] | None = None,
    allow_synthetic: bool = False,
    organisation: Organisation | str | None = None,
) -> tuple[Path, ...]:
    """Write a chart, the chart of a track, or a report with all its charts.

    Everything is made before anything is written, each file is replaced whole or not at all, and
    a file whose content is the same is not touched. The provenance is written last: where it
    stands, the others do.

    Parameters
    ----------
    item
        A `Chart`, a `Track` (its target path is drawn), or a `Report`.
    folder
        Where to; made when it is not there.
    track
        The track a chart was drawn from, whose target and verdict the provenance then names.
    formats
        Which files, of png, svg, csv, txt, docx, pptx, xlsx, html and json; all when left out.
        The Office files need ``pip install "integstats[office]"``.
    allow_synthetic
        Publish invented figures; each picture carries a watermark.
    organisation
        Who publishes, for the source line, the logo and the headings; a report has its own.

    Returns
    -------
    tuple of pathlib.Path
        For a chart ``<name>.png``, ``.svg``, ``.csv`` (the data sheet), ``.txt`` (title, alt text,
        long description), ``.docx``, ``.pptx``, ``.xlsx``, ``.html`` and ``.json`` (provenance);
        for a report the first four of every chart, the others of the whole, and
        ``tillganglighet.txt``: what was tested of its accessibility, and what a person must.

    Raises
    ------
    UsageError
        When the item is none of these, a format is unknown, an extra is not installed, or the
        figures are invented and that was not allowed.
    OutputError
        When the folder cannot be written.
    """
    wanted = checked_formats(formats)
    made = _report(item, track, Organisation.of(organisation))
    if made.synthetic and not allow_synthetic:
        raise UsageError(
            f"{made.name} shows invented figures; publish it with allow_synthetic=True."
        )
    folder = Path(folder)
    files = {folder / name: content for name, content in _files(made, wanted)}
    if "json" in wanted:
        path = folder / f"{made.name}.json"
        record = {**provenance.record(made), "files": [*(one.name for one in files), path.name]}
        files[path] = provenance.stamped(record, before=_read(path), now=datetime.now(UTC))
    _make(folder)
    for path, content in files.items():
        if _read(path) != content:
            atomic_write(path, content)
    return tuple(files)


def checked_formats(formats: Sequence[str] | None) -> tuple[str, ...]:
    """Return the formats asked for, all when none is named.

    Raises
    ------
    UsageError
        When one is unknown.
    """
    named = [formats] if isinstance(formats, str) else formats or FORMATS
    for one in named:
        if one not in FORMATS:
            raise UsageError(
                f"Unknown format: {one!r}.{did_you_mean(one, FORMATS)} "
                f"Allowed: {', '.join(FORMATS)}."
            )
    return tuple(dict.fromkeys(named))


def write_chart(chart: Chart, path: Path) -> Path:
    """Write one file of a chart; the suffix says which.

    Raises
    ------
    OutputError
        When the suffix is unknown or the file cannot be written.
    UsageError
        When the extra that writes it is not installed.
    """
    end = path.suffix.lower().removeprefix(".")
    if end in PICTURES:
        content = PICTURES[end](chart)
    elif end in DOCUMENTS:
        content = DOCUMENTS[end](of_chart(chart))
    else:
        raise OutputError(
            f"Cannot write a chart as {path.suffix or 'a file without suffix'!r}: {path}. "
            f"Allowed: {', '.join(f'.{one}' for one in (*PICTURES, *DOCUMENTS))}."
        )
    _make(path.parent)
    atomic_write(path, content)
    return path


def _report(item: Chart | Track | Report, track: Track | None, by: Organisation) -> Report:
    if isinstance(item, Report):
        return item
    if isinstance(item, Chart):
        return of_chart(item, tracks=() if track is None else (track,), organisation=by)
    if isinstance(item, Track):
        chart = target_path(item, organisation=by.name or None)
        return of_chart(chart, tracks=(item,), organisation=by)
    raise UsageError(
        f"publish() takes a Chart, a Track or a Report; got {type(item).__name__}. "
        "Make one first, for example integstats.charts.gap_trend(gaps)."
    )


def _files(made: Report, wanted: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    for chart in made.charts:
        for end, write in PICTURES.items():
            if end in wanted:
                yield f"{chart.name}.{end}", write(chart)
    if "txt" in wanted and not made.is_single_chart:
        yield f"{made.name}.txt", plain_text.of_report(made)
    documents = [end for end in DOCUMENTS if end in wanted]
    for end in documents:
        yield f"{made.name}.{end}", DOCUMENTS[end](made)
    if documents:
        yield CHECKLIST[made.lang], checklist.checklist(made)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"Cannot make the folder {folder}: {error.strerror or error}. "
            "Choose another with --out, or free the name."
        ) from error


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
