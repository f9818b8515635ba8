"""The commands that talk to publishers, and the one that compares what they said."""

from __future__ import annotations

import argparse
import sys

from tqdm import tqdm

from integstats import loading
from integstats.cli import output
from integstats.errors import SourceChangedError, UsageError
from integstats.loading.fetching import FetchResult, Progress, everything
from integstats.loading.whole_files import is_whole_file
from integstats.wording import phrases

NOTHING_NEW = 10


def fetch(options: argparse.Namespace) -> int:
    """Fetch a dataset, or everything that is stored, again."""
    if options.everything:
        if options.dataset:
            raise UsageError("Give either a dataset or --everything, not both.")
        results = everything(
            data_dir=options.data_dir, progress=lambda name: _bar(name, quiet=options.quiet)
        )
    else:
        if not options.dataset:
            raise UsageError(
                "Which dataset? For example: integstats fetch scb-bas-month --places Mölndal "
                "(integstats datasets lists them)."
            )
        results = [
            loading.fetch(
                options.dataset,
                places=_places(options),
                start=options.start,
                end=options.end,
                age=options.age,
                data_dir=options.data_dir,
                file=options.file,
                progress=_bar(options.dataset, quiet=options.quiet),
            )
        ]
    if options.json:
        output.print_json(results)
    elif not options.quiet:
        for one in results:
            print(_told(one))
    return 0 if any(one.changed for one in results) else NOTHING_NEW


def _places(options: argparse.Namespace) -> list[str] | None:
    """The places named; all with --all; those that are stored when none is named."""
    if options.all or is_whole_file(options.dataset):
        return None
    if options.places:
        return list(options.places)
    stored = loading.stored_places(options.dataset, data_dir=options.data_dir)
    if not stored:
        raise UsageError(
            f"Which places? For example: integstats fetch {options.dataset} --places Mölndal, "
            "or --all for the country, all counties and all municipalities."
        )
    return sorted(stored)


def _told(result: FetchResult) -> str:
    if not result.changed:
        return f"{result.dataset}: nothing new; the stored vintage {result.vintage} has it all."
    text = (
        f"{result.dataset}: {result.cells:,} cells in {result.calls} "
        f"call{'s' * (result.calls != 1)}, "
        f"vintage {result.vintage}."
    )
    if result.new_periods:
        text += f" New periods: {', '.join(result.new_periods)}."
    if result.revised_cells:
        text += (
            f" {result.revised_cells:,} figures were revised: "
            f"integstats diff {result.dataset} shows them."
        )
    return text


def _bar(name: str, *, quiet: bool) -> Progress | None:
    if quiet or not sys.stderr.isatty():
        return None
    reads = is_whole_file(name)
    bar = tqdm(desc=name, unit="B" if reads else "call", unit_scale=reads, delay=0.5, leave=False)

    def told(done: int, total: int, seconds: float) -> None:
        if bar.total != total:
            bar.total = total
            if not reads:
                bar.set_postfix_str(f"at least {seconds:.0f} s under the publisher's limit")
        bar.update(done - bar.n)
        if done == total:
            bar.close()

    return told


def _size(size: float, unit: str) -> str:
    if unit == "share":
        return f"{100 * size:,.2f} percentage points"
    return f"{size:,.0f} persons" if unit == "persons" else f"{size:,.1f} {unit}"


def check(options: argparse.Namespace) -> int:
    """Ask whether the publishers still offer what the catalogue names."""
    found = loading.check(options.datasets or None, data_dir=options.data_dir)
    if options.json:
        output.print_json(found)
    else:
        for one in found:
            if not options.quiet or one.severity == "error":
                print(f"{one.severity:8}{one.dataset}: {one.message}")
    return SourceChangedError.exit_code if any(one.severity == "error" for one in found) else 0


def diff(options: argparse.Namespace) -> int:
    """Say what changed between two stored vintages."""
    found = loading.diff(
        options.dataset, before=options.before, after=options.after, data_dir=options.data_dir
    )
    if options.json:
        output.print_json(
            {
                "dataset": found.dataset,
                "before": found.before,
                "after": found.after,
                "new_periods": found.new_periods,
                "vanished_periods": found.vanished_periods,
                "compared_cells": found.compared_cells,
                "revised_cells": found.revised_cells,
                "largest": dict(found.largest),
                "places": found.places,
                "renamed": found.renamed,
                "vanished": found.vanished,
                "revisions": output.readable(found.revisions.head(1000)).to_dict("records"),
            }
        )
        return 0
    print(f"{found.dataset}: {found.before} → {found.after}")
    print(f"  new periods: {', '.join(found.new_periods) or 'none'}")
    if found.vanished_periods:
        print(f"  vanished periods: {', '.join(found.vanished_periods)}")
    largest = "; ".join(_size(size, unit) for unit, size in found.largest.items())
    print(
        f"  revised: {found.revised_cells:,} of {found.compared_cells:,} figures"
        f"{', largest ' * bool(largest)}{largest}"
    )
    if found.places:
        names = [phrases.place_name(code, options.lang) for code in found.places[:10]]
        more = f" and {len(found.places) - 10} more" if len(found.places) > 10 else ""
        print(f"  places: {', '.join(names)}{more}")
    for variable, code, old, new in found.renamed:
        print(f"  renamed: {variable} {code}: {old!r} → {new!r}")
    for variable, code in found.vanished:
        print(f"  gone: {variable} {code}")
    return 0
