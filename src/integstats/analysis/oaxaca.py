"""Blinder–Oaxaca: how much of a mean difference do the groups' characteristics account for?

For microdata, one row per person. For tables of counts see `integstats.analysis.decomposition`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from statsmodels.stats.oaxaca import OaxacaBlinder

from integstats.analysis.inputs import FloatArray, require_word
from integstats.errors import SchemaError, UnknownCodeError, UsageError, did_you_mean
from integstats.table import require

Weights = Literal["first", "second", "reimers", "cotton", "neumark", "pooled"]


@dataclass(frozen=True)
class Oaxaca:
    """A difference of two means, split three ways and two ways.

    Attributes
    ----------
    terms
        One row: `n_first`, `n_second`, `mean_first`, `mean_second`, `gap` (first minus second);
        threefold, from the second group's point of view: `endowments`, `coefficients`,
        `interaction`; twofold: `explained`, `unexplained`. Each set adds up to the gap.
    variables
        One row per predictor, and `constant`: the same five terms. They add up to those of
        `terms`; how `coefficients` and `unexplained` spread over predictors depends on where a
        predictor has its zero and on the category left out.
    """

    terms: pd.DataFrame
    variables: pd.DataFrame


def oaxaca(
    table: pd.DataFrame,
    *,
    outcome: str,
    group: str,
    first: object,
    second: object,
    predictors: Sequence[str],
    weights: Weights | float = "pooled",
) -> Oaxaca:
    """Split the difference of two groups' mean outcomes (Blinder 1973, Oaxaca 1973).

    Parameters
    ----------
    table
        One row per person. Rows of the two groups with a missing outcome or predictor are left
        out; `n_first` and `n_second` say how many remain.
    outcome
        A numeric column.
    group, first, second
        The column that tells the groups apart, and its two values; the gap is first minus second.
    predictors
        Numeric or boolean columns. Turn a category into one column per value, less one.
    weights
        Of the twofold split, the coefficients β* at which characteristics are valued:
        ``second`` (weight 0) or ``first`` (weight 1): that group's own; ``reimers``: their mean;
        ``cotton``: weighted by the groups' sizes; ``neumark``: of both groups together;
        ``pooled``: the same with an indicator of the group (Jann 2008); a number 0 to 1: weight
        of the first group's. explained = (x̄₁ − x̄₂)β*, unexplained = x̄₁(β₁ − β*) + x̄₂(β* − β₂).

    Returns
    -------
    Oaxaca

    Raises
    ------
    SchemaError
        For missing columns, text predictors, too few persons, or predictors that determine each
        other.
    UnknownCodeError
        For a group that is not in the column.
    UsageError
        For unknown weights.

    Notes
    -----
    ``statsmodels.stats.oaxaca.OaxacaBlinder``. It spells one type "nuemark", and silently returns
    the pooled result for any other spelling: the words above are checked here. Without standard
    errors: for a register of everybody they have no meaning, for a sample bootstrap the call.

    Examples
    --------
    >>> frame = pd.DataFrame({"wage": [10.0, 12, 15, 8, 9, 12], "years": [1.0, 2, 4, 1, 2, 4],
    ...                       "born": ["native"] * 3 + ["foreign"] * 3})
    >>> split = oaxaca(frame, outcome="wage", group="born", first="native", second="foreign",
    ...                predictors=["years"], weights="second")
    >>> split.terms[["gap", "explained", "unexplained"]].round(3).values.tolist()
    [[2.667, 0.0, 2.667]]
    """
    predictors = list(predictors)
    if not predictors:
        raise UsageError("predictors must name one or more columns.")
    if isinstance(weights, str):
        require_word(weights, Weights, name="weights")
    elif not 0 <= weights <= 1:
        raise UsageError(f"weights as a number must lie within 0 to 1; got {weights!r}.")
    require(table, [outcome, group, *predictors], what="oaxaca")
    for name in (outcome, *predictors):
        if not pd.api.types.is_numeric_dtype(table[name].dtype):
            raise SchemaError(
                f"{name} must be numeric, got {table[name].dtype}; turn a category into one "
                "column of 0 and 1 per value, less one."
            )
    frame = table[[outcome, group, *predictors]].dropna()
    sides = []
    for value in (first, second):
        rows = (frame[group] == value).to_numpy(dtype=bool)
        if not rows.any():
            known = sorted({str(one) for one in frame[group]})
            raise UnknownCodeError(
                f"No complete rows with {group}={value!r}.{did_you_mean(str(value), known)} "
                f"There are: {', '.join(known[:10])}."
            )
        sides.append(frame[rows])
    for value, side in zip((first, second), sides, strict=True):
        matrix = np.column_stack([np.ones(len(side)), side[predictors].to_numpy(dtype=float)])
        if np.linalg.matrix_rank(matrix) < matrix.shape[1]:
            raise SchemaError(
                f"Among the {len(side)} persons with {group}={value!r} the predictors determine "
                f"each other: {', '.join(predictors)}. Drop one, or a category's last column."
            )
    stacked = pd.concat(sides)
    # Sorted values make the first group statsmodels' first: 0 before 1.
    indicator = np.repeat([0.0, 1.0], [len(side) for side in sides])
    model = OaxacaBlinder(
        stacked[outcome].to_numpy(dtype=float),
        np.column_stack([indicator, stacked[predictors].to_numpy(dtype=float)]),
        0,
        hasconst=False,
        swap=False,
    )
    endowments, coefficients, interaction, gap = model.three_fold().params
    unexplained, explained, _ = _two_fold(model, weights)
    terms = {
        "n_first": len(sides[0]),
        "n_second": len(sides[1]),
        "mean_first": sides[0][outcome].mean(),
        "mean_second": sides[1][outcome].mean(),
        "gap": gap,
        "endowments": endowments,
        "coefficients": coefficients,
        "interaction": interaction,
        "explained": explained,
        "unexplained": unexplained,
    }
    return Oaxaca(terms=pd.DataFrame([terms]), variables=_by_variable(model, predictors))


def _two_fold(model: OaxacaBlinder, weights: str | float) -> tuple[float, float, float]:
    if weights in ("reimers", "cotton", "neumark", "pooled"):
        result = model.two_fold(two_fold_type="nuemark" if weights == "neumark" else weights)
    else:
        own = {"first": 1.0, "second": 0.0}[weights] if isinstance(weights, str) else weights
        result = model.two_fold(two_fold_type="self_submitted", submitted_weight=own)
    unexplained, explained, gap = result.params
    return float(unexplained), float(explained), float(gap)


def _by_variable(model: OaxacaBlinder, predictors: list[str]) -> pd.DataFrame:
    """Every term before it is summed over the predictors; statsmodels puts the constant last."""
    first, second = model.exog_f_mean, model.exog_s_mean
    own, other = model._f_model.params, model._s_model.params
    common: FloatArray = model.t_params
    return pd.DataFrame(
        {
            "variable": [*predictors, "constant"],
            "endowments": (first - second) * other,
            "coefficients": second * (own - other),
            "interaction": (first - second) * (own - other),
            "explained": (first - second) * common,
            "unexplained": first * (own - common) + second * (common - other),
        }
    )
