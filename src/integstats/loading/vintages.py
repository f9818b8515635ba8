"""What changed between two stored vintages of a dataset."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from integstats import catalogue, store
from integstats.errors import SnapshotMissingError, UnknownCodeError
from integstats.loading.read import vintage_table
from integstats.table import concat, key_columns, match_rows, row_ids_shared, value_columns


@dataclass(frozen=True, eq=False)
class Difference:
    """What changed from one vintage to another.

    Attributes
    ----------
    dataset, before, after
        Ids of the dataset and the two vintages.
    new_periods, vanished_periods
        Periods only one of them has.
    compared_cells, revised_cells
        Figures both have, and how many of them differ.
    largest
        The largest revision of each unit that was revised (absolute): ``persons``, ``share``
        (0–1), ``thousand kronor``.
    revisions
        One row per revised figure: the keys, ``count`` (name of its column), ``before``,
        ``after``, ``change`` (after − before, in the unit of the column); largest first.
    renamed
        Codes whose label changed: variable, code, old label, new label.
    vanished
        Codes that the newer vintage does not have any more: variable and code.
    """

    dataset: str
    before: str
    after: str
    new_periods: tuple[str, ...]
    vanished_periods: tuple[str, ...]
    compared_cells: int
    revised_cells: int
    largest: Mapping[str, float]
    revisions: pd.DataFrame
    renamed: tuple[tuple[str, str, str, str], ...]
    vanished: tuple[tuple[str, str], ...]

    @property
    def places(self) -> tuple[str, ...]:
        """Codes of the places with revised figures, most revised first."""
        return tuple(map(str, self.revisions["place"].value_counts().loc[lambda n: n > 0].index))


def diff(
    dataset: str,
    *,
    before: str | None = None,
    after: str | None = None,
    data_dir: Path | str | None = None,
) -> Difference:
    """Compare two stored vintages; the newest with the one before when none is named.

    Parameters
    ----------
    dataset
        Id of the dataset.
    before, after
        Stored vintages.
    data_dir
        Where the user's snapshots lie; see `integstats.store.write_root`.

    Raises
    ------
    SnapshotMissingError
        When there are not two vintages.
    UnknownCodeError
        When a vintage is not stored.
    """
    what = catalogue.dataset(dataset)
    found = store.snapshots(what.id, data_dir=data_dir)
    vintages = list(dict.fromkeys(one.vintage for one in found))
    for name in (before, after):
        if name is not None and name not in vintages:
            raise UnknownCodeError(
                f"No stored vintage {name!r} of {dataset}. Stored: {', '.join(vintages) or 'none'}."
            )
    after = after or (vintages[0] if vintages else None)
    rest = [name for name in vintages if name != after]
    before = before or (rest[0] if rest else None)
    if after is None or before is None:
        raise SnapshotMissingError(
            f"Two vintages of {dataset} are needed to compare; stored: "
            f"{', '.join(vintages) or 'none'}. Get a newer one when the publisher has updated: "
            f"integstats fetch {dataset}"
        )
    old, new = (vintage_table(what, name, data_dir=data_dir) for name in (before, after))
    revisions, compared = _revisions(old, new)
    labels: list[dict[str, dict[str, str]]] = [
        next(
            (
                one.sidecar.get("pinned", {}).get("labels", {})
                for one in found
                if one.vintage == name
            ),
            {},
        )
        for name in (before, after)
    ]
    renamed, vanished = _labels(*labels)
    return Difference(
        dataset=dataset,
        before=before,
        after=after,
        new_periods=_only(new, old),
        vanished_periods=_only(old, new),
        compared_cells=compared,
        revised_cells=len(revisions),
        largest=_largest(revisions),
        revisions=revisions,
        renamed=renamed,
        vanished=vanished,
    )


def revisions_by_lag(older: pd.DataFrame, newer: pd.DataFrame) -> pd.DataFrame:
    """Say how large revisions are, by how old the figure was when it was first seen.

    Parameters
    ----------
    older, newer
        The one table of two vintages, or of the preliminary and the final dataset.

    Returns
    -------
    pandas.DataFrame
        One row per ``lag`` (periods between the last period of `older` and the period revised)
        and ``count`` (its name): ``cells``, ``revised`` (how many differ), ``mean_change`` and
        ``mean_absolute_change``, ``largest`` (absolute; these three in the unit of the column:
        persons, or for a rate a share 0–1), ``relative`` (sum of absolute changes / sum of the
        newer figures).
    """
    joined = _side_by_side(older, newer)
    last = older["period"].max()
    ordinal = {"period": joined["period"].map(lambda one: last.ordinal - one.ordinal)}
    joined = joined.assign(lag=ordinal["period"], change=joined["after"] - joined["before"])
    grouped = joined.groupby(["lag", "count"], observed=True)
    return grouped.agg(
        cells=("change", "size"),
        revised=("change", lambda x: int((x != 0).sum())),
        mean_change=("change", "mean"),
        mean_absolute_change=("change", lambda x: float(x.abs().mean())),
        largest=("change", lambda x: float(x.abs().max())),
        relative=(
            "change",
            lambda x: float(x.abs().sum() / max(joined.loc[x.index, "after"].abs().sum(), 1e-12)),
        ),
    ).reset_index()


def _side_by_side(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """The figures that both have, one a row."""
    return concat([both.drop(columns="same") for both in _by_count(old, new)])


def _by_count(old: pd.DataFrame, new: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """For one count after the other, the rows that both have, and whether they are the same."""
    keys = [key for key in key_columns(new) if key not in ("dataset", "vintage")]
    new_ids, old_ids = row_ids_shared(new, old, keys)
    where = match_rows(new_ids, old_ids)
    at = np.flatnonzero(where >= 0)
    for name in value_columns(new):
        if name in old.columns:
            before = old[name].to_numpy(dtype=float)[where[at]]
            after = new[name].to_numpy(dtype=float)[at]
            same = (before == after) | (np.isnan(before) & np.isnan(after))
            held = new[keys].iloc[at].reset_index(drop=True)
            yield held.assign(count=name, before=before, after=after, same=same)


def _revisions(old: pd.DataFrame, new: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    changed, compared = [], 0
    for both in _by_count(old, new):
        compared += len(both)
        changed.append(both[~both["same"].to_numpy()].drop(columns="same"))
    found = concat(changed)
    found = found.astype({key: str for key in key_columns(found) if key != "period"})
    found = found.assign(change=found["after"] - found["before"])
    order = found["change"].abs().sort_values(ascending=False, kind="stable").index
    return found.loc[order].reset_index(drop=True), compared


def _largest(revisions: pd.DataFrame) -> dict[str, float]:
    units = revisions["count"].map(catalogue.unit_of)
    largest = revisions["change"].abs().groupby(units.to_numpy()).max().dropna()
    return {str(unit): float(change) for unit, change in largest.items()}


def _only(one: pd.DataFrame, other: pd.DataFrame) -> tuple[str, ...]:
    known = set(other["period"])
    return tuple(str(period) for period in sorted(set(one["period"]) - known))


def _labels(
    old: dict[str, dict[str, str]], new: dict[str, dict[str, str]]
) -> tuple[tuple[tuple[str, str, str, str], ...], tuple[tuple[str, str], ...]]:
    renamed, vanished = [], []
    for variable, labels in old.items():
        now = new.get(variable, {}) if new else labels
        for code, label in labels.items():
            if code not in now:
                vanished.append((variable, code))
            elif now[code] != label:
                renamed.append((variable, code, label, now[code]))
    return tuple(renamed), tuple(vanished)
