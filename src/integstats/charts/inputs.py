"""What the charts of gaps read from a table: its sources, its members, its breaks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from integstats import catalogue
from integstats.analysis.breaks import as_one_age, begins
from integstats.catalogue import Break, Language, Source
from integstats.errors import SchemaError, UnknownCodeError
from integstats.table import TOTAL, require, require_unique
from integstats.targets.assumptions import member_codes
from integstats.wording.claims import Text
from integstats.wording.footer_sentences import concept_claims, partial_claims, source_line

SEXES = ("women", "men")
IDENTITY = ("place", "age", "dataset", "vintage")
"""Keys of which a series has one value each."""
REQUIRED = (
    "dataset",
    "vintage",
    "place",
    "period",
    "sex",
    "age",
    "gap_pp",
    "gap_low",
    "gap_high",
    "rate_foreign_born",
    "rate_native_born",
    "n_foreign_born",
    "n_native_born",
    "status",
)
"""Columns of what `integstats.gaps` returns for foreign-born against native-born."""


def checked(gaps: pd.DataFrame, *, what: str, single: Sequence[str]) -> pd.DataFrame:
    """Return the rows of women and men, or of both together where that is all there is.

    Ages that follow each other in a dataset count as one.

    Raises
    ------
    SchemaError
        When a required column is missing, a key of `single` has several values, a place and
        period stands twice, or there are no rows.
    """
    require(gaps, REQUIRED, what=what)
    rows = gaps[gaps["sex"].isin(SEXES).to_numpy()]
    rows = rows if len(rows) else gaps[(gaps["sex"] == TOTAL).to_numpy()]
    if rows.empty:
        raise SchemaError(f"{what} needs rows with sex women, men or total; got none.")
    lasting = as_one_age(rows)
    for key in single:
        found = [str(one) for one in lasting[key].unique()]
        if len(found) > 1:
            raise SchemaError(
                f"{what} draws one {key}; got {len(found)}: {', '.join(found[:5])}"
                f"{', …' if len(found) > 5 else ''}. Select one first."
            )
    require_unique(rows, ["place", "sex", "period"], what=what)
    return rows.sort_values(["place", "sex", "period"], kind="stable", ignore_index=True)


def of_place(gaps: pd.DataFrame, place: str | None) -> pd.DataFrame:
    """Return the rows of a place by its name, or all when none is named.

    Raises
    ------
    UnknownCodeError
        When the place does not exist, or the frame has no rows of it.
    """
    if place is None:
        return gaps
    present = [str(one) for one in gaps["place"].unique()]
    key = place if place in present else catalogue.resolve(place).key
    if key not in present:
        named = ", ".join(catalogue.place_label(one) for one in present[:8])
        raise UnknownCodeError(
            f"The gaps have no rows of {catalogue.place_label(key)}; they have: {named}."
        )
    return gaps[(gaps["place"] == key).to_numpy()]


def is_synthetic(rows: pd.DataFrame) -> bool:
    """Whether any figure is invented."""
    return any("synthetic" in str(one) for one in rows["dataset"].unique())


def sources_of(rows: pd.DataFrame, given: Sequence[Source] | None) -> tuple[Source, ...]:
    """Return the sources as given, or what the catalogue knows of them; none of own figures."""
    if given is not None:
        return tuple(given)
    pairs = rows[["dataset", "vintage"]].drop_duplicates().astype(str).to_numpy().tolist()
    known = [
        (name, vintage)
        for name, vintage in pairs
        if all(part in catalogue.datasets() for part in name.split(";"))
    ]
    return catalogue.sources_of(known)


def source_note(
    rows: pd.DataFrame, origins: Sequence[Source], text: Text, *, organisation: str | None
) -> Text:
    """Return the source line; where there is no source, one that says whose the figures are."""
    if origins:
        return text
    return source_line(
        (), dataset=str(rows["dataset"].iloc[0]), organisation=organisation or "", lang=text.lang
    )


def partial_notes(rows: pd.DataFrame, lang: Language) -> tuple[Text, ...]:
    """Return a note for each pooled place that lacks members."""
    if "missing_members" not in rows:
        return ()
    pairs = rows.loc[rows["missing_members"].notna(), ["place", "missing_members"]]
    claims = []
    for place, codes in pairs.astype(str).drop_duplicates().itertuples(index=False):
        missing = tuple(filter(None, codes.split(";")))
        claims += partial_claims(place, missing, member_codes(place.split("+")))
    return (Text.of(*claims, lang=lang),) if claims else ()


def concept_notes(rows: pd.DataFrame, lang: Language) -> tuple[Text, ...]:
    """Return a note on places abroad, whose publishers count another group than the Swedish one.

    Every chart that takes several places needs it among the notes that are never left out.
    """
    claims = concept_claims([str(one) for one in rows["place"].unique()])
    return (Text.of(*claims, lang=lang),) if claims else ()


def refuse_mixed_datasets(rows: pd.DataFrame, *, what: str) -> None:
    """Refuse places whose figures come from several datasets, but for those of another country.

    Raises
    ------
    SchemaError
        When the places of a country have figures of several datasets.
    """
    known = catalogue.places_abroad()
    pairs = rows[["place", "dataset"]].astype(str).drop_duplicates()
    country = pairs["place"].map(lambda key: known[key].kind[:2] if key in known else "se")
    for _, datasets in pairs["dataset"].groupby(country):
        found = datasets.unique()
        if len(found) > 1:
            raise SchemaError(
                f"{what} draws one dataset of a country; got {len(found)}: "
                f"{', '.join(found[:5])}. Select one first."
            )


def last_known(rows: pd.DataFrame, column: str) -> int | None:
    """Return the position of the last known value of a column."""
    known = np.flatnonzero(np.isfinite(rows[column].to_numpy(dtype=float)))
    return int(known[-1]) if len(known) else None


def cuts(breaks: Sequence[Break], freq: object) -> list[pd.Period]:
    """Return the first period of the new meaning of each break."""
    return sorted({begins(one, freq) for one in breaks})
