from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from integstats.analysis.trends import change_same_month, rolling_rate, seasonal, seasonal_adjust
from integstats.errors import IntegstatsWarning, SchemaError, SmallBaseWarning, UsageError


def months(count: int, start: str = "2020-01") -> pd.PeriodIndex:
    return pd.period_range(start, periods=count, freq="M")


def seasonal_values(count: int, *, seed: int = 1) -> np.ndarray:
    wave = np.sin(2 * np.pi * np.arange(count) / 12)
    return 0.1 + 0.01 * wave + np.random.default_rng(seed).normal(0, 0.002, count)


def one_group(values: np.ndarray, **keys: str) -> pd.DataFrame:
    return pd.DataFrame({"place": "00", "period": months(len(values)), "x_rate": values, **keys})


class TestSeasonal:
    def test_equals_r(self, shared: Path) -> None:
        """R's stl(co2, s.window = 7, t.window = 23), stored by the project."""
        known = pd.read_csv(shared / "data/method/stl_R_co2_s7_t23.csv")
        series = pd.Series(known["co2"].to_numpy(), months(len(known), "1959-01"))
        result = seasonal(series, robust=False, like_r=True, window=7, trend_window=23)
        for name in ("seasonal", "trend", "remainder"):
            np.testing.assert_allclose(result[name], known[name], rtol=0, atol=1e-9)
        # 23 is also what R takes when t.window is left out.
        without = seasonal(series, robust=False, like_r=True, window=7)
        np.testing.assert_allclose(without["trend"], known["trend"], rtol=0, atol=1e-9)

    def test_the_default_is_another_method_than_r(self, shared: Path) -> None:
        known = pd.read_csv(shared / "data/method/stl_R_co2_s7_t23.csv")
        series = pd.Series(known["co2"].to_numpy(), months(len(known), "1959-01"))
        plain = seasonal(series, robust=False, window=7, trend_window=23)
        assert abs(plain["seasonal"].to_numpy() - known["seasonal"]).max() == pytest.approx(
            0.30, abs=0.02
        )

    def test_the_parts_sum_to_the_whole_in_any_order_of_rows(self) -> None:
        series = pd.Series(seasonal_values(60), months(60))
        result = seasonal(series)
        whole = result["trend"] + result["seasonal"] + result["remainder"]
        np.testing.assert_allclose(whole, series, atol=1e-12)
        pd.testing.assert_frame_equal(seasonal(series.sample(frac=1, random_state=3)), result)

    def test_an_outlier_moves_the_robust_trend_less(self) -> None:
        series = pd.Series(seasonal_values(72), months(72))
        hit = series.copy()
        hit.iloc[30] += 0.1
        moved = {
            robust: abs(seasonal(hit, robust=robust) - seasonal(series, robust=robust))["trend"]
            for robust in (True, False)
        }
        assert moved[True].max() < moved[False].max() / 4

    def test_a_gap_is_refused_by_name(self) -> None:
        series = pd.Series(seasonal_values(60), months(60)).drop(pd.Period("2021-03", "M"))
        with pytest.raises(SchemaError, match="2021-03"):
            seasonal(series)

    @pytest.mark.parametrize(
        ("settings", "message"),
        [({"window": 8}, "odd"), ({"window": 5}, "at least 7"), ({"trend_window": 11}, "13")],
    )
    def test_windows_stl_does_not_have(self, settings: dict[str, int], message: str) -> None:
        with pytest.raises(UsageError, match=message):
            seasonal(pd.Series(seasonal_values(60), months(60)), **settings)

    def test_too_short_or_yearly(self) -> None:
        with pytest.raises(SchemaError, match="two years"):
            seasonal(pd.Series(seasonal_values(23), months(23)))
        with pytest.raises(UsageError, match="yearly"):
            seasonal(pd.Series([1.0, 2.0], pd.period_range("2020", periods=2, freq="Y")))


class TestSeasonalAdjust:
    def test_each_group_is_adjusted_by_itself(self) -> None:
        one, two = seasonal_values(48), seasonal_values(48, seed=2)[::-1].copy()
        table = pd.concat([one_group(one, sex="women"), one_group(two, sex="men")])
        result = seasonal_adjust(table.sample(frac=1, random_state=1), "x_rate")
        for sex, values in (("women", one), ("men", two)):
            part = result[result["sex"] == sex].sort_values("period")
            expected = seasonal(pd.Series(values, months(48)))
            np.testing.assert_allclose(part["x_rate_adjusted"], expected["adjusted"])
            np.testing.assert_allclose(part["x_rate_trend"], expected["trend"])

    def test_what_cannot_be_adjusted_is_missing_and_says_why(self) -> None:
        gap = seasonal_values(48)
        gap[20] = np.nan
        table = pd.concat(
            [
                one_group(gap, sex="women"),
                one_group(seasonal_values(20), sex="men"),
                one_group(seasonal_values(48), sex="total"),
            ],
            ignore_index=True,
        )
        before = table.copy()
        with pytest.warns(IntegstatsWarning, match="2 series"):
            result = seasonal_adjust(table, "x_rate")
        pd.testing.assert_frame_equal(table, before)
        notes = result.groupby("sex")["x_rate_adjusted_note"].agg(lambda one: set(one))
        assert notes.to_dict() == {"women": {"gap"}, "men": {"short"}, "total": {""}}
        assert result.loc[result["sex"] != "total", "x_rate_adjusted"].isna().all()
        assert result.loc[result["sex"] == "total", "x_rate_adjusted"].notna().all()

    def test_a_missing_latest_month_stays_missing(self) -> None:
        values = seasonal_values(48)
        values[-1] = np.nan
        result = seasonal_adjust(one_group(values), "x_rate")
        assert np.isnan(result["x_rate_adjusted"].iloc[-1])
        assert result["x_rate_adjusted"].iloc[:-1].notna().all()


class TestRollingRate:
    def table(self) -> pd.DataFrame:
        rng = np.random.default_rng(4)
        parts = [
            pd.DataFrame(
                {
                    "place": place,
                    "period": months(30),
                    "unemployed": rng.integers(50, 90, 30).astype(float),
                    "labour_force": rng.integers(900, 1100, 30).astype(float),
                }
            )
            for place in ("0180", "1283")
        ]
        return pd.concat(parts, ignore_index=True)

    def test_it_is_sum_over_sum(self) -> None:
        table = self.table()
        result = rolling_rate(
            table.sample(frac=1, random_state=5),
            numerator="unemployed",
            denominator="labour_force",
        ).sort_index()
        year = table[(table["place"] == "1283")].iloc[10:22]
        row = result[(result["place"] == "1283")].iloc[21]
        assert row["rolling_rate"] == pytest.approx(
            year["unemployed"].sum() / year["labour_force"].sum()
        )
        assert row["rolling_n"] == pytest.approx(year["labour_force"].mean())
        assert result.groupby("place")["rolling_rate"].apply(lambda x: x.isna().sum()).eq(11).all()

    def test_known_reading_of_linkoping(self, shared: Path) -> None:
        """METHOD 7: done of a halving 2018-09 to 2020-09, 12-month rate: −8 and +6 per cent."""
        path = shared / "data/linkoping/linkoping_riket_af_monthly_2008_long.csv"
        frame = pd.read_csv(path).query("grupp == 'UTRIKES'")
        wide = frame.pivot(index=["region", "manad"], columns="matt", values="value").reset_index()
        table = pd.DataFrame(
            {
                "place": wide["region"],
                "period": pd.PeriodIndex(wide["manad"], freq="M"),
                "registered_unemployed": wide["Arbetslösa"],
                "labour_force": wide["Arbetskraft"],
            }
        )
        result = rolling_rate(
            table, numerator="registered_unemployed", denominator="labour_force"
        ).set_index(["place", "period"])["rolling_rate"]
        for place, done in (("Linköping", -8), ("Riket", 6)):
            base, now = (result[place, pd.Period(m, "M")] for m in ("2018-09", "2020-09"))
            assert 100 * (base - now) / (0.5 * base) == pytest.approx(done, abs=1)

    def test_a_missing_count_or_period_never_becomes_a_number(self) -> None:
        table = self.table()
        table.loc[14, "unemployed"] = np.nan
        table = table.drop(index=45)
        result = rolling_rate(table, numerator="unemployed", denominator="labour_force")
        first = result[result["place"] == "0180"]
        assert first["rolling_rate"].iloc[14:26].isna().all()
        assert first["rolling_n"].iloc[14:26].isna().all()
        assert (first["rolling_rate_note"].iloc[14:26] == "incomplete").all()
        second = result[result["place"] == "1283"]
        known = second.loc[second["rolling_rate"].notna(), "period"]
        full = [*months(4, "2020-12"), *months(3, "2022-04")]
        assert known.tolist() == full

    def test_quarters_have_a_year_of_four(self) -> None:
        table = pd.DataFrame(
            {
                "place": "00",
                "period": pd.period_range("2023Q1", periods=5, freq="Q"),
                "unemployed": [10.0, 20, 30, 40, 50],
                "labour_force": 200.0,
            }
        )
        result = rolling_rate(table, numerator="unemployed", denominator="labour_force")
        np.testing.assert_allclose(result["rolling_rate"], [np.nan] * 3 + [0.125, 0.175])

    def test_few_persons(self) -> None:
        table = pd.DataFrame(
            {
                "place": np.repeat(["0180", "1283", "1480"], 4),
                "period": list(pd.period_range("2023Q1", periods=4, freq="Q")) * 3,
                "unemployed": 3.0,
                "labour_force": np.repeat([29.0, 49.0, 50.0], 4),
            }
        )
        table["period"] = pd.PeriodIndex(table["period"])
        with pytest.warns(SmallBaseWarning, match="2 of 12 readings"):
            result = rolling_rate(table, numerator="unemployed", denominator="labour_force")
        last = result.groupby("place").nth(3)
        assert last["rolling_rate_note"].tolist() == ["suppressed", "small_base", ""]
        assert last["rolling_rate"].isna().tolist() == [True, False, False]

    def test_two_rows_of_one_key_are_refused(self) -> None:
        table = pd.concat([self.table()] * 2)
        with pytest.raises(SchemaError, match="more than one row"):
            rolling_rate(table, numerator="unemployed", denominator="labour_force")
        with pytest.raises(UsageError, match="at least 1"):
            rolling_rate(self.table(), numerator="unemployed", denominator="labour_force", window=0)


class TestChangeSameMonth:
    def test_a_rate_changes_in_points_a_count_in_persons(self) -> None:
        table = one_group(np.linspace(0.1, 0.2, 25)).assign(unemployed=np.arange(25.0))
        rate = change_same_month(table, "x_rate")
        assert rate["change_pp"].iloc[:12].isna().all()
        np.testing.assert_allclose(rate["change_pp"].iloc[12:], 5.0)
        assert rate["change"].isna().all()
        count = change_same_month(table, "unemployed", years=2)
        assert count["change"].iloc[24] == 24
        assert count["change_pp"].isna().all()
        assert count["earlier_period"].iloc[24] == pd.Period("2020-01", "M")

    def test_groups_gaps_and_order(self) -> None:
        one, two = np.arange(24.0), np.arange(24.0) ** 2
        two[3] = np.nan
        table = pd.concat([one_group(one, sex="women"), one_group(two, sex="men")])
        table = table[~((table["sex"] == "women") & (table["period"] == pd.Period("2020-05", "M")))]
        table = table.rename(columns={"x_rate": "unemployed"})
        result = change_same_month(table.sample(frac=1, random_state=2), "unemployed")
        wide = result.pivot(index="period", columns="sex", values="change")
        assert np.isnan(wide.loc["2021-05", "women"])
        assert np.isnan(wide.loc["2021-04", "men"])
        assert wide.loc["2021-06", "women"] == 12
        assert wide.loc["2021-06", "men"] == 17**2 - 5**2
        assert wide.notna().sum().tolist() == [11, 11]

    def test_unknown_column_and_years(self) -> None:
        with pytest.raises(SchemaError, match="y_rate"):
            change_same_month(one_group(np.ones(3)), "y_rate")
        with pytest.raises(UsageError, match="at least 1"):
            change_same_month(one_group(np.ones(3)), "x_rate", years=0)
