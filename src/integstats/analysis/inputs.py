"""The inputs of the analysis functions: words, probabilities, numbers, and rows by key."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from integstats import table as one_table
from integstats.errors import SchemaError, UsageError, did_you_mean

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


def require_word(got: str, allowed: object, *, name: str) -> None:
    """Raise UsageError unless `got` is one of the words of the Literal `allowed`.

    Examples
    --------
    >>> from typing import Literal
    >>> require_word("wilsn", Literal["wilson", "wald"], name="method")
    Traceback (most recent call last):
    integstats.errors.UsageError: Unknown method: 'wilsn'. Did you mean 'wilson'? Allowed: ...
    """
    words = get_args(allowed)
    if got not in words:
        near = did_you_mean(str(got), words, count=1)
        raise UsageError(f"Unknown {name}: {got!r}.{near} Allowed: {', '.join(words)}.")


def require_probability(got: float, *, name: str) -> None:
    """Raise UsageError unless `got` lies strictly between 0 and 1."""
    if not 0 < got < 1:
        raise UsageError(f"{name} must lie between 0 and 1, e.g. 0.95; got {got!r}.")


def floats(values: ArrayLike, *, name: str) -> FloatArray:
    """Return an array of finite or missing floats; raise SchemaError for anything else."""
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise SchemaError(f"{name} must hold numbers, got {np.asarray(values).dtype}.") from None
    if np.isinf(array).any():
        raise SchemaError(f"{name} has infinite values; leave what is not known missing.")
    return array


def counts(values: ArrayLike, *, name: str) -> FloatArray:
    """Return an array of counts, 0 or more or missing; raise SchemaError for anything else."""
    array = floats(values, name=name)
    if (array < 0).any():
        raise SchemaError(
            f"{name} has {int((array < 0).sum())} values below 0; counts of persons are 0 or "
            "more. Leave a suppressed count missing."
        )
    return array


def broadcast(*arrays: FloatArray) -> tuple[FloatArray, ...]:
    """Broadcast arrays against each other; raise SchemaError where they do not fit."""
    try:
        return tuple(np.broadcast_arrays(*arrays))
    except ValueError:
        shapes = ", ".join(str(array.shape) for array in arrays)
        raise SchemaError(
            f"Arrays of the shapes {shapes} do not fit together; give one value per row, or one "
            "for all."
        ) from None


def shares(count: FloatArray, nobs: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Return count / nobs, and where that is a share: nobs above 0 and count at most nobs.

    Disclosure noise can lift a count above its denominator; that is no share, and missing.
    """
    valid = np.asarray((nobs > 0) & (count <= nobs))
    return np.divide(count, nobs, out=np.full(count.shape, np.nan), where=valid), valid


def group_keys(table: pd.DataFrame, *, consumed: Iterable[str], what: str) -> list[str]:
    """Return the keys to group by, which are all that are not consumed.

    Raises SchemaError when two rows share all keys: a key that is stored as a number must then
    be turned into text, or the rows summed first.
    """
    consumed = list(consumed)
    one_table.require(table, consumed, what=what)
    if table.empty:
        raise SchemaError(f"{what} got a table without rows.")
    keys = [key for key in one_table.key_columns(table) if key not in consumed]
    one_table.require_unique(table, [*keys, *consumed], what=what)
    return keys


def row_groups(table: pd.DataFrame, keys: list[str]) -> list[NDArray[np.intp]]:
    """Return the row positions of each group of rows with equal keys, in order of appearance.

    Examples
    --------
    >>> frame = pd.DataFrame({"sex": ["men", "women", "men"]})
    >>> [one.tolist() for one in row_groups(frame, ["sex"])]
    [[0, 2], [1]]
    """
    ids = one_table.row_ids(table, keys)
    order = np.argsort(ids, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(ids[order])) + 1)
    return sorted((group for group in groups if len(group)), key=lambda group: int(group[0]))
