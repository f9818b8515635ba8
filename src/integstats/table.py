"""The one table: its columns, its types, and the checks that keep wrong numbers out.

One row per place × period × sex × birth region × age (× the extra keys a dataset declares), one
float column per count. See ``docs/columns.md`` for every column.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from integstats.errors import SchemaError

IDENTITY = ("dataset", "vintage")
BASE_KEYS = (*IDENTITY, "place", "period", "sex", "birth_region", "age")
ANNOTATIONS = ("status", "note", "missing_members")
STATUSES = ("final", "preliminary", "derived")
SEXES = ("women", "men", "total")
BIRTH_REGIONS = ("foreign_born", "native_born", "total")
TOTAL = "total"


def key_columns(table: pd.DataFrame) -> list[str]:
    """Return the key columns of a table, the usual ones first.

    A key is one of the usual keys, or any other column that is neither numeric nor an annotation
    (`status`, `<count>_status`, `note`, `missing_members`).

    Examples
    --------
    >>> frame = pd.DataFrame({"place": ["00"], "education": ["upper"], "employed": [5.0]})
    >>> key_columns(frame)
    ['place', 'education']
    """
    usual = [key for key in BASE_KEYS if key in table.columns]
    extra = [
        str(name)
        for name in table.columns
        if name not in BASE_KEYS
        and name not in ANNOTATIONS
        and not str(name).endswith(("_status", "_note"))
        and not pd.api.types.is_numeric_dtype(table[name].dtype)
    ]
    return usual + extra


def value_columns(table: pd.DataFrame) -> list[str]:
    """Return the numeric columns: counts, rates, differences."""
    return [str(c) for c in table.columns if pd.api.types.is_numeric_dtype(table[c].dtype)]


def require(table: pd.DataFrame, columns: Iterable[str], *, what: str) -> None:
    """Raise SchemaError naming the columns a function needs and does not find."""
    missing = [name for name in columns if name not in table.columns]
    if missing:
        raise SchemaError(
            f"{what} needs the column{'s' * (len(missing) > 1)} {', '.join(missing)}; "
            f"got: {', '.join(map(str, table.columns))}."
        )


def check(table: pd.DataFrame) -> None:
    """Raise SchemaError unless the frame is a valid table.

    The usual key columns are there, `period` is a pandas Period of one frequency, codes are
    text, no key is missing, keys are unique, and `status` holds known words.
    """
    require(table, (*BASE_KEYS, "status"), what="The table")
    if not isinstance(table["period"].dtype, pd.PeriodDtype):
        raise SchemaError(
            f"The column period must hold pandas Periods of one frequency; got "
            f"{table['period'].dtype}."
        )
    keys = key_columns(table)
    for key in keys:
        if table[key].isna().any():
            raise SchemaError(f"The key column {key} has {int(table[key].isna().sum())} missing.")
    unknown = set(table["status"].astype(str)) - set(STATUSES)
    if unknown:
        raise SchemaError(
            f"Unknown status: {', '.join(sorted(unknown))}. Allowed: {', '.join(STATUSES)}."
        )
    require_unique(table, keys, what="The table")


def require_unique(
    table: pd.DataFrame,
    keys: Sequence[str],
    *,
    what: str,
    rows: np.ndarray | None = None,
    ids: np.ndarray | None = None,
) -> None:
    """Raise SchemaError naming the first key that stands on more than one row.

    `rows` are the positions to look at, all when left out; `ids` are the `row_ids` of the keys,
    where the caller has them already.
    """
    ids = row_ids(table, keys) if ids is None else ids
    rows = np.arange(len(table)) if rows is None else rows
    if _all_different(ids[rows]):
        return
    _, first, count = np.unique(ids[rows], return_index=True, return_counts=True)
    row = table.iloc[int(rows[first[count > 1][0]])]
    named = ", ".join(f"{key}={row[key]}" for key in keys)
    raise SchemaError(
        f"{what} has {int((count > 1).sum())} keys on more than one row, the first: {named}. "
        "Keep one row per key: choose one vintage, age and frequency."
    )


def row_ids(table: pd.DataFrame, keys: Sequence[str]) -> np.ndarray:
    """Return one integer per row, equal exactly where all the keys are equal.

    The integers are mixed-radix numbers of the category codes, so no row is compared as text;
    where their product would not fit in 64 bits they are renumbered on the way.
    """
    ids = np.zeros(len(table), dtype=np.int64)
    span = 1
    for key in keys:
        codes, size = _codes(table[key])
        if size == 1:
            continue
        if span > (2**62) // size:
            ids = np.unique(ids, return_inverse=True)[1].astype(np.int64)
            span = int(ids.max(initial=0)) + 1
        ids *= size
        ids += codes
        span *= size
    return ids


def match_rows(
    left: np.ndarray, right: np.ndarray, *, rows: np.ndarray | None = None
) -> np.ndarray:
    """Return, for each id of `left`, where it stands in `right`, or -1.

    Parameters
    ----------
    left, right
        Ids of `row_ids` made in one call; `right` holds each at most once.
    rows
        What to return for each id of `right` instead of its position in it, 0 or more: its row
        in the table.

    Examples
    --------
    >>> match_rows(np.array([7, 3, 9]), np.array([3, 7])).tolist()
    [1, 0, -1]
    """
    if not len(left) or not len(right):
        return np.full(len(left), -1)
    rows = np.arange(len(right)) if rows is None else rows
    low, high = int(right.min()), int(right.max())
    if high - low < _dense_span(len(left) + len(right)):
        # Small integers, since the table is read and written in random order.
        where = np.full(high - low + 1, -1, dtype=np.min_scalar_type(-int(rows.max()) - 1))
        where[right - low] = rows
        if low <= left.min() and left.max() <= high:
            return np.asarray(where[left - low], dtype=np.intp)
        inside = (left >= low) & (left <= high)
        return np.where(inside, where[np.where(inside, left - low, 0)], -1).astype(np.intp)
    order = np.argsort(right)
    place = np.minimum(np.searchsorted(right[order], left), len(right) - 1)
    return np.where(right[order][place] == left, rows[order[place]], -1)


def _dense_span(rows: int) -> int:
    """The largest span of ids for which a table of all of them is quicker than sorting."""
    return 8 * rows + 1024


def _all_different(ids: np.ndarray) -> bool:
    if not len(ids):
        return True
    low, span = int(ids.min()), int(np.ptp(ids))
    if span < _dense_span(len(ids)):
        seen = np.zeros(span + 1, dtype=bool)
        seen[ids - low] = True
        return int(np.count_nonzero(seen)) == len(ids)
    return len(np.unique(ids)) == len(ids)


def _codes(column: pd.Series) -> tuple[np.ndarray, int]:
    """Codes 0 … size − 1 of a column; missing is a value of its own."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes = column.array.codes
        size = len(column.array.categories)
    elif isinstance(column.dtype, pd.PeriodDtype):
        missing = column.isna().to_numpy()
        ordinals = column.array.asi8
        known = ordinals[~missing] if missing.any() else ordinals
        low = int(known.min()) if len(known) else 0
        codes = np.where(missing, -1, ordinals - low) if missing.any() else ordinals - low
        size = int(codes.max(initial=-1)) + 1
    else:
        codes, uniques = pd.factorize(column, use_na_sentinel=True)
        size = len(uniques)
    if codes.min(initial=0) < 0:
        return codes.astype(np.int64) + 1, size + 1
    return codes, max(size, 1)


def worst_status(statuses: Sequence[pd.Series]) -> pd.Categorical:
    """Combine the statuses of the figures a result rests on, row by row.

    ``derived`` wins over ``preliminary``, which wins over ``final``.

    Examples
    --------
    >>> list(worst_status([pd.Series(["final"]), pd.Series(["preliminary"])]))
    ['preliminary']
    """
    ranks = [recoded(one, STATUSES) for one in statuses]
    return pd.Categorical.from_codes(np.maximum.reduce(ranks), categories=pd.Index(STATUSES))


def recoded(words: pd.Series, known: Sequence[str]) -> np.ndarray:
    """Return where each word stands in `known`, or -1, as int8.

    Examples
    --------
    >>> recoded(pd.Series(["men", "women", None], dtype="category"), ["women", "men"]).tolist()
    [1, 0, -1]
    """
    if not isinstance(words.dtype, pd.CategoricalDtype):
        found = pd.Index(known, dtype=object).get_indexer(words.to_numpy(dtype=object))
        return np.asarray(found, dtype="int8")
    codes, categories = words.array.codes, list(words.array.categories)
    if categories == list(known):
        return np.asarray(codes, dtype="int8")
    position = [known.index(one) if one in known else -1 for one in categories]
    return np.asarray(np.array([*position, -1], dtype="int8")[codes])


def holds(words: pd.Series, word: str) -> np.ndarray:
    """Return where a column of words has a certain one.

    Examples
    --------
    >>> holds(pd.Series(["men", "women", None], dtype="category"), "men").tolist()
    [True, False, False]
    """
    if not isinstance(words.dtype, pd.CategoricalDtype):
        return np.asarray(words.to_numpy(dtype=object) == word)
    if word not in words.array.categories:
        return np.zeros(len(words), dtype=bool)
    return np.asarray(words.array.codes == words.array.categories.get_loc(word))


def as_category(values: Iterable[object], first: Sequence[str] = ()) -> pd.Categorical:
    """Return a categorical of text whose categories are `first`, then the others in order."""
    text = [str(one) for one in values]
    rest = [one for one in dict.fromkeys(text) if one not in first]
    return pd.Categorical(text, categories=pd.Index([*first, *rest], dtype="str"))


def sort(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table in its usual order: place, period, sex, birth region, age, extra keys."""
    keys = [key for key in key_columns(table) if key not in IDENTITY]
    identity = [key for key in IDENTITY if key in table.columns]
    return table.sort_values([*keys, *identity], kind="stable", ignore_index=True)


def add_totals(table: pd.DataFrame, keys: Sequence[str] = ("sex", "birth_region")) -> pd.DataFrame:
    """Add the rows "women and men together" and "foreign- and native-born together".

    A total the publisher has published wins: rows are only added where none is there. The sum of
    a missing count is missing, never smaller. Added rows have the status ``derived``.

    Parameters
    ----------
    table
        A table with counts; other numeric columns (rates) must be computed afterwards.
    keys
        The keys to sum over, each in turn.

    Returns
    -------
    pandas.DataFrame
        The rows of `table`, then the added ones, in the usual order.

    Examples
    --------
    >>> frame = pd.DataFrame({"sex": ["women", "men"], "unemployed": [3.0, 4.0],
    ...                       "status": ["final", "final"]})
    >>> add_totals(frame, ["sex"])[["sex", "unemployed", "status"]].values.tolist()
    [['women', 3.0, 'final'], ['men', 4.0, 'final'], ['total', 7.0, 'derived']]
    """
    for key in keys:
        table = _with_total(table, key)
    return table


def _with_total(table: pd.DataFrame, key: str) -> pd.DataFrame:
    parts = {"sex": SEXES[:2], "birth_region": BIRTH_REGIONS[:2]}[key]
    values = table[key].astype(object)
    others = [name for name in key_columns(table) if name != key]
    rows = table[values.isin(parts).to_numpy()]
    if rows.empty:
        return table
    # An extra finer birth region or an absent sex leaves a key without both parts: no total there.
    totals = sum_rows(rows, others, complete=len(parts))
    if (values == TOTAL).any():
        published = set(row_ids_shared(table[(values == TOTAL).to_numpy()], totals, others)[0])
        keep = [one not in published for one in row_ids_shared(table, totals, others)[1]]
        totals = totals[keep]
    totals = totals.assign(**{key: TOTAL})
    return concat([table, totals])


def row_ids_shared(
    first: pd.DataFrame, second: pd.DataFrame, keys: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Return `row_ids` of two frames that can be compared with each other."""
    both = concat([first[list(keys)], second[list(keys)]])
    ids = row_ids(both, keys)
    return ids[: len(first)], ids[len(first) :]


def sum_rows(
    table: pd.DataFrame, by: Sequence[str], *, complete: int | None = None
) -> pd.DataFrame:
    """Sum the counts of the rows that share the keys `by`; the status becomes ``derived``.

    Parameters
    ----------
    table
        A table with counts.
    by
        The keys that stay.
    complete
        When given, keys with another number of rows than this are left out.

    Returns
    -------
    pandas.DataFrame
        `by`, the summed counts and `status`. A sum with a missing part is missing.
    """
    ids, first, inverse, size = np.unique(
        row_ids(table, by), return_index=True, return_inverse=True, return_counts=True
    )
    summed = {name: table[name].iloc[first].array for name in by}
    for name in value_columns(table):
        values = table[name].to_numpy(dtype=float)
        total = np.bincount(inverse, weights=np.nan_to_num(values), minlength=len(ids))
        missing = np.bincount(inverse, weights=np.isnan(values), minlength=len(ids)) > 0
        summed[name] = np.where(missing, np.nan, total)
    result = pd.DataFrame(summed)
    result["status"] = pd.Categorical(["derived"] * len(result), categories=list(STATUSES))
    return result if complete is None else result[size == complete].reset_index(drop=True)


def concat(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Stack frames, uniting the categories of categorical columns instead of losing them."""
    frames = [frame for frame in frames if len(frame)] or list(frames[:1])
    if len(frames) == 1:
        return frames[0]
    union: dict[str, list[object]] = {}
    for frame in frames:
        for name in frame.columns:
            if isinstance(frame[name].dtype, pd.CategoricalDtype):
                known = union.setdefault(name, [])
                known.extend(c for c in frame[name].cat.categories if c not in known)
            elif name in union:
                union[name].extend(c for c in frame[name].unique() if c not in union[name])
    for frame in frames:
        for name, known in union.items():
            if name in frame and not isinstance(frame[name].dtype, pd.CategoricalDtype):
                known.extend(c for c in frame[name].unique() if c not in known)
    return pd.concat(
        [
            frame.assign(
                **{
                    name: pd.Categorical(frame[name], categories=pd.Index(known, dtype="str"))
                    for name, known in union.items()
                    if name in frame
                }
            )
            for frame in frames
        ],
        ignore_index=True,
    )


def select_periods(
    table: pd.DataFrame, start: str | pd.Period | None, end: str | pd.Period | None
) -> pd.DataFrame:
    """Return the rows from `start` to `end`, both included.

    Raises
    ------
    SchemaError
        When a period cannot be read, or nothing lies between them.
    """
    periods = table["period"]
    keep = np.ones(len(table), dtype=bool)
    if start is not None:
        keep &= (periods >= parse_period(start, periods.dtype.freq)).to_numpy()
    if end is not None:
        keep &= (periods <= parse_period(end, periods.dtype.freq)).to_numpy()
    if not keep.any():
        raise SchemaError(
            f"No figures between {start or 'the start'} and {end or 'the end'}: the data runs "
            f"from {periods.min()} to {periods.max()}."
        )
    return table[keep].reset_index(drop=True)


def parse_period(text: str | pd.Period, freq: object) -> pd.Period:
    """Return the Period of that frequency, or raise SchemaError naming what was got.

    Examples
    --------
    >>> parse_period("2024-06", "M")
    Period('2024-06', 'M')
    """
    try:
        period = text if isinstance(text, pd.Period) else pd.Period(str(text), freq=freq)
    except (ValueError, TypeError):
        raise SchemaError(
            f"Not a period: {text!r}. Write a month as 2024-06, a quarter as 2024Q2, a year as "
            "2024."
        ) from None
    wanted = pd.Period(ordinal=0, freq=freq).freq
    if period.freq != wanted:
        raise SchemaError(f"The period {period} is not of the frequency of the data ({wanted}).")
    return period
