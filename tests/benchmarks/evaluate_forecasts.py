"""Evaluate the forecasts on stored real series and print the tables of docs/forecast-evaluation.md.

    .venv/bin/python tests/benchmarks/evaluate_forecasts.py

reads the folder of stored real answers (INTEGSTATS_SHARED, or ``shared`` beside the repository)
and takes about ten minutes, most of it for the two alternatives that are estimated anew at every
origin. Nothing is written.
"""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from statsmodels.stats.proportion import proportion_confint
from statsmodels.tsa.forecasting.theta import ThetaModel
from statsmodels.tsa.holtwinters import ExponentialSmoothing
from statsmodels.tsa.statespace.sarimax import SARIMAX
from statsmodels.tsa.statespace.structural import UnobservedComponents

from integstats.analysis.backtest import intervals, non_overlapping, rolling_origin
from integstats.analysis.forecast import forecast, probability_reached
from integstats.analysis.methods import Method, seasonal_level, seasonal_naive
from integstats.analysis.series import Reading, rolling_mean

Series = Mapping[str, pd.Series]
Floats = NDArray[np.float64]
SHARED = Path(os.environ.get("INTEGSTATS_SHARED", Path(__file__).resolve().parents[3] / "shared"))
MONTHS, QUARTERS = (1, 3, 6, 12, 18, 24), (1, 2, 4, 6, 8)
SPLIT = {"M": "2017-12", "Q": "2017Q4"}
UNEVEN = ("FÖRGYMN", "UNGDOMAR")


def monthly_series() -> dict[str, pd.Series]:
    """Registered unemployed as a share of the labour force, Linköping and Sweden, by group."""
    path = SHARED / "data/linkoping/linkoping_riket_af_monthly_2008_long.csv"
    wide = pd.read_csv(path).pivot(
        index=["region", "grupp", "manad"], columns="matt", values="value"
    )
    rate = (wide["Arbetslösa"] / wide["Arbetskraft"]).unstack(["region", "grupp"])
    rate.index = pd.PeriodIndex(rate.index, freq="M")
    return {" ".join(name): rate[name] for name in rate.columns if name[1] not in UNEVEN}


def quarterly_series() -> dict[str, pd.Series]:
    """Registered unemployment, all, native- and foreign-born, in 12 municipalities."""
    path = SHARED / "data/linkoping/linkoping_ksi2242_labour_long.csv"
    frame = pd.read_csv(path, dtype={"kommun_kod": str})
    kinds = {
        "Andel arbetslösa 16-65 år av arbetskraften": "all",
        "Andel arbetslösa utrikes födda av arbetskraften": "foreign-born",
        "Andel arbetslösa inrikes födda av arbetskraften": "native-born",
    }
    frame = frame[frame["indikator"].isin(kinds)]
    # Codes of four digits from 2700 on are the compilation's own: means of several municipalities.
    code = frame["kommun_kod"]
    frame = frame[(code.str.len() == 4) & (code < "2700")]
    frame["quarter"] = frame["ar"].astype(str) + "Q" + frame["kvartal_nr"].astype(str)
    wide = frame.pivot(index="quarter", columns=["kommun", "indikator"], values="value") / 100
    wide.index = pd.PeriodIndex(wide.index, freq="Q")
    return {f"{place} {kinds[kind]}": wide[(place, kind)] for place, kind in wide.columns}


def last_value(values: Floats, horizon: int, season: int) -> Floats:
    return np.repeat(values[-1], horizon)


def seasonal_drift(values: Floats, horizon: int, season: int) -> Floats:
    """Today's level, the usual season, and last year's change going on at a fading pace."""
    pace = (values[-1] - values[-1 - season]) / season
    fading = np.cumsum((0.9 ** (12 / season)) ** np.arange(1, horizon + 1))
    return seasonal_level(values, horizon, season) + pace * fading


def theta(values: Floats, horizon: int, season: int) -> Floats:
    fitted = ThetaModel(pd.Series(values), period=season, use_test=False, method="additive").fit()
    return np.asarray(fitted.forecast(horizon))


def damped_ets(values: Floats, horizon: int, season: int) -> Floats:
    model = ExponentialSmoothing(
        values, trend="add", damped_trend=True, seasonal="add", seasonal_periods=season
    )
    return np.asarray(model.fit().forecast(horizon))


def trend_model(values: Floats, horizon: int, season: int) -> Floats:
    model = UnobservedComponents(values, "local linear trend", seasonal=season)
    return np.asarray(model.fit(disp=False, maxiter=200).forecast(horizon))


def backtests(
    series: Series, method: Method, horizons: tuple[int, ...], reading: Reading, step: int = 1
) -> dict[str, pd.DataFrame]:
    return {
        name: rolling_origin(one, method, horizons=horizons, reading=reading, step=step)
        for name, one in series.items()
    }


def evaluated(
    tests: Mapping[str, pd.DataFrame], confidence: float, split: str, *, fixed: bool
) -> pd.DataFrame:
    """Intervals of all series for the origins from the split on, in percentage points."""
    parts = []
    for name, test in tests.items():
        part = intervals(test, confidence=confidence, calibrate_until=split if fixed else None)
        late = part[part["origin"] >= pd.Period(split, freq=part["origin"].dtype.freq)]
        parts.append(late.assign(series=name))
    result = pd.concat(parts, ignore_index=True)
    return result.assign(score=100 * result["score"], mae=100 * result["error"].abs())


def apart(frame: pd.DataFrame, horizon: int) -> tuple[int, int, int]:
    """Covered, intervals and series, counting only non-overlapping origins of each series."""
    checked = frame[frame["covered"].notna()]
    kept = [
        part[non_overlapping(pd.PeriodIndex(part["origin"]), horizon)]
        for _, part in checked.groupby("series")
    ]
    if not kept:
        return 0, 0, 0
    together = pd.concat(kept)
    return int(together["covered"].sum()), len(together), len(kept)


def wilson(hits: float, trials: float) -> str:
    if not trials:
        return "–"
    low, high = proportion_confint(hits, trials, method="wilson")
    return f"{100 * low:.0f}–{100 * high:.0f}"


def number(value: float, digits: int = 2) -> str:
    return "–" if np.isnan(value) else f"{value:.{digits}f}"


def show(title: str, header: list[str], rows: list[list[str]]) -> None:
    print(f"\n### {title}\n")
    print("| " + " | ".join(header) + " |")
    print("|" + " ---: |" * len(header))
    for row in rows:
        print("| " + " | ".join(row) + " |")


def error_table(title: str, series: Series, horizons: tuple[int, ...], reading: Reading) -> None:
    """MAE, interval score, and how many of the series the default is better in."""
    split = SPLIT[next(iter(series.values())).index.freqstr[0]]
    methods = {"level": seasonal_level, "naive": seasonal_naive, "last": last_value}
    tests = {name: backtests(series, one, horizons, reading) for name, one in methods.items()}
    late = {
        (name, level): evaluated(test, level, split, fixed=False)
        for name, test in tests.items()
        for level in (0.80, 0.95)
    }
    rows = []
    for horizon in horizons:
        at = {key: part[part["horizon"] == horizon] for key, part in late.items()}
        mae = {name: at[name, 0.80]["mae"].mean() for name in methods}
        by_series = {
            name: at[name, 0.80].groupby("series")["mae"].mean() for name in ("level", "naive")
        }
        difference = by_series["level"] - by_series["naive"]
        better = int((difference < -1e-9).sum())
        equal = int((difference.abs() <= 1e-9).sum())
        origins = at["level", 0.80]["origin"].nunique()
        scores = [
            number(at[name, level]["score"].mean())
            for level in (0.80, 0.95)
            for name in ("level", "naive")
        ]
        rows.append(
            [
                str(horizon),
                str(origins),
                *(number(mae[name]) for name in methods),
                f"{better} / {equal} / {len(difference) - better - equal}",
                *scores,
            ]
        )
    header = ["ahead", "origins", "MAE level", "MAE naive", "MAE last value"]
    header += ["series better / equal / worse", "score 80 level", "score 80 naive"]
    header += ["score 95 level", "score 95 naive"]
    show(title, header, rows)
    coverage_table(f"{title}: coverage", tests["level"], horizons, split)


def coverage_table(
    title: str, tests: Mapping[str, pd.DataFrame], horizons: tuple[int, ...], split: str
) -> None:
    rows = []
    for level in (0.80, 0.95):
        fixed = evaluated(tests, level, split, fixed=True)
        used = evaluated(tests, level, split, fixed=False)
        for horizon in horizons:
            row = [f"{level:.0%}", str(horizon)]
            for frame in (fixed, used):
                part = frame[frame["horizon"] == horizon]
                hits, trials, count = apart(part, horizon)
                each = trials / count if count else 0
                row += [
                    "–" if part["covered"].isna().all() else f"{100 * part['covered'].mean():.0f}",
                    f"{hits} of {trials}" if trials else "–",
                    wilson(hits, trials),
                    wilson(hits / trials * each, each) if trials else "–",
                ]
            rows.append(row)
    one = ["%, all origins", "apart", "Wilson", "Wilson, one series' worth"]
    show(title, ["interval", "ahead", *(f"fixed: {x}" for x in one), *one], rows)


def candidate_table(title: str, series: Series, horizons: tuple[int, ...]) -> None:
    """MAE before and after the split, of everything tried, on every fifth origin."""
    methods: dict[str, Method] = {
        "seasonal naive": seasonal_naive,
        "last value": last_value,
        "seasonal level": seasonal_level,
        "seasonal level + fading drift": seasonal_drift,
        "theta": theta,
        "damped ETS": damped_ets,
    }
    season = 12 if horizons == MONTHS else 4
    split = SPLIT["M" if season == 12 else "Q"]
    rows = []
    for name, method in methods.items():
        start = time.perf_counter()
        tests = pd.concat(backtests(series, method, horizons, "period", step=5).values())
        spent = time.perf_counter() - start
        row = [name]
        late = tests["origin"] >= pd.Period(split, freq=tests["origin"].dtype.freq)
        for part in (tests[~late], tests[late]):
            mae = 100 * part["error"].abs().groupby(part["horizon"]).mean()
            row += [number(mae[horizon]) for horizon in horizons]
        rows.append([*row, f"{1000 * spent / tests.groupby('horizon').size().max():.1f}"])
    header = ["method", *(f"before, {h}" for h in horizons), *(f"after, {h}" for h in horizons)]
    show(title, [*header, "ms per origin"], rows)


def model_table(series: Series) -> None:
    """SARIMA and the trend model with their own intervals, foreign-born, from December 2014."""
    rows = []
    chosen = {name: one for name, one in series.items() if name.endswith("UTRIKES")}
    models: dict[str, Callable[[Floats], object]] = {
        "SARIMA (0,1,1)(0,1,1)": lambda y: SARIMAX(
            y, order=(0, 1, 1), seasonal_order=(0, 1, 1, 12)
        ).fit(disp=False, maxiter=100),
        "SARIMA (1,1,1)(0,1,1)": lambda y: SARIMAX(
            y, order=(1, 1, 1), seasonal_order=(0, 1, 1, 12)
        ).fit(disp=False, maxiter=100),
        "local linear trend": lambda y: UnobservedComponents(
            y, "local linear trend", seasonal=12
        ).fit(disp=False, maxiter=200),
    }
    errors: dict[str, dict[int, list[float]]] = {}
    covered: dict[str, dict[int, list[bool]]] = {}
    for one in chosen.values():
        values = 100 * one.to_numpy()
        for at in range(one.index.get_loc(pd.Period("2014-12", "M")), len(values) - 24, 6):
            known, later = values[: at + 1], values[at + 1 : at + 25]
            for name, fit in models.items():
                ahead = fit(known).get_forecast(24)  # type: ignore[attr-defined]
                low, high = np.asarray(ahead.conf_int(alpha=0.05)).T
                for h in MONTHS:
                    miss = abs(later[h - 1] - ahead.predicted_mean[h - 1])
                    errors.setdefault(name, {}).setdefault(h, []).append(miss)
                    inside = bool(low[h - 1] <= later[h - 1] <= high[h - 1])
                    covered.setdefault(name, {}).setdefault(h, []).append(inside)
            for name, method in (("level", seasonal_level), ("naive", seasonal_naive)):
                path = method(known, 24, 12)
                for h in MONTHS:
                    miss = abs(later[h - 1] - path[h - 1])
                    errors.setdefault(f"seasonal {name}", {}).setdefault(h, []).append(miss)
    for name, by_horizon in errors.items():
        row = [name, *(number(float(np.mean(by_horizon[h]))) for h in MONTHS)]
        shares = covered.get(name)
        rows.append(row + [f"{100 * np.mean(shares[h]):.0f}" if shares else "–" for h in MONTHS])
    header = [
        "model",
        *(f"MAE, {h}" for h in MONTHS),
        *(f"coverage of its 95 %, {h}" for h in MONTHS),
    ]
    show("Models with their own intervals: foreign-born, Sweden and Linköping", header, rows)


def short_history_table(series: Series, reading: Reading) -> None:
    """What the intervals and probabilities are worth with 78 months, as BAS has."""
    rows, chances = [], []
    for name, one in series.items():
        outcome = pd.Series(
            rolling_mean(one.to_numpy(), 12 if reading == "mean_12m" else 1), one.index
        )
        for end in range(78, len(one) - 1, 5):
            result = forecast(one.iloc[end - 78 : end], horizon=24, reading=reading)
            frame = result.frame.assign(actual=outcome.reindex(result.frame["period"]).to_numpy())
            start = float(outcome.iloc[end - 1])
            for row in frame[frame["actual"].notna() & frame["horizon"].isin(MONTHS)].itertuples():
                inside = {
                    level: np.nan if np.isnan(low) else float(low <= row.actual <= high)
                    for level, low, high in (
                        (80, row.low_80, row.high_80),
                        (95, row.low_95, row.high_95),
                    )
                }
                rows.append(
                    {
                        "series": name,
                        "horizon": row.horizon,
                        "errors": row.errors,
                        "independent": row.independent_errors,
                        "level": 100 * abs(row.actual - row.point),
                        "naive": 100 * abs(row.actual - row.naive),
                        "in 80": inside[80],
                        "in 95": inside[95],
                        "default": result.method == "seasonal_level",
                    }
                )
                for share in (0.8, 0.9, 1.0):
                    chance = probability_reached(result, share * start, period=row.period)
                    reached = row.actual <= share * start
                    error = result.errors.loc[result.errors["horizon"] == row.horizon, "error"]
                    hits = (row.point + error <= share * start).mean() * row.independent_errors
                    own_sign = (hits + 0.5) / (row.independent_errors + 1)
                    chances.append((row.horizon, chance.probability, own_sign, reached))
    frame = pd.DataFrame(rows)
    table = []
    for horizon, part in frame.groupby("horizon"):
        table.append(
            [str(horizon), str(len(part)), f"{part['errors'].mean():.0f}"]
            + [number(part["independent"].mean(), 1), number(part["level"].mean())]
            + [number(part["naive"].mean())]
            + [number(100 * part[f"in {level}"].mean(), 0) for level in (80, 95)]
        )
    print(f"\nDefault kept in {100 * frame['default'].mean():.1f} % of forecasts.")
    header = ["ahead", "forecasts", "errors", "independent", "MAE default", "MAE naive"]
    show(f"78 months of history, {reading}", [*header, "in 80 %", "in 95 %"], table)
    probability_table(f"P(level reached), 78 months of history, {reading}", chances)


def probability_table(title: str, chances: list[tuple[int, float, float, bool]]) -> None:
    frame = pd.DataFrame(chances, columns=["horizon", "p", "own_sign", "reached"]).dropna()
    frame["said"] = pd.cut(frame["p"], [0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1])
    rows = [
        [
            f"{cell.left:.0%}–{cell.right:.0%}",
            str(len(part)),
            f"{100 * part['p'].mean():.0f}",
            f"{100 * part['reached'].mean():.0f}",
        ]
        for cell, part in frame.groupby("said", observed=True)
    ]
    show(title, ["said", "cases", "said, mean %", "came true, %"], rows)
    for name, column in (("Brier score", "p"), ("With errors of their own sign only", "own_sign")):
        brier = ((frame[column] - frame["reached"]) ** 2).groupby(frame["horizon"]).mean()
        print(f"\n{name}, by horizon: " + ", ".join(f"{h}: {b:.3f}" for h, b in brier.items()))


def main() -> None:
    warnings.simplefilter("ignore")
    months, quarters = monthly_series(), quarterly_series()
    first = next(iter(months.values()))
    print(f"{len(months)} monthly series {first.index[0]}–{first.index[-1]}: {', '.join(months)}")
    one = next(iter(quarters.values()))
    print(f"{len(quarters)} quarterly series {one.index[0]}–{one.index[-1]}: {', '.join(quarters)}")
    for reading, name in (("period", "single periods"), ("mean_12m", "12-month means")):
        error_table(f"Monthly, {name}", months, MONTHS, reading)
        error_table(f"Quarterly, {name}", quarters, QUARTERS, reading)
    candidate_table("Candidates, monthly", months, MONTHS)
    candidate_table("Candidates, quarterly", quarters, QUARTERS)
    model_table(months)
    for reading in ("period", "mean_12m"):
        short_history_table(months, reading)


if __name__ == "__main__":
    main()
