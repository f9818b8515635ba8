"""The command that holds a target against the figures."""

from __future__ import annotations

import argparse
from typing import Any

from integstats import loading
from integstats.charts import target_path
from integstats.cli import output, targets
from integstats.cli.selection import counts_of, meant
from integstats.errors import UsageError
from integstats.reports.pack import publish
from integstats.table import concat
from integstats.targets.target import Target
from integstats.targets.track import track

COUNTRY = "00"


def run(options: argparse.Namespace) -> int:
    """Follow one target and print its verdict, or write its chart and data sheet."""
    if options.new is not None:
        return targets.new(options.new)
    _require(options)
    target = _target(options)
    table = counts_of(
        options.places,
        dataset=target.dataset,
        data_dir=options.data_dir,
        allow_partial=options.allow_partial,
    )
    stored = loading.stored_places(target.dataset, data_dir=options.data_dir)
    if COUNTRY in stored and not (table["place"] == COUNTRY).any():
        table = concat(
            [table, counts_of([COUNTRY], dataset=target.dataset, data_dir=options.data_dir)]
        )
    sources = loading.sources(table, data_dir=options.data_dir)
    followed = track(target, table, sources=sources)
    files = []
    if options.out and options.format == "text":
        chart = target_path(
            followed, lang=options.lang, size=options.size, organisation=options.organisation
        )
        files = [str(path) for path in publish(chart, options.out, track=followed)]
    if options.json:
        output.print_json(
            {**followed.facts(), "summary": followed.summary(options.lang), "files": files}
        )
        return 0
    if options.format != "text":
        output.write_frame(followed.to_frame(), options.format, options.out)
        return 0
    if not options.quiet:
        print(followed.summary(options.lang))
        for one in followed.assumptions:
            print(f"  {one.field} = {one.value}: {one.reason(options.lang)}")
        if files:
            print(f"→ {options.out}: {', '.join(path.rpartition('/')[2] for path in files)}")
    return 0


def _require(options: argparse.Namespace) -> None:
    needed = {
        "--place": options.places,
        "--baseline": options.baseline,
        "--deadline": options.deadline,
    }
    lacking = [name for name, value in needed.items() if not value]
    if lacking:
        raise UsageError(
            f"A target needs {', '.join(needed)}; {', '.join(lacking)} is left out. "
            "A file to fill in: integstats target --new"
        )


def _target(options: argparse.Namespace) -> Target:
    given: dict[str, Any] = {
        name: getattr(options, name)
        for name in ("dataset", "sex", "birth_region", "age", "reading", "path")
        if getattr(options, name) is not None
    }
    given |= {
        name: getattr(options, name)
        for name in ("decided_by", "decided_on", "url")
        if getattr(options, name)
    }
    given |= {
        "places": [one.key for one in meant(options.places, quiet=options.quiet)],
        "baseline": options.baseline,
        "deadline": options.deadline,
    }
    if options.halve:
        return Target.halve(options.halve, **given)
    if options.reduce:
        return Target.reduce(options.reduce[0], _number(options.reduce[1]), **given)
    return Target.reach(options.reach[0], _number(options.reach[1]), **given)


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise UsageError(
            f"Not a number: {text!r}. Write a share as 0.25, a level as 0.10."
        ) from None
