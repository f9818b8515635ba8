"""The command that shows gaps."""

from __future__ import annotations

import argparse
from typing import Any

import pandas as pd

from integstats import catalogue
from integstats.analysis.gaps import gaps
from integstats.analysis.rates import rates
from integstats.cli import output
from integstats.cli.selection import counts_of
from integstats.table import select_periods
from integstats.wording import numbers, phrases

TOGETHER = {"sv": "kvinnor och män", "en": "women and men"}
HEADINGS = {
    "sv": (
        "plats",
        "grupp",
        "period",
        "inrikes",
        "utrikes",
        "skillnad",
        "intervall",
        "antal",
        "ett år",
    ),
    "en": ("place", "group", "period", "native", "foreign", "gap_pp", "interval", "n", "one_year"),
}


def run(options: argparse.Namespace) -> int:
    """Show the newest gaps and the change in a year, or write all of them."""
    table = counts_of(
        options.places,
        dataset=options.dataset,
        data_dir=options.data_dir,
        allow_partial=options.allow_partial,
    )
    catalogue.measure(options.measure)
    found = gaps(rates(table, options.measure), options.measure, comparator=options.comparator)
    if options.start or options.end:
        found = select_periods(found, options.start, options.end)
    format = "json" if options.json else options.format
    if format != "text":
        output.write_frame(found, format, options.out)
        return 0
    shown = readable(found, options.measure, lang=options.lang, every=bool(options.start))
    if options.out:
        output.write_frame(shown, "csv", options.out)
    else:
        output.print_table(shown)
    return 0


def readable(
    gaps: pd.DataFrame, measure: str, *, lang: catalogue.Language, every: bool
) -> pd.DataFrame:
    """Return gaps as a person reads them: the last period, with the change since a year before.

    Returns
    -------
    pandas.DataFrame
        Text columns, headed in the language: place, group, period, the two rates, the gap in
        percentage points with its interval, persons in the smaller base, change in a year.
    """
    last = gaps["period"].max()
    keys = ["place", "sex", "age"]
    before = gaps.assign(period=gaps["period"] + _year(last))[[*keys, "period", "gap_pp"]]
    joined = gaps.merge(before, on=[*keys, "period"], how="left", suffixes=("", "_before"))
    rows = joined if every else joined[(joined["period"] == last).to_numpy()]
    heads = HEADINGS[lang]
    return pd.DataFrame(
        [
            dict(
                zip(
                    heads,
                    (
                        _place(row, lang),
                        _group(str(row.sex), lang),
                        str(row.period),
                        _or_dash(row.rate_native_born, "percent", lang),
                        _or_dash(row.rate_foreign_born, "percent", lang),
                        _or_dash(row.gap_pp, "points", lang),
                        _interval(row.gap_low, row.gap_high, lang),
                        _or_dash(min(row.n_foreign_born, row.n_native_born), "count", lang),
                        _or_dash(row.gap_pp - row.gap_pp_before, "signed", lang),
                    ),
                    strict=True,
                )
            )
            for row in rows.itertuples()
        ],
        columns=heads,
    )


def _place(row: Any, lang: catalogue.Language) -> str:
    name = phrases.place_name(str(row.place), lang)
    missing = [
        catalogue.place_label(code, lang) for code in str(row.missing_members).split(";") if code
    ]
    if not missing:
        return name
    return f"{name} ({'utan' if lang == 'sv' else 'without'} {', '.join(missing)})"


def _year(period: pd.Period) -> int:
    return {"M": 12, "Q": 4, "Y": 1}[period.freqstr[0]]


def _group(sex: str, lang: catalogue.Language) -> str:
    return TOGETHER[lang] if sex == "total" else phrases.who(f"total:{sex}", lang)


def _or_dash(value: float, kind: str, lang: catalogue.Language) -> str:
    if value != value:
        return "–"
    if kind == "percent":
        return numbers.percent(value, lang=lang)
    if kind == "count":
        return numbers.count(value, lang=lang)
    return numbers.number(value, decimals=1, signed=kind == "signed", lang=lang)


def _interval(low: float, high: float, lang: catalogue.Language) -> str:
    return "–" if low != low or high != high else numbers.interval(low, high, lang=lang)
