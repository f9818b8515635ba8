"""Kitagawa and Das Gupta: the printed examples of his manual, and exact addition."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integstats.analysis.decomposition import DasGupta, das_gupta, kitagawa
from integstats.analysis.standardisation import share_factors
from integstats.errors import SchemaError, UnknownCodeError, UsageError


def headship(shared: Path) -> pd.DataFrame:
    frame = pd.read_csv(shared / "data/method/dasgupta_eg5_1_headship.csv")
    return frame.assign(heads=frame["size"] * frame["rate"])


def effect(found: DasGupta, start: object, end: object) -> dict[str, float]:
    rows = found.effects
    rows = rows[(rows["from_population"] == start) & (rows["to_population"] == end)]
    return dict(zip(rows["factor"], rows["effect"], strict=True))


def standardised(found: DasGupta, factor: str) -> list[float]:
    return found.standardised.loc[found.standardised["factor"] == factor, "rate"].tolist()


def test_household_headship_1970_to_1985(shared: Path) -> None:
    answers = json.loads((shared / "data/method/known_answers.json").read_text("utf-8"))
    expected = next(one for one in answers if one["id"] == "kitagawa_das_gupta")["expected"]
    frame = headship(shared)
    split = kitagawa(
        frame, population="pop", first=1970, second=1985, groups=["age_group"],
        numerator="heads", denominator="size",
    )  # fmt: skip
    terms = split.terms.iloc[0]
    crude = [terms["rate_first"], terms["rate_second"]]
    assert crude == pytest.approx(expected["crude"], abs=5e-5)
    assert terms["composition"] == pytest.approx(expected["composition"], abs=5e-5)
    assert terms["rate"] == pytest.approx(expected["rate"], abs=5e-5)
    assert split.groups["composition"].sum() == pytest.approx(terms["composition"])
    found = das_gupta(frame, population="pop", factors=["rate"], groups=["age_group"], size="size")
    assert effect(found, 1970, 1985) == pytest.approx(
        {"rate": 1.7403, "age_group": 1.2269}, abs=5e-5
    )
    shares = found.effects["share"].iloc[:2] * 100
    assert sorted(shares) == pytest.approx(sorted(expected["share"]), abs=0.005)
    assert standardised(found, "rate") == pytest.approx([45.3309, 47.0712], abs=5e-5)
    assert standardised(found, "age_group") == pytest.approx([45.5876, 46.8145], abs=5e-5)


# Das Gupta (1993), examples 2.1 to 2.4, as the R package DasGuptR prints them.
SCALARS = [
    (
        {"earnings": (10930, 16591), "earners": (0.717892, 0.825974)},
        {"earnings": 4369.913, "earners": 1487.262},
    ),
    (
        {"b": (51.78746, 84.90502), "w": (0.45919, 0.75756), "p": (0.52638, 0.51065)},
        {"b": 10.4340333, "w": 10.5608476, "p": -0.6670084},
    ),
    (
        {"b": (25.3, 32.7), "p": (0.214, 0.290), "a": (0.279, 0.473), "w": (0.949, 0.986)},
        {"b": 0.6889411, "p": 0.8125381, "a": 1.3829055, "w": 0.1047547},
    ),
    (
        {
            "married": (0.58, 0.72), "noncontraception": (0.76, 0.97), "abortion": (0.84, 0.97),
            "lactation": (0.66, 0.56), "fecundity": (16.573, 16.158),
        },
        {
            "married": 1.0909785, "noncontraception": 1.2298438, "abortion": 0.7278399,
            "lactation": -0.8398707, "fecundity": -0.1290187,
        },
    ),
]  # fmt: skip


@pytest.mark.parametrize(("factors", "expected"), SCALARS, ids=lambda one: f"{len(one)}")
def test_products_of_two_to_five_factors(
    factors: dict[str, tuple[float, float]], expected: dict[str, float]
) -> None:
    frame = pd.DataFrame({"pop": ["a", "b"], **factors})
    found = das_gupta(frame, population="pop", factors=list(factors))
    assert effect(found, "a", "b") == pytest.approx(expected, rel=1e-6)


def test_a_rate_that_is_a_difference() -> None:
    """Example 3.1, natural increase 1940 and 1960."""
    frame = pd.DataFrame({"pop": [1940, 1960], "births": [19.4, 23.7], "deaths": [10.8, 9.5]})
    found = das_gupta(
        frame,
        population="pop",
        factors=["births", "deaths"],
        rate_function=lambda births, deaths: births - deaths,
    )
    assert found.rates["rate"].tolist() == pytest.approx([8.6, 14.2])
    assert effect(found, 1940, 1960) == pytest.approx({"births": 4.3, "deaths": 1.3})


def test_vector_factors() -> None:
    """Example 4.3, births in Taiwan 1960 and 1970."""
    frame = pd.DataFrame(
        {
            "pop": [1970] * 7 + [1960] * 7,
            "age": list(range(7)) * 2,
            "bm": [488, 452, 338, 156, 63, 22, 3, 393, 407, 369, 274, 184, 90, 16],
            "mw": [0.082, 0.527, 0.866, 0.941, 0.942, 0.923, 0.876,
                   0.122, 0.622, 0.903, 0.930, 0.916, 0.873, 0.800],
            "wp": [0.058, 0.038, 0.032, 0.030, 0.026, 0.023, 0.019,
                   0.043, 0.041, 0.036, 0.032, 0.026, 0.020, 0.018],
        }
    )  # fmt: skip
    frame = frame.sample(frac=1, random_state=1)
    found = das_gupta(frame, population="pop", factors=["bm", "mw", "wp"], groups=["age"])
    assert effect(found, 1960, 1970) == pytest.approx(
        {"bm": -7.285632, "mw": -2.720633, "wp": -1.565181}, abs=1e-6
    )


def test_five_populations_are_consistent() -> None:
    """Example 6.5, illegitimacy ratio 1963 to 1983, a function of four vectors."""
    columns = {
        "A": [.200, .163, .146, .154, .168, .169, .215, .191, .156, .137, .144, .157,
              .218, .203, .175, .144, .127, .133, .205, .200, .181, .162, .134, .118,
              .169, .195, .190, .174, .150, .122],
        "B": [.866, .325, .119, .099, .099, .121, .891, .373, .124, .100, .107, .127,
              .870, .396, .158, .125, .113, .129, .900, .484, .243, .176, .155, .168,
              .931, .563, .311, .216, .199, .191],
        "C": [.007, .021, .023, .015, .008, .002, .010, .023, .023, .015, .008, .002,
              .011, .016, .017, .011, .006, .002, .014, .019, .015, .010, .005, .001,
              .018, .026, .023, .016, .008, .002],
        "D": [.454, .326, .195, .107, .051, .015, .433, .249, .159, .079, .037, .011,
              .314, .181, .133, .063, .023, .006, .313, .191, .143, .069, .021, .004,
              .380, .201, .149, .079, .025, .006],
    }  # fmt: skip
    years = [1963, 1968, 1973, 1978, 1983]
    frame = pd.DataFrame({"year": np.repeat(years, 6), "age": list(range(6)) * 5, **columns})

    def ratio(A: np.ndarray, B: np.ndarray, C: np.ndarray, D: np.ndarray) -> float:
        outside = (A * B * C).sum()
        return float(1000 * outside / (outside + (A * (1 - B) * D).sum()))

    found = das_gupta(
        frame, population="year", factors=list("ABCD"), groups=["age"], rate_function=ratio
    )
    expected = {
        "A": [72.77031, 74.65254, 73.83625, 71.36001, 64.60057],
        "B": [53.28255, 56.63216, 59.52972, 79.49763, 104.38728],
        "C": [62.17750, 69.61231, 60.48031, 68.54219, 94.17361],
        "D": [54.83361, 64.43823, 81.24203, 79.60288, 74.12756],
    }
    assert found.rates["rate"].tolist() == pytest.approx(
        [30.94957, 53.22084, 62.97390, 86.88830, 125.17462], abs=5e-6
    )
    for factor, rates in expected.items():
        assert standardised(found, factor) == pytest.approx(rates, abs=6e-6)


def test_composition_by_race_and_age() -> None:
    """Example 5.3, death rates 1970 and 1985, as DasGuptR 2.1 prints them."""
    frame = pd.DataFrame(
        {
            "year": [1985] * 22 + [1970] * 22,
            "race": ([1] * 11 + [2] * 11) * 2,
            "age": list(range(11)) * 4,
            "size": [3041, 11577, 27450, 32711, 35480, 27411, 19555, 19795, 15254, 8022, 2472,
                     707, 2692, 6473, 6841, 6547, 4352, 3034, 2540, 1749, 804, 236,
                     2968, 11484, 34614, 30992, 21983, 20314, 20928, 16897, 11339, 5720, 1315,
                     535, 2162, 6120, 4781, 3096, 2718, 2363, 1767, 1149, 448, 117],
            "rate": [9.163, 0.462, 0.248, 0.929, 1.084, 1.810, 4.715, 12.187, 27.728, 64.068,
                     157.570, 17.208, 0.738, 0.328, 1.103, 2.045, 3.724, 8.052, 17.812, 34.128,
                     68.276, 125.161, 18.469, 0.751, 0.391, 1.146, 1.287, 2.672, 6.636, 15.691,
                     34.723, 79.763, 176.837, 36.993, 1.352, 0.541, 2.040, 3.523, 6.746, 12.967,
                     24.471, 45.091, 74.902, 123.205],
        }
    )  # fmt: skip
    found = das_gupta(
        frame, population="year", factors=["rate"], groups=["race", "age"], size="size"
    )
    assert effect(found, 1970, 1985) == pytest.approx(
        {"rate": -2.2277254, "race": 0.0197749, "age": 1.5217347}, abs=1e-7
    )
    assert standardised(found, "age") == pytest.approx([9.907067, 8.385332], abs=1e-6)
    assert standardised(found, "race") == pytest.approx([9.156087, 9.136312], abs=1e-6)


def test_shares_of_three_variables_step_by_step() -> None:
    """Das Gupta's equation for three variables: roots of a third and a sixth."""
    rng = np.random.default_rng(2)
    cells = pd.MultiIndex.from_product([range(2), range(3), range(2)], names=list("ijk"))
    groups = cells.to_frame(index=False)
    size = rng.integers(1, 50, 12).astype(float)
    frame = groups.assign(n=size)

    def margin(*names: str) -> pd.Series:
        return frame.groupby(list(names))["n"].transform("sum") if names else size.sum()

    expected = (
        (size / margin("j", "k")) ** (1 / 3)
        * ((margin("i", "j") / margin("j")) * (margin("i", "k") / margin("k"))) ** (1 / 6)
        * (margin("i") / margin()) ** (1 / 3)
    )
    factors = share_factors(size, groups)
    assert factors["i"] == pytest.approx(expected.to_numpy())
    product = factors["i"] * factors["j"] * factors["k"]
    assert product == pytest.approx(size / size.sum())


def test_every_key_is_kept_and_a_missing_count_stays_missing() -> None:
    one = pd.DataFrame(
        {
            "period": pd.PeriodIndex(["2020-01"] * 2 + ["2024-01"] * 2, freq="M"),
            "age": ["young", "old"] * 2,
            "x": [20.0, 60.0, 33.0, 56.0],
            "n": [50.0, 100.0, 60.0, 80.0],
        }
    )
    frame = pd.concat([one.assign(place="A"), one.assign(place="B", x=[20.0, np.nan, 33.0, 56.0])])
    before = frame.copy()
    split = kitagawa(
        frame, population="period", first="2020-01", second="2024-01", groups=["age"],
        numerator="x", denominator="n",
    )  # fmt: skip
    pd.testing.assert_frame_equal(frame, before)
    assert split.terms["place"].tolist() == ["A", "B"]
    assert split.terms["difference"].isna().tolist() == [False, True]
    assert split.terms.loc[0, "difference"] == pytest.approx(89 / 140 - 80 / 150)
    assert split.groups.columns.tolist() == [
        "place", "age", "share_first", "rate_first", "share_second", "rate_second",
        "composition", "rate", "interaction",
    ]  # fmt: skip


def test_the_interaction_by_itself() -> None:
    frame = pd.DataFrame(
        {"g": [0, 0, 1, 1], "age": list("ab") * 2, "x": [10, 40, 30, 20], "n": [50, 50, 60, 40]}
    )
    split = kitagawa(
        frame, population="g", first=0, second=1, groups=["age"], numerator="x", denominator="n",
        weights="first",
    )  # fmt: skip
    terms = split.terms.iloc[0]
    assert terms["composition"] == pytest.approx(0.1 * 0.2 - 0.1 * 0.8)
    assert terms["rate"] == pytest.approx(0.5 * 0.3 - 0.5 * 0.3)
    assert terms["interaction"] == pytest.approx(0.1 * 0.3 + 0.1 * 0.3)
    assert terms["difference"] == pytest.approx(0.0)


def test_wrong_calls() -> None:
    frame = pd.DataFrame(
        {"sex": ["w", "w", "m", "m"], "age": list("abab"), "x": [1.0, 2, 3, 4], "n": [5.0] * 4}
    )
    options = {"population": "sex", "groups": ["age"], "numerator": "x", "denominator": "n"}
    with pytest.raises(UnknownCodeError, match="sex='k'"):
        kitagawa(frame, first="w", second="k", **options)
    with pytest.raises(SchemaError, match="only one of"):
        kitagawa(frame.iloc[:3], first="w", second="m", **options)
    with pytest.raises(SchemaError, match="no persons in the second"):
        kitagawa(frame.assign(n=[5, 5, 5, 0.0], x=0.0), first="w", second="m", **options)
    with pytest.raises(SchemaError, match="more than one row"):
        kitagawa(pd.concat([frame, frame]), first="w", second="m", **options)
    with pytest.raises(SchemaError, match="other groups"):
        das_gupta(frame.iloc[:3], population="sex", factors=["x"], groups=["age"])
    with pytest.raises(SchemaError, match="it takes two"):
        das_gupta(frame.iloc[:2], population="sex", factors=["x"], groups=["age"])
    with pytest.raises(SchemaError, match="missing values"):
        das_gupta(frame.assign(x=np.nan), population="sex", factors=["x"], groups=["age"])
    with pytest.raises(SchemaError, match="no persons with"):
        das_gupta(
            frame.assign(n=[0.0, 5, 5, 5], g="all"), population="sex", factors=["x"],
            groups=["age", "g"], size="n",
        )  # fmt: skip
    with pytest.raises(UsageError, match="must return 1 finite number"):
        das_gupta(frame, population="sex", factors=["x"], groups=["age"], rate_function=lambda x: x)
    with pytest.raises(UsageError, match="size needs groups"):
        das_gupta(frame.iloc[[0, 2]], population="sex", factors=["x"], size="n")


positive = st.floats(0.05, 20)


@settings(max_examples=300, deadline=None)
@given(st.data(), st.integers(2, 4), st.integers(1, 4), st.integers(1, 3))
def test_effects_add_up_to_every_difference(
    data: st.DataObject, populations: int, factors: int, cells: int
) -> None:
    names = [f"f{at}" for at in range(factors)]
    rows = populations * cells
    values = {n: data.draw(st.lists(positive, min_size=rows, max_size=rows)) for n in names}
    frame = pd.DataFrame(
        {
            "pop": np.repeat(np.arange(populations), cells),
            "cell": np.tile(np.arange(cells), populations),
            "size": data.draw(st.lists(positive, min_size=rows, max_size=rows)),
            **values,
        }
    )
    for size in (None, "size"):
        found = das_gupta(frame, population="pop", factors=names, groups=["cell"], size=size)
        crude = found.rates["rate"].tolist()
        scale = max(1.0, *map(abs, crude))
        for start, end in pairwise(range(populations)):
            total = sum(effect(found, start, end).values())
            assert total == pytest.approx(crude[end] - crude[start], abs=1e-9 * scale)
        there, back = effect(found, 0, 1), effect(found, 1, 0)
        assert there == pytest.approx({n: -e for n, e in back.items()}, abs=1e-9 * scale)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(*[st.integers(1, 500)] * 2, *[st.floats(0, 1)] * 2), min_size=1, max_size=6),
    st.sampled_from(["average", "first"]),
)
def test_kitagawas_terms_add_up(rows: list[tuple[int, int, float, float]], weights: str) -> None:
    n0, n1, r0, r1 = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    frame = pd.DataFrame(
        {
            "g": np.repeat([0, 1], len(rows)),
            "age": [f"a{at}" for at in range(len(rows))] * 2,
            "n": np.concatenate([n0, n1]),
            "x": np.concatenate([n0 * r0, n1 * r1]),
        }
    )
    split = kitagawa(
        frame, population="g", first=0, second=1, groups=["age"], numerator="x", denominator="n",
        weights=weights,
    )  # type: ignore[arg-type]  # fmt: skip
    terms = split.terms.iloc[0]
    expected = (n1 * r1).sum() / n1.sum() - (n0 * r0).sum() / n0.sum()
    assert terms["difference"] == pytest.approx(expected, abs=1e-12)
    total = terms["composition"] + terms["rate"] + terms["interaction"]
    assert total == pytest.approx(expected, abs=1e-12)
    if weights == "average":
        assert terms["interaction"] == 0
