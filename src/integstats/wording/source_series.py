"""What several sources say of one place, as series that are never joined."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from integstats import catalogue
from integstats.analysis.breaks import begins, breaks_between
from integstats.catalogue import Break, Language
from integstats.errors import SchemaError
from integstats.table import SEXES, require, require_unique
from integstats.wording import numbers, phrases
from integstats.wording.claims import Value
from integstats.wording.terms import Words

LANGUAGES: tuple[Language, Language] = ("sv", "en")
REQUIRED = (
    *("dataset", "vintage", "measure", "place", "period", "sex", "birth_region", "age"),
    *("value", "n", "status"),
)
THEMES: Words = {
    "unemployment": ("arbetslöshet", "unemployment"),
    "employment": ("sysselsättning", "employment"),
    "participation": ("arbetskraftsdeltagande", "labour force participation"),
}
_NUMERATORS = {"employed": "employment", "gainfully_employed": "employment"}
_NUMERATORS |= {"labour_force": "participation"}


@dataclass(frozen=True, eq=False)
class SourceSeries:
    """One series of one source: what it measures, and its figures of one place and group.

    Attributes
    ----------
    dataset, measure
        Ids.
    rows
        ``period`` (text), ``age``, ``value`` (share 0–1), ``n`` and ``status``, sorted by time.
    breaks
        Known breaks inside it.
    cuts
        First periods of a new meaning or another age, as text.
    tail
        What tells it from others of the same measure, in Swedish and English; else blank.
    """

    dataset: str
    measure: str
    rows: pd.DataFrame
    breaks: tuple[Break, ...]
    cuts: tuple[str, ...]
    tail: tuple[str, str]

    @property
    def known(self) -> pd.DataFrame:
        """The rows that have a value."""
        return self.rows[self.rows["value"].notna().to_numpy()]

    def _source(self, lang: Language) -> str:
        """The source as the measure names it in brackets; else the measure."""
        words = catalogue.measure(self.measure).words(lang)
        found = re.search(r"\(([^()]+)\)$", words["unit"])
        return found[1] if found else words["name"]

    def values(self) -> dict[str, Value]:
        """Return the slots of sentences about the series."""
        shown = self.known
        found: dict[str, Value] = {
            "dataset": self.dataset,
            "measure": self.measure,
            "tail_sv": self.tail[0],
            "tail_en": self.tail[1],
            "hidden": len(self.rows) - len(shown),
        }
        for lang, tail in zip(LANGUAGES, self.tail, strict=True):
            name = catalogue.measure(self.measure).words(lang)["name"]
            found[f"name_{lang}"] = f"{name}, {tail}" if tail else name
            found[f"short_{lang}"] = ", ".join(filter(None, (self._source(lang), tail)))
            found[f"cuts_{lang}"] = phrases.listed(
                [numbers.period(one, lang=lang) for one in self.cuts], lang
            )
        if len(shown):
            first, last = shown.iloc[0], shown.iloc[-1]
            found |= {
                "first_period": str(first["period"]),
                "first_value": float(first["value"]),
                "last_period": str(last["period"]),
                "last_value": float(last["value"]),
                "age": str(last["age"]),
            }
            if last["n"] == last["n"]:
                found["n"] = float(last["n"])
        return found


def of_group(found: pd.DataFrame, sex: str, birth_region: str) -> pd.DataFrame:
    """Return the rows of a group of one place, sorted by source and time."""
    require(found, REQUIRED, what="A chart of sources")
    places = found["place"].astype(str).unique()
    if len(places) > 1:
        raise SchemaError(
            f"A chart of sources draws one place; got {len(places)}: {', '.join(places[:5])}. "
            "Give what compare_sources() returned for one."
        )
    kept = (found["sex"].astype(str) == sex) & (found["birth_region"].astype(str) == birth_region)
    rows = found[kept.to_numpy()].reset_index(drop=True)
    if rows.empty:
        groups = found[["sex", "birth_region"]].astype(str).drop_duplicates()
        named = "; ".join(f"{one}, {other}" for one, other in groups.to_numpy().tolist())
        raise SchemaError(
            f"A chart of sources has no rows of sex={sex}, birth_region={birth_region}. There "
            f"are: {named or 'none'}. Allowed for sex: {', '.join(SEXES)}."
        )
    return rows


def series_of(rows: pd.DataFrame) -> Iterator[SourceSeries]:
    """Yield a series for each dataset and measure; ages that overlap in time are apart."""
    keys = ["dataset", "measure"]
    parts = []
    for (dataset, measure), own in rows.groupby(keys, sort=False, observed=True):
        apart = own.groupby("age", sort=False, observed=True)
        for one in [own] if own["period"].is_unique else [part for _, part in apart]:
            require_unique(
                one, [*keys, "age", "period"],
                what="A chart of sources, which knows no further keys,",
            )  # fmt: skip
            order = one["period"].map(lambda text: pd.Period(text).start_time)
            parts.append((str(dataset), str(measure), one.loc[order.sort_values().index]))
    for dataset, measure, own in parts:
        start, end = pd.Period(own["period"].iloc[0]), pd.Period(own["period"].iloc[-1])
        breaks = breaks_between(
            dataset=dataset,
            measure=measure,
            age=";".join(own["age"].astype(str).unique()),
            place=str(own["place"].iloc[0]),
            start=start,
            end=end,
        )
        turns = own["age"].astype(str).ne(own["age"].astype(str).shift()).to_numpy()[1:]
        cuts = {str(begins(one, start.freq)) for one in breaks}
        cuts |= set(own["period"].iloc[1:][turns])
        same = [(other, ages) for other, what, ages in parts if what == measure]
        yield SourceSeries(
            dataset, measure, own.reset_index(drop=True), breaks, tuple(sorted(cuts)),
            _tail(dataset, own, same),
        )  # fmt: skip


def _tail(
    dataset: str, own: pd.DataFrame, same: Sequence[tuple[str, pd.DataFrame]]
) -> tuple[str, str]:
    """What tells a series from others of its measure; blank where there are none."""
    datasets = list(dict.fromkeys(one for one, _ in same))
    if len(datasets) < 2:
        return "", ""
    known = catalogue.datasets()
    names = {one: [known[one].name(lang) if one in known else one for lang in ("sv", "en")]
             for one in datasets}  # fmt: skip
    ends = {one: [name.partition(", ")[2] or name for name in both] for one, both in names.items()}
    alike = len({both[0] for both in ends.values()}) < len(ends)
    sv, en = (names if alike else ends)[dataset]
    return sv, en


def theme_of(measures: Sequence[str]) -> str:
    """Return what the measures are about: ``unemployment``, ``employment`` or ``participation``.

    Raises
    ------
    SchemaError
        When they are about several things.
    """
    found = {_NUMERATORS.get(catalogue.measure(one).numerator, "unemployment") for one in measures}
    if len(found) > 1:
        raise SchemaError(
            f"The sources are about several things: {', '.join(sorted(found))}. Give the rows of "
            "one theme."
        )
    return found.pop()
