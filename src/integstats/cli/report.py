"""The main job: the report of each place, written and told in a few lines."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm import tqdm

from integstats import catalogue, loading
from integstats.analysis.gaps import gaps
from integstats.analysis.rates import rates
from integstats.catalogue import Group, Place, Source
from integstats.charts import dumbbell
from integstats.cli import output
from integstats.cli.selection import counts_of, meant, members_of
from integstats.cli.targets import text_of
from integstats.errors import OutputError, TargetError, UsageError
from integstats.loading.processed import process
from integstats.reports import pack
from integstats.reports.batch import Made, Order, Style, publish_all
from integstats.reports.organisation import Organisation
from integstats.reports.subject import COUNTRY, FEWEST_PEERS, GAP
from integstats.table import concat
from integstats.targets.target import Target
from integstats.targets.target_file import read_targets
from integstats.wording.footer_sentences import source_line

DATASET = "scb-bas-month"
SLOW = 3
"""From so many reports on, all cores are used."""


def run(options: argparse.Namespace) -> int:
    """Write the report of every place named and say what was found."""
    style = _style(options)
    named = meant(options.places, quiet=options.quiet)
    places = members_of(named) if options.members else named
    targets = _targets(places, options)
    _kept_as_parquet(options)
    table = counts_of(
        [one.key for one in places],
        dataset=DATASET,
        data_dir=options.data_dir,
        allow_partial=options.allow_partial,
        quiet=True,
    )
    table = concat([table, *_beside(table, places, options)])
    sources = loading.sources(table, data_dir=options.data_dir)
    style = replace(style, sources=sources)
    orders = (_order(one, table, targets, options) for one in places)
    workers = _workers(options, len(places))
    found = []
    bar = tqdm(
        publish_all(orders, style, workers=workers),
        total=len(places),
        delay=2,
        leave=False,
        unit="report",
        disable=options.quiet or options.json or not sys.stderr.isatty(),
    )
    for made in bar:
        found.append(made)
        if made.error is not None and len(places) > 1:
            print(f"integstats: {_name(made, options)}: {made.error}", file=sys.stderr)
    failed = [one.error for one in found if one.error is not None]
    if failed and len(places) == 1:
        raise failed[0]
    compared = _compared(found, table, style)
    _tell(found, compared, sources, options)
    return failed[0].exit_code if failed else 0


def _style(options: argparse.Namespace) -> Style:
    named = [one.strip() for one in options.formats.split(",")] if options.formats else None
    return Style(
        folder=Path(options.out),
        formats=pack.checked_formats(named),
        organisation=Organisation.named(options.organisation),
        lang=options.lang,
        resume=options.resume,
    )


def _workers(options: argparse.Namespace, reports: int) -> int:
    if options.jobs is not None:
        if options.jobs < 1:
            raise UsageError(f"--jobs must be 1 or more; got {options.jobs}.")
        return int(min(options.jobs, reports))
    return 1 if reports < SLOW else min(os.cpu_count() or 1, reports)


def _targets(places: Sequence[Place | Group], options: argparse.Namespace) -> tuple[Target, ...]:
    """The targets of the file named that can be followed in the dataset."""
    if options.targets is None:
        return ()
    text, _ = text_of(options.targets)
    followed = []
    for one in read_targets(text):
        why = one.problem or (f"lacks {', '.join(one.missing)}" if one.missing else "")
        if not why and one.target is not None and one.target.dataset != DATASET:
            why = f"rests on {one.target.dataset}; the report shows {DATASET}"
        if why and not options.quiet:
            print(f"integstats: The target {one.name!r} is left out: {why}", file=sys.stderr)
        elif not why and one.target is not None:
            followed.append(one.target)
    keys = {one.key for one in places}
    if followed and not options.quiet and keys.isdisjoint(one.place for one in followed):
        print(
            f"integstats: No target of {options.targets} is one of the places named; a "
            "räkneexempel is followed instead.",
            file=sys.stderr,
        )
    if not followed:
        raise TargetError(
            f"No target of {options.targets} can be followed in {DATASET}. "
            f"See what is wrong: integstats targets --file {options.targets}"
        )
    return tuple(followed)


def _kept_as_parquet(options: argparse.Namespace) -> None:
    try:
        process(DATASET, data_dir=options.data_dir)
    except OutputError as error:
        if not options.quiet:
            print(f"integstats: {error} Going on without it.", file=sys.stderr)


def _beside(
    table: pd.DataFrame, places: Sequence[Place | Group], options: argparse.Namespace
) -> Iterator[pd.DataFrame]:
    """The country, all counties, peers and members: what is not asked for already.

    Peers that were named must be stored; of the others what is.
    """
    wanted = [COUNTRY]
    wanted += [one.code for one in catalogue.places().values() if one.kind == "county"]
    for one in places:
        if isinstance(one, Group):
            wanted += one.members
        elif one.kind == "municipality":
            wanted += _peers(one, options)
    stored = loading.stored_places(DATASET, data_dir=options.data_dir)
    have = set(table["place"].astype(str))
    wanted = [one for one in wanted if one in stored]
    wanted += [code for one in catalogue.resolve_all(options.peers) for code in one.members]
    extra = [code for code in dict.fromkeys(wanted) if code not in have]
    if extra:
        yield counts_of(extra, dataset=DATASET, data_dir=options.data_dir, quiet=True)


def _peers(place: Place, options: argparse.Namespace) -> tuple[str, ...]:
    """Those named, or Kolada's similar municipalities; any that are stored where those are not."""
    if options.peers:
        return tuple(code for one in catalogue.resolve_all(options.peers) for code in one.members)
    stored = loading.stored_places(DATASET, data_dir=options.data_dir)
    similar = tuple(code for code in catalogue.peers(place.code).members if code in stored)
    if len(similar) >= FEWEST_PEERS - 1:
        return similar
    known = catalogue.places()
    return tuple(one for one in stored if known[one].kind == "municipality")


def _order(
    place: Place | Group,
    table: pd.DataFrame,
    targets: Sequence[Target],
    options: argparse.Namespace,
) -> Order:
    """What one report needs of the figures: itself, its members and peers, counties, country."""
    known = catalogue.places()
    peers: tuple[str, ...] | None = None
    beside = [COUNTRY, *(code for code, one in known.items() if one.kind == "county")]
    if isinstance(place, Group):
        beside += place.members
    elif place.kind == "municipality":
        peers = _peers(place, options)
        beside += peers
    rows = table[table["place"].isin([place.key, *beside]).to_numpy()]
    own = tuple(one for one in targets if one.place == place.key)
    return Order(place.key, rows, targets=own, peers=peers)


def _compared(found: Sequence[Made], table: pd.DataFrame, style: Style) -> dict[str, Any] | None:
    """One chart of all places, where there are several and none was missing."""
    made = [one.place for one in found if one.error is None]
    if len(made) < 2:
        return None
    rows = table[table["place"].isin(made).to_numpy()]
    chart = dumbbell(
        gaps(rates(rows, GAP), GAP),
        measure=GAP,
        sources=style.sources,
        lang=style.lang,
        organisation=style.organisation.name or None,
    )
    folder = style.folder / {"sv": "jamforelse", "en": "comparison"}[style.lang]
    files = pack.publish(chart, folder, formats=style.formats, organisation=style.organisation)
    return {
        "place": "",
        "name": {"sv": "Jämförelse", "en": "Comparison"}[style.lang],
        "folder": str(folder),
        "lines": [chart.title.text],
        "charts": {chart.name: chart.title.text},
        "files": [str(path) for path in files],
    }


def _name(made: Made, options: argparse.Namespace) -> str:
    return catalogue.place_label(made.place, options.lang)


def _record(made: Made, options: argparse.Namespace) -> dict[str, Any]:
    found: dict[str, Any] = {
        "place": made.place,
        "name": _name(made, options),
        "folder": str(made.folder),
        "lines": list(made.lines),
        "charts": dict(made.charts),
        "targets": [dict(one) for one in made.targets],
        "files": [str(path) for path in made.files],
        "reused": made.reused,
    }
    if made.error is not None:
        found["error"] = str(made.error)
    return found


def _tell(
    found: Sequence[Made],
    compared: dict[str, Any] | None,
    sources: Sequence[Source],
    options: argparse.Namespace,
) -> None:
    records = [_record(one, options) for one in found]
    if compared is not None:
        records.append(compared)
    if options.json:
        output.print_json(records)
        return
    if options.quiet:
        return
    for one in records:
        if "error" in one:
            continue
        print(f"{one['name']}")
        for line in one["lines"]:
            print(f"  {line}")
        if one.get("reused"):
            print("  " + {"sv": "Fanns redan.", "en": "Was there already."}[options.lang])
        names = [Path(path) for path in one["files"]]
        pictures = sum(path.suffix == ".png" for path in names)
        whole = [path.name for path in names if path.suffix in (".docx", ".pptx", ".xlsx", ".html")]
        words = {"sv": ("bilder", "bild"), "en": ("pictures", "picture")}[options.lang]
        told = [*whole, *([f"{pictures} {words[pictures == 1]}"] if pictures else [])]
        print(f"  → {one['folder']}: {', '.join(told) or len(names)}")
    for source in sources:
        print(source_line([source], lang=options.lang).text)
        print(f"  {source.dataset.id}, {source.dataset.table_id}, {source.vintage}")
