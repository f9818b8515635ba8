"""One call, one folder: what a municipality can publish."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from integstats.charts.chart import Chart
from integstats.charts.target_path import target_path
from integstats.errors import OutputError, UsageError
from integstats.reports import datasheet, provenance
from integstats.store import atomic_write
from integstats.targets.track import Track

WRITERS: Mapping[str, Callable[[Chart], bytes]] = {
    ".png": Chart.png,
    ".svg": Chart.svg,
    ".csv": datasheet.csv,
    ".txt": datasheet.text,
}


def publish(
    item: Chart | Track,
    folder: Path | str,
    *,
    track: Track | None = None,
    allow_synthetic: bool = False,
    organisation: str | None = None,
) -> tuple[Path, ...]:
    """Write a chart, or the chart of a track, with its data sheet, texts and provenance.

    Everything is made before anything is written, and each file is replaced whole or not at all.

    Parameters
    ----------
    item
        A `Chart`, or a `Track` (its target path is drawn).
    folder
        Where to; made when it is not there.
    track
        The track a chart was drawn from, whose target and verdict the provenance then names.
    allow_synthetic
        Publish a chart of invented figures; it carries a watermark.
    organisation
        Who processed the figures, for the source line of a track's chart.

    Returns
    -------
    tuple of pathlib.Path
        ``<name>.png``, ``.svg``, ``.csv`` (the data sheet), ``.txt`` (title, alt text, long
        description) and ``.json`` (provenance).

    Raises
    ------
    UsageError
        When the item is neither, or its figures are invented and that was not allowed.
    OutputError
        When the folder cannot be written.
    """
    chart = _chart(item, organisation)
    if chart.synthetic and not allow_synthetic:
        raise UsageError(
            f"The chart {chart.name} shows invented figures; publish it with allow_synthetic=True."
        )
    folder = Path(folder)
    _make(folder)
    files = {folder / f"{chart.name}{end}": write(chart) for end, write in WRITERS.items()}
    target = folder / f"{chart.name}.json"
    record = provenance.record(chart, track=item if isinstance(item, Track) else track)
    files[target] = provenance.stamped(record, before=_read(target), now=datetime.now(UTC))
    for path, content in files.items():
        if _read(path) != content:
            atomic_write(path, content)
    return tuple(files)


def write_chart(chart: Chart, path: Path) -> Path:
    """Write one file of a chart; the suffix says which.

    Raises
    ------
    OutputError
        When the suffix is unknown or the file cannot be written.
    """
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise OutputError(
            f"Cannot write a chart as {path.suffix or 'a file without suffix'!r}: {path}. "
            f"Allowed: {', '.join(WRITERS)}."
        )
    _make(path.parent)
    atomic_write(path, writer(chart))
    return path


def _chart(item: Chart | Track, organisation: str | None) -> Chart:
    if isinstance(item, Chart):
        return item
    if isinstance(item, Track):
        return target_path(item, organisation=organisation)
    raise UsageError(
        f"publish() takes a Chart or a Track; got {type(item).__name__}. "
        "Make a chart first, for example integstats.charts.gap_trend(gaps)."
    )


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
