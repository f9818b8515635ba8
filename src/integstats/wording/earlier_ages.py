"""Which ages a series had before those it has now, where the ages of its source have changed."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping

import pandas as pd

from integstats.wording.claims import Claim, Predicate, Value

_MOST = 5
"""So many earlier spans are told; a source has had two since 1996."""


def _told(spans: int) -> Predicate:
    """The claim of so many changes."""
    sv, en = (
        "; ".join(f"{word} {{since_{at}:period}}: {{age_{at}:age}}" for at in range(spans))
        for word in ("före", "before")
    )
    return Predicate(f"ages.earlier.{spans}", lambda v: v["spans"] == spans, f"{sv}.", f"{en}.")


PREDICATES: Mapping[str, Predicate] = {
    one.id: one for one in (_told(spans) for spans in range(1, _MOST + 1))
}


def earlier_ages(dated: Iterable[tuple[pd.Period, str]]) -> list[Claim]:
    """Return the claim that tells the ages before the last ones, the latest change first.

    Parameters
    ----------
    dated
        Periods, each with the ages that its figures cover.

    Examples
    --------
    >>> from integstats.wording.claims import Text
    >>> dated = [(pd.Period("2022-12"), "16-64"), (pd.Period("2023-01"), "16-65")]
    >>> Text.of(*earlier_ages(dated), lang="sv").text
    'Före januari 2023: 16–64 år.'
    """
    changes = [
        (since, before)
        for (since, age), (_, before) in itertools.pairwise(sorted(set(dated), reverse=True))
        if age != before
    ][:_MOST]
    values: dict[str, Value] = {"spans": len(changes)}
    for at, (since, before) in enumerate(changes):
        values |= {f"since_{at}": str(since), f"age_{at}": before}
    return [Claim(PREDICATES[f"ages.earlier.{len(changes)}"], values)] if changes else []
