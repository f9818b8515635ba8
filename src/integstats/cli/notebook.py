"""Run a notebook for places: each executed, and as a page to keep."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tqdm import tqdm

from integstats import catalogue
from integstats.cli import output
from integstats.cli.selection import meant, members_of
from integstats.errors import IntegstatsError
from integstats.reports.notebook import named, notebooks, run_notebook
from integstats.reports.report import file_stem


def run(options: argparse.Namespace) -> int:
    """List the notebooks, or run one for every place named.

    A place that fails does not stop the others; the first error's exit code is returned.
    """
    if options.name is None:
        listed = list(notebooks())
        if options.json:
            output.print_json(listed)
        else:
            print("\n".join(listed))
        return 0
    name = named(options.name)
    keys = _places(options)
    records, failed = [], []
    bar = tqdm(
        keys,
        delay=2,
        leave=False,
        unit="notebook",
        disable=options.quiet or options.json or not sys.stderr.isatty(),
    )
    for key in bar:
        label = "" if key is None else catalogue.place_label(key)
        try:
            files = run_notebook(
                name,
                Path(options.out),
                place=label or None,
                lang=options.lang,
                stem=None if key is None else f"{name}_{file_stem(key)}",
                data_dir=options.data_dir,
            )
        except IntegstatsError as error:
            if len(keys) == 1:
                raise
            failed.append(error)
            print(f"integstats: {label}: {error}", file=sys.stderr)
            continue
        records.append({"place": key, "name": label, "files": [str(one) for one in files]})
    if options.json:
        output.print_json(records)
    elif not options.quiet:
        for one in records:
            print("\n".join(str(path) for path in one["files"]))
    return failed[0].exit_code if failed else 0


def _places(options: argparse.Namespace) -> list[str | None]:
    """The keys of the places named, or of what they consist of; none for the notebook's own."""
    found = meant(options.places, quiet=options.quiet)
    if options.members:
        found = members_of(found)
    return [one.key for one in found] or [None]
