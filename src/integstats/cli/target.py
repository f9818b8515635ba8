"""The command that holds a target against the figures."""

from __future__ import annotations

import argparse
import sys
from typing import Any

import pandas as pd

from integstats import catalogue, loading
from integstats.charts import base_rate as base_rate_chart
from integstats.charts import target_path
from integstats.cli import output, targets
from integstats.cli.selection import counts_of, meant
from integstats.errors import TargetError, UsageError
from integstats.reports.organisation import Organisation
from integstats.reports.pack import publish
from integstats.table import concat
from integstats.targets.base_rate import BaseRate, base_rate
from integstats.targets.detectability import detectability, frame
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
    history = _with_counties(table, target, stored, options)
    before = _base_rate(target, history, quiet=options.quiet)
    [shows] = detectability(target, table)
    files = []
    if options.out and options.format == "text":
        by = Organisation.named(options.organisation)
        charts = [
            target_path(
                followed, lang=options.lang, size=options.size, organisation=by.name or None
            )
        ]
        if before is not None and before.own.windows:
            charts.append(
                base_rate_chart(
                    before,
                    lang=options.lang,
                    size=options.size,
                    organisation=by.name or None,
                    sources=loading.sources(history, data_dir=options.data_dir),
                )
            )
        for chart in charts:
            files += [
                str(path) for path in publish(chart, options.out, track=followed, organisation=by)
            ]
    sentences = [
        one
        for one in (before and before.sentence(options.lang), shows.sentence(options.lang))
        if one
    ]
    if options.json:
        output.print_json(
            {
                **followed.facts(),
                "base_rate": None if before is None else _facts(before, options.lang),
                "detectability": {
                    **frame([shows]).iloc[0].to_dict(),
                    "sentence": shows.sentence(options.lang),
                },
                "summary": followed.summary(options.lang),
                "files": files,
            }
        )
        return 0
    if options.format != "text":
        output.write_frame(followed.to_frame(), options.format, options.out)
        return 0
    if not options.quiet:
        print(followed.summary(options.lang))
        for sentence in sentences:
            print(sentence)
        for one in followed.assumptions:
            print(f"  {one.field} = {one.value}: {one.reason(options.lang)}")
        if files:
            print(f"→ {options.out}: {', '.join(path.rpartition('/')[2] for path in files)}")
    return 0


def _with_counties(
    table: pd.DataFrame, target: Target, stored: set[str], options: argparse.Namespace
) -> pd.DataFrame:
    """Add the stored counties, so that it can be said where such a change has been seen."""
    known = catalogue.places()
    counties = {key for key in stored if key in known and known[key].kind == "county"}
    lacking = sorted(counties - set(table["place"].astype(str)))
    if not lacking:
        return table
    more = counts_of(lacking, dataset=target.dataset, data_dir=options.data_dir, quiet=True)
    return concat([table, more])


def _base_rate(target: Target, history: pd.DataFrame, *, quiet: bool) -> BaseRate | None:
    """Return how often such a change was reached, or say why that cannot be counted."""
    try:
        return base_rate(target, history)
    except TargetError as error:
        if not quiet:
            print(error, file=sys.stderr)
        return None


def _facts(found: BaseRate, lang: catalogue.Language) -> dict[str, Any]:
    names = ("months", "scale", "required", "own", "county", "everywhere")
    return {**{name: getattr(found, name) for name in names}, "sentence": found.sentence(lang)}


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
