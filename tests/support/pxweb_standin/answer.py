"""The figures of a selection: sums over aggregated codes and over variables left out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .selection import Model, Variable
from .table import Cells


def cells_of(model: Model, selected: dict[str, list[str]], order: Sequence[str]) -> Cells:
    """The cells of a selection with the variables in this order; those left out are gone."""
    groups = [_groups(v, selected[v.code]) for v in model.variables]
    wanted = [list(dict.fromkeys(code for group in one for code in group)) for one in groups]
    names = [v.code for v in model.variables]
    values, status = model.table.values(dict(zip(names, wanted, strict=True)))
    for axis, (one, codes) in enumerate(zip(groups, wanted, strict=True)):
        if any(len(group) != 1 for group in one):
            values, status = _summed(values, status, axis, one, codes)
    gone = tuple(i for i, name in enumerate(names) if not selected[name])
    axes = [names.index(name) for name in order] + list(gone)
    shape = tuple(len(selected[name]) for name in order)
    values = values.transpose(axes).reshape(shape)
    return Cells(values, None if status is None else status.transpose(axes).reshape(shape))


def _groups(variable: Variable, codes: Sequence[str]) -> list[tuple[str, ...]]:
    """For each code of the answer, the codes of the table it sums; one group if left out."""
    members = {value.code: value.members for value in variable.values}
    if codes:
        return [members[code] for code in codes]
    if variable.elimination_code is not None:
        return [members[variable.elimination_code]]
    return [tuple(code for group in members.values() for code in group)]


def _summed(
    values: np.ndarray,
    status: np.ndarray | None,
    axis: int,
    groups: Sequence[Sequence[str]],
    codes: Sequence[str],
) -> tuple[np.ndarray, np.ndarray | None]:
    """Sums over groups; a sum with a missing figure is missing, with the first symbol of it."""
    position = {code: i for i, code in enumerate(codes)}
    parts, symbols = [], []
    for group in groups:
        index = [position[code] for code in group]
        parts.append(np.take(values, index, axis=axis).sum(axis=axis, keepdims=True))
        if status is not None:
            some = np.take(status, index, axis=axis)
            first = np.expand_dims((some != "").argmax(axis=axis), axis)
            symbols.append(np.take_along_axis(some, first, axis=axis))
    joined = np.concatenate(parts, axis=axis)
    return joined, np.concatenate(symbols, axis=axis) if status is not None else None
