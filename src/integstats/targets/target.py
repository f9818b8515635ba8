"""A target as data: what is to change, for whom, from when, until when, and who decided it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypedDict, Unpack

import pandas as pd

from integstats import catalogue
from integstats.analysis.gaps import Comparator
from integstats.catalogue import Better, workbooks
from integstats.errors import TargetError, did_you_mean
from integstats.targets import assumptions, requirements
from integstats.targets.assumptions import Assumption
from integstats.targets.requirements import Frequency, Kind, Path, Reading, Unit


class Options(TypedDict, total=False):
    """What every constructor of `Target` takes besides its own arguments."""

    id: str
    dataset: str
    sex: str
    birth_region: str
    age: str
    reading: str
    path: str
    better: str
    decided_by: str
    decided_on: str
    url: str
    source_text: str


@dataclass(frozen=True, kw_only=True)
class Target:
    """A target, complete and checked; a name without figures.

    Write one with `halve`, `reduce`, `reach`, `close_gap`, `add_count`, `reach_rank` or
    `from_dict`: they fill what is left out from the catalogue and list it in `assumptions`.

    Parameters
    ----------
    id
        A short name for files; made from the other fields when left out.
    places
        Keys of places or groups; several are pooled from their counts, never averaged.
    dataset
        Id in the catalogue. Own figures have an id that begins with ``own-``, invented ones
        contain ``synthetic``: these need no catalogue, but must name their age.
    measure
        Id of a rate in the catalogue, or the name of a count column (``unemployed``).
    sex, birth_region, age
        The group, in the words of the one table. Where the ages of a dataset follow each other
        over time, any of them stands for the series (`age_at` says which it has in a period).
    kind
        ``relative_reduction`` (amount 0.5 = halve), ``level`` (a share 0–1), ``gap_pp`` (gap in
        percentage points), ``ratio`` (rate of the group / rate of the comparator), ``count``
        (persons), ``added_count`` (persons more, or with a minus fewer, than at the baseline),
        ``rank`` (place in a ranking; never gets a verdict).
    amount
        In the unit of the kind.
    baseline, deadline
        Periods as text: ``2024-06``, ``2024Q2`` or ``2024``.
    reading
        ``mean_12m`` (sum of twelve months' numerators / sum of their denominators, the default
        for months), ``same_month`` (the baseline's calendar month only) or ``month`` (season not
        taken out); ``mean_4q`` (the default for quarters), ``same_quarter`` or ``quarter``;
        ``year``.
    path
        ``linear`` or ``geometric``.
    better
        ``down`` or ``up``; known for every rate of the catalogue.
    comparator
        None, or whom the gap is measured to: ``same_sex``, ``all_natives`` or ``native_men``.
        With a comparator `measure` is followed as a gap (percentage points, positive = the
        group is worse off) or, for the kind ``ratio``, as a ratio.
    decided_by, decided_on, url, source_text
        The body, the date (``2018``, ``2018-05`` or ``2018-05-21``), where it is written, and
        its words.
    assumed
        Names of the fields that the author left open.

    Raises
    ------
    TargetError
        When the fields contradict each other or cannot be evaluated.
    UnknownCodeError
        When a place, dataset, measure, group or word does not exist.
    """

    id: str
    places: tuple[str, ...]
    dataset: str
    measure: str
    sex: str
    birth_region: str
    age: str
    kind: Kind
    amount: float
    baseline: str
    deadline: str
    reading: Reading
    path: Path
    better: Better
    comparator: Comparator | None = None
    decided_by: str = ""
    decided_on: str = ""
    url: str = ""
    source_text: str = ""
    assumed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        keys = assumptions.place_keys(self.places, dataset=self.dataset)
        object.__setattr__(self, "places", keys)
        object.__setattr__(self, "amount", requirements.number(self.amount))
        requirements.check(self)

    @classmethod
    def halve(
        cls,
        measure: str,
        *,
        places: str | Sequence[str],
        baseline: str,
        deadline: str,
        **rest: Unpack[Options],
    ) -> Target:
        """Write the target to halve a rate or count that should be low.

        Examples
        --------
        >>> t = Target.halve("unemployment_rate", places=["Malmö"], sex="women",
        ...                  birth_region="foreign_born", baseline="2024-06", deadline="2026-06")
        >>> t.places, t.kind, t.amount, t.reading, t.decided
        (('1280',), 'relative_reduction', 0.5, 'mean_12m', False)
        >>> [one.field for one in t.assumptions]
        ['dataset', 'age', 'reading', 'path']
        """
        return cls.reduce(measure, 0.5, places=places, baseline=baseline, deadline=deadline, **rest)

    @classmethod
    def reduce(
        cls,
        measure: str,
        share: float,
        *,
        places: str | Sequence[str],
        baseline: str,
        deadline: str,
        **rest: Unpack[Options],
    ) -> Target:
        """Write the target to take away a share (0.25 = a quarter) of a rate or count."""
        given = _given(measure, places, baseline, deadline, rest)
        return cls.from_dict({**given, "kind": "relative_reduction", "amount": share})

    @classmethod
    def reach(
        cls,
        measure: str,
        level: float,
        *,
        places: str | Sequence[str],
        baseline: str,
        deadline: str,
        **rest: Unpack[Options],
    ) -> Target:
        """Write the target to reach a level: a share 0–1 of a rate, or a number of persons."""
        given = _given(measure, places, baseline, deadline, rest)
        kind = "level" if measure in catalogue.measures() else "count"
        return cls.from_dict({**given, "kind": kind, "amount": level})

    @classmethod
    def close_gap(
        cls,
        measure: str,
        *,
        places: str | Sequence[str],
        baseline: str,
        deadline: str,
        to_pp: float | None = None,
        to_ratio: float | None = None,
        by_share: float | None = None,
        comparator: Comparator | None = None,
        **rest: Unpack[Options],
    ) -> Target:
        """Write the target for a gap; give exactly one of `to_pp`, `to_ratio` and `by_share`.

        Examples
        --------
        >>> t = Target.close_gap("employment_rate", places="riket", sex="women", by_share=0.5,
        ...                      baseline="2024-06", deadline="2028-06")
        >>> t.kind, t.unit, t.birth_region, t.comparator
        ('relative_reduction', 'pp', 'foreign_born', 'same_sex')
        """
        ways = {"gap_pp": to_pp, "ratio": to_ratio, "relative_reduction": by_share}
        chosen = {kind: amount for kind, amount in ways.items() if amount is not None}
        if len(chosen) != 1:
            raise TargetError(
                f"A gap target needs one of to_pp, to_ratio and by_share; got {len(chosen)}. "
                "Write to_pp=5 (percentage points), to_ratio=0.9 or by_share=0.5."
            )
        [(kind, amount)] = chosen.items()
        given = _given(measure, places, baseline, deadline, rest)
        return cls.from_dict({**given, "kind": kind, "amount": amount, "comparator": comparator})

    @classmethod
    def add_count(
        cls,
        measure: str,
        persons: float,
        *,
        places: str | Sequence[str],
        baseline: str,
        deadline: str,
        **rest: Unpack[Options],
    ) -> Target:
        """Write the target of so many more (minus: fewer) persons or places than at the start."""
        given = _given(measure, places, baseline, deadline, rest)
        return cls.from_dict({**given, "kind": "added_count", "amount": persons})

    @classmethod
    def reach_rank(
        cls,
        measure: str,
        rank: int,
        *,
        places: str | Sequence[str],
        baseline: str,
        deadline: str,
        **rest: Unpack[Options],
    ) -> Target:
        """Write the target of a place in a ranking, 1 = best; it never gets a verdict."""
        given = _given(measure, places, baseline, deadline, rest)
        return cls.from_dict({**given, "kind": "rank", "amount": rank})

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Target:
        """Write a target from plain data, as read from TOML or JSON, and fill what is left out.

        Raises
        ------
        TargetError, UnknownCodeError
            As the class; also for a field that does not exist or one that cannot be left out.
        """
        names = [one.name for one in fields(cls)]
        for name in data:
            if name not in names:
                near = did_you_mean(name, names, count=1)
                raise TargetError(
                    f"A target has no field {name!r}.{near} Fields: {', '.join(names)}."
                )
        return cls(**assumptions.fill(data))

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for TOML or JSON; `from_dict` makes the same target of it."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in values.items()
            if value not in (None, "", ())
        }

    @property
    def decided(self) -> bool:
        """Whether somebody has decided it; otherwise it is a räkneexempel."""
        return bool(self.decided_by and self.decided_on)

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """What the author left open, and how it was filled; printed on every output."""
        return tuple(assumptions.assumption(name, getattr(self, name)) for name in self.assumed)

    @property
    def unit(self) -> Unit:
        """What a reading of the target is counted in."""
        if self.kind in ("rank", "ratio"):
            return "rank" if self.kind == "rank" else "ratio"
        if self.comparator:
            return "pp"
        return "share" if self.measure in catalogue.measures() else "persons"

    @property
    def place(self) -> str:
        """The value of the column `place` that the target is read from."""
        return self.places[0] if len(self.places) == 1 else "+".join(self.members)

    @property
    def members(self) -> tuple[str, ...]:
        """Keys of the places whose counts are pooled; a single place is its own member."""
        return assumptions.member_codes(self.places)

    @property
    def frequency(self) -> Frequency:
        """M, Q or Y."""
        return requirements.frequency(self.dataset, self.baseline)

    @property
    def baseline_period(self) -> pd.Period:
        """The baseline as a Period."""
        return pd.Period(self.baseline, freq=self.frequency)

    @property
    def deadline_period(self) -> pd.Period:
        """The deadline as a Period."""
        return pd.Period(self.deadline, freq=self.frequency)

    def age_at(self, period: pd.Period) -> str:
        """Return the ages that the figures of a period cover."""
        return workbooks.age_at(self.dataset, self.age, str(period))

    @property
    def noise_variance(self) -> float:
        """Variance of the disclosure noise of one count, persons²; 0 for own figures."""
        known = catalogue.datasets().get(self.dataset)
        return known.noise_variance if known else 0.0


def _given(
    measure: str, places: str | Sequence[str], baseline: str, deadline: str, rest: Options
) -> dict[str, Any]:
    return {
        "measure": measure,
        "places": places,
        "baseline": baseline,
        "deadline": deadline,
        **rest,
    }
