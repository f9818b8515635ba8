"""Reports for the tests of the writers: real figures, invented ones, and hostile words."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
from PIL import Image

import integstats as ig
from integstats.catalogue import Language
from integstats.charts.editable import Editable, Series
from integstats.reports.organisation import Organisation
from integstats.reports.report import Report, Section, of_chart
from integstats.table import concat
from integstats.wording import report_sentences
from integstats.wording.claims import Claim, Predicate, Text

MARKUP = "<script>document.title='in'</script> & \"A\" 'B' <b>"
HOSTILE = '=HYPERLINK("http://x","y") <script>alert(\'1\')</script> & "Malmö" \x0b\x00'
ACCENT = "#005CA9"


def said(text: str, lang: str = "sv") -> Text:
    """A text of one claim that says just this."""
    written = Predicate("sample", lambda values: True, "{what:text}", "{what:text}")
    return replace(Text.of(lang=lang), text=text, claims=(Claim(written, {"what": text}),))


def logo() -> bytes:
    """A small picture."""
    target = io.BytesIO()
    Image.new("RGB", (40, 16), "#00467F").save(target, "png")
    return target.getvalue()


@cache
def malmo(lang: Language = "sv") -> Report:
    """Two sections, one of two charts, with a räkneexempel, a logo and a colour.

    The gap is followed for two years only: a browser takes seconds for each hundred rows.
    """
    bas = ig.load("scb-bas-month", places=["Malmö", "riket", "Skåne län"])
    gaps = ig.gaps(ig.rates(bas), "employment_rate")
    target = ig.Target.halve(
        "unemployment_rate",
        places=["Malmö"],
        sex="women",
        birth_region="foreign_born",
        baseline="2024-06",
        deadline="2026-06",
    )
    track = ig.track(target, bas)
    own = (gaps["place"] == "1280") & (gaps["period"] >= "2024-06")
    trend = ig.charts.gap_trend(gaps[own.to_numpy()], lang=lang)
    pairs = ig.charts.dumbbell(gaps, lang=lang)
    path = ig.charts.target_path(track, lang=lang)
    assert path.verdict is not None
    return Report(
        name="malmo",
        title=report_sentences.report_title("1280", pd.Period("2026-06"), lang=lang),
        lead=(trend.title,),
        sections=(
            Section("gap", report_sentences.heading("gap", lang), (), (trend, pairs)),
            Section(
                "target",
                report_sentences.heading("illustrative", lang),
                (path.verdict,),
                (path,),
            ),
        ),
        footer=path.footer[-1:],
        sources=ig.sources(bas),
        lang=lang,
        organisation=Organisation("Malmö stad", logo(), ACCENT),
        tracks=(track,),
    )


@cache
def single() -> Report:
    """One chart that stands alone: the gap in Malmö."""
    gaps = ig.gaps(ig.rates(ig.load("scb-bas-month", places=["Malmö"])), "employment_rate")
    return of_chart(ig.charts.gap_trend(gaps), organisation=Organisation("Malmö stad"))


def gaps_of(place: str, *, periods: int = 18, missing: bool = False) -> pd.DataFrame:
    """Invented gaps of one place, the first period of women suppressed where asked for."""
    at = np.tile(np.arange(periods), 2)
    rate = 0.6 + 0.001 * at
    gap = 100 * (0.8 - rate)
    frame = pd.DataFrame(
        {
            "dataset": "synthetic-bas",
            "vintage": "2026-01-01.00000000",
            "place": place,
            "period": pd.period_range("2024-01", periods=periods, freq="M").append(
                pd.period_range("2024-01", periods=periods, freq="M")
            ),
            "sex": np.repeat(["women", "men"], periods),
            "age": "20-64",
            "gap_pp": gap,
            "gap_low": gap - 4,
            "gap_high": gap + 4,
            "rate_foreign_born": rate,
            "rate_native_born": 0.8,
            "n_foreign_born": 400.0,
            "n_native_born": 1200.0,
            "status": "final",
            "note": "",
        }
    )
    if missing:
        figures = ["gap_pp", "gap_low", "gap_high", "rate_foreign_born"]
        frame.loc[0, figures] = np.nan
        frame.loc[0, "note"] = "suppressed"
        frame.loc[1, figures] = np.nan
    return frame


@cache
def hostile() -> Report:
    """A place and a publisher whose names are markup."""
    chart = ig.charts.gap_trend(gaps_of(MARKUP), organisation=MARKUP)
    return of_chart(chart, organisation=Organisation(MARKUP))


def track() -> ig.Track:
    bas = ig.load("scb-bas-month", places=["Malmö", "riket"])
    target = ig.Target.halve(
        "unemployment_rate",
        dataset="scb-bas-month",
        places=["Malmö"],
        sex="women",
        birth_region="foreign_born",
        baseline="2024-06",
        deadline="2027-06",
    )
    return ig.track(target, bas, sources=ig.sources(bas))


def of_real_figures(lang: str = "sv") -> Report:
    """A gap, a target, and several places."""
    bas = ig.load("scb-bas-month", places=["Malmö", "Göteborg", "riket"])
    gaps = ig.gaps(ig.rates(bas), "employment_rate")
    sources = ig.sources(bas)
    look = {"lang": lang, "organisation": "Malmö stad"}
    followed = track()
    malmo = gaps[(gaps["place"] == "1280").to_numpy()]
    trend = ig.charts.gap_trend(malmo, sources=sources, **look)
    path = ig.charts.target_path(followed, **look)
    places = replace(ig.charts.dumbbell(gaps, sources=sources, **look), editable=None)
    return Report(
        name="malmo",
        title=said("Utrikes födda på arbetsmarknaden i Malmö", lang),
        lead=(trend.description,),
        sections=(
            Section("gap", "Hur stor är skillnaden?", (trend.description,), (trend, places)),
            Section("target", "Räkneexempel", (path.verdict,) if path.verdict else (), (path,)),
        ),
        footer=trend.footer,
        sources=sources,
        lang=lang,
        organisation=Organisation("Malmö stad", logo(), "#00467F"),
        tracks=(followed,),
    )


def bars(count: int = 3) -> Editable:
    values = tuple(10.0 + at for at in range(count))
    return Editable(
        "bar",
        tuple(f"Exempelkommun {at}" for at in range(count)),
        (Series("Kvinnor", values, "#C34A00"),),
        "Procentenheter",
        "pp",
    )


def invented(editable: Editable | None, *, words: str = "Exempelkommun A") -> Report:
    """One chart of invented figures whose every word is given."""
    gaps = pd.DataFrame(
        {
            "dataset": "synthetic-bas",
            "vintage": "2026-01-01.00000000",
            "place": [words, words, words, words],
            "period": pd.PeriodIndex(["2024-01", "2024-01", "2024-02", "2024-02"], freq="M"),
            "sex": ["women", "men"] * 2,
            "age": "20-64",
            "gap_pp": [20.0, 10.0, 19.0, float("nan")],
            "gap_low": [16.0, 6.0, 15.0, float("nan")],
            "gap_high": [24.0, 14.0, 23.0, float("nan")],
            "rate_foreign_born": [0.6, 0.7, 0.61, float("nan")],
            "rate_native_born": 0.8,
            "n_foreign_born": 400.0,
            "n_native_born": 1200.0,
            "status": "final",
            "programme": words,
        }
    )
    drawn = gaps.assign(place="Exempelkommun A").drop(columns="programme")
    chart = replace(
        ig.charts.gap_trend(drawn),
        data=gaps,
        title=said(words),
        alt=said(words),
        editable=editable,
    )
    return Report(
        name="pahittat",
        title=said(words),
        lead=(said(words),),
        sections=(Section("gap", words, (said(words),), (chart,)),),
        footer=(words,),
        sources=(),
        lang="sv",
        organisation=Organisation(words),
        tracks=(),
    )


def own_counts(
    place: str = "Exempelkommun A", *, periods: int = 42, dataset: str = "synthetic-bas"
) -> pd.DataFrame:
    """Invented counts of one place, by month from January 2023, whose statuses add up."""
    at = np.arange(periods, dtype=float)
    frames = []
    for sex, persons in (("women", 4000.0), ("men", 4400.0)):
        for birth_region, share, unemployed in (
            ("foreign_born", 0.60 + 0.001 * at, 0.12 - 0.001 * at),
            ("native_born", 0.80 + 0.0002 * at, 0.03 + 0.0 * at),
        ):
            parts = {"employed": share, "unemployed": unemployed, "students": 0.03 + 0.0 * at}
            counts = {name: np.round(persons * part) for name, part in parts.items()}
            counts |= {"retired": 40.0 + 0.0 * at, "sick": 160.0 + 0.0 * at}
            counts["other"] = persons + 5 * at - sum(counts.values())
            frames.append(
                pd.DataFrame(
                    {
                        "dataset": dataset,
                        "vintage": "2026-07-01.00000000",
                        "place": place,
                        "period": pd.period_range("2023-01", periods=periods, freq="M"),
                        "sex": sex,
                        "birth_region": birth_region,
                        "age": "20-64",
                        **counts,
                        "labour_force": counts["employed"] + counts["unemployed"],
                        "population": persons + 5 * at,
                        "status": "final",
                    }
                )
            )
    return concat(frames)
