"""The main job: the charts of each place, written and told in a few lines."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm import tqdm

from integstats import catalogue, loading
from integstats.analysis.gaps import gaps
from integstats.analysis.rates import rates
from integstats.catalogue import Group, Place, Source
from integstats.charts import dumbbell, gap_trend, target_path
from integstats.charts.chart import Chart, slug
from integstats.cli import output
from integstats.cli.selection import counts_of, meant
from integstats.errors import OutputError
from integstats.loading.processed import process
from integstats.reports.pack import publish
from integstats.table import concat
from integstats.targets.target import Target
from integstats.targets.track import Track, track
from integstats.wording import gap_sentences, sentences
from integstats.wording.footer_sentences import source_line

DATASET = "scb-bas-month"
MEASURE = "employment_rate"
COUNTRY = "00"
YEARS = 2
"""Length of the räkneexempel, a halving until the newest figures."""


def run(options: argparse.Namespace) -> int:
    """Write the charts of every place named and say what was found."""
    places = _chosen(options)
    _kept_as_parquet(options)
    table = counts_of(
        [one.key for one in places],
        dataset=DATASET,
        data_dir=options.data_dir,
        allow_partial=options.allow_partial,
        quiet=True,
    )
    table = concat([table, *_comparisons(table, places, options)])
    found = gaps(rates(table, MEASURE), MEASURE)
    sources = loading.sources(table, data_dir=options.data_dir)
    out = Path(options.out)
    results = []
    for one in _with_progress(places, quiet=options.quiet or options.json):
        results.append(_reported(one, table, found, sources, options, out / slug(one.label())))
    if len(places) > 1:
        together = found[found["place"].isin([one.key for one in places]).to_numpy()]
        chart = _dumbbell(together, sources, options)
        results.append(
            {
                "place": "",
                "name": {"sv": "Jämförelse", "en": "Comparison"}[options.lang],
                "folder": str(out / "jamforelse"),
                "lines": [chart.title.text],
                "files": [str(path) for path in publish(chart, out / "jamforelse")],
            }
        )
    _told(results, sources, options)
    return 0


def _chosen(options: argparse.Namespace) -> tuple[Place | Group, ...]:
    """The places named, or with --members what they consist of."""
    named = meant(options.places, quiet=options.quiet)
    if not options.members:
        return named
    codes: list[str] = []
    for one in named:
        if isinstance(one, Group):
            codes += one.members
        elif one.kind == "county":
            codes += [
                other.code for other in catalogue.places().values() if other.county == one.code
            ]
        else:
            codes.append(one.code)
    return catalogue.resolve_all(codes)


def _kept_as_parquet(options: argparse.Namespace) -> None:
    try:
        process(DATASET, data_dir=options.data_dir)
    except OutputError as error:
        if not options.quiet:
            print(f"integstats: {error} Going on without it.", file=sys.stderr)


def _comparisons(
    table: pd.DataFrame, places: Sequence[Place | Group], options: argparse.Namespace
) -> Iterator[pd.DataFrame]:
    """The country and the places' counties, where they are stored and not asked for already."""
    wanted = [COUNTRY, *(one.county for one in places if isinstance(one, Place) and one.county)]
    stored = loading.stored_places(DATASET, data_dir=options.data_dir)
    have = set(table["place"].astype(str))
    extra = [code for code in dict.fromkeys(wanted) if code in stored and code not in have]
    if extra:
        yield counts_of(extra, dataset=DATASET, data_dir=options.data_dir, quiet=True)


def _reported(
    place: Place | Group,
    table: pd.DataFrame,
    found: pd.DataFrame,
    sources: tuple[Source, ...],
    options: argparse.Namespace,
    folder: Path,
) -> dict[str, Any]:
    look = {"lang": options.lang, "size": options.size, "organisation": options.organisation}
    own = found[(found["place"] == place.key).to_numpy()]
    followed = halving(place.key, table, sources)
    beside = [place.key, COUNTRY, getattr(place, "county", "")]
    charts = [
        gap_trend(own, measure=MEASURE, sources=sources, **look),
        target_path(followed, **look),
        _dumbbell(found[found["place"].isin(beside).to_numpy()], sources, options),
    ]
    files = [
        path
        for chart in charts
        for path in publish(chart, folder, track=followed if chart.kind == "target_path" else None)
    ]
    year = own[
        (own["sex"].isin(("women", "men")) & (own["period"] >= own["period"].max() - 12)).to_numpy()
    ]
    told = gap_sentences.gap_trend_text(year, MEASURE, lang=options.lang)
    return {
        "place": place.key,
        "name": place.label(options.lang),
        "folder": str(folder),
        "lines": [
            *(one.text for one in told.lines),
            sentences.track_summary(followed, lang=options.lang),
        ],
        "charts": {chart.kind: chart.title.text for chart in charts},
        "target": followed.facts(),
        "files": [str(path) for path in files],
    }


def halving(place: str, table: pd.DataFrame, sources: Sequence[Source]) -> Track:
    """Follow the räkneexempel: unemployment of foreign-born women halved in the last two years."""
    last = table.loc[(table["place"] == place).to_numpy(), "period"].max()
    target = Target.halve(
        "unemployment_rate",
        dataset=DATASET,
        places=[place],
        sex="women",
        birth_region="foreign_born",
        baseline=str(last - 12 * YEARS),
        deadline=str(last),
    )
    return track(target, table, sources=sources)


def _dumbbell(
    found: pd.DataFrame, sources: tuple[Source, ...], options: argparse.Namespace
) -> Chart:
    return dumbbell(
        found,
        measure=MEASURE,
        sources=sources,
        lang=options.lang,
        size=options.size,
        organisation=options.organisation,
    )


def _with_progress(places: Sequence[Place | Group], *, quiet: bool) -> Iterator[Place | Group]:
    """Show a bar on a terminal when it takes more than two seconds."""
    yield from tqdm(
        places,
        delay=2,
        leave=False,
        unit="place",
        disable=quiet or not sys.stderr.isatty(),
    )


def _told(
    results: Sequence[dict[str, Any]], sources: Sequence[Source], options: argparse.Namespace
) -> None:
    if options.json:
        output.print_json(results)
        return
    if options.quiet:
        return
    for one in results:
        print(f"{one['name']}")
        for line in one["lines"]:
            print(f"  {line}")
        files = [Path(path) for path in one["files"]]
        pictures = ", ".join(path.name for path in files if path.suffix == ".png")
        print(f"  → {one['folder']}: {pictures}")
    for source in sources:
        print(source_line([source], lang=options.lang).text)
        print(f"  {source.dataset.id}, {source.dataset.table_id}, {source.vintage}")
