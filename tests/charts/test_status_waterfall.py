from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.testing.compare import compare_images

import integstats as ig
from integstats import charts
from integstats.charts import theme
from integstats.charts.status_bars import BARS, draw, marks
from integstats.errors import SchemaError, UnknownCodeError, UsageError

COUNTS = ("employed", "unemployed", "students", "retired", "sick", "other")
SEXES = ("women", "men")


def problems(chart) -> list[str]:
    return [f"{one.rule}: {one.message}" for one in charts.lint(chart)]


def changes_of(
    bas: pd.DataFrame,
    place: str,
    *,
    sexes: Sequence[str] = SEXES,
    start: str = "2024-06",
    end: str = "2026-06",
    birth_region: str = "foreign_born",
) -> pd.DataFrame:
    chosen = (
        (bas["place"] == place) & bas["sex"].isin(sexes) & (bas["birth_region"] == birth_region)
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ig.status_changes(bas[chosen.to_numpy()], start=start, end=end)


@pytest.fixture
def malmo(bas):
    return changes_of(bas, "1280")


def invented(
    before: Sequence[float],
    after: Sequence[float],
    *,
    sexes: Sequence[str] = ("women",),
    place: str = "Exempelkommun A",
) -> pd.DataFrame:
    """Return changes of invented headcounts of the six statuses, in the order of `COUNTS`."""
    rows = [
        {
            "dataset": "synthetic-bas",
            "vintage": "2026-01-01.00000000",
            "place": place,
            "period": pd.Period(period, "M"),
            "sex": sex,
            "birth_region": "foreign_born",
            "age": "20-64",
            **dict(zip(COUNTS, map(float, counts), strict=True)),
            "labour_force": float(counts[0] + counts[1]),
            "population": float(sum(counts)),
            "status": "final",
        }
        for sex in sexes
        for period, counts in (("2024-06", before), ("2026-06", after))
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ig.status_changes(pd.DataFrame(rows), start="2024-06", end="2026-06")


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize("size", ["report", "slide", "square"])
def test_women_and_men_keep_every_rule(malmo, lang, size):
    assert problems(charts.status_waterfall(malmo, lang=lang, size=size)) == []


@pytest.mark.parametrize(
    ("place", "sexes", "start", "end", "size"),
    [
        ("00", SEXES, "2023-08", "2024-08", "slide"),
        ("12", ("total",), "2020-06", "2026-06", "slide"),
        ("23", ("men",), "2022-01", "2023-04", "square"),
        ("1480", SEXES, "2026-06", "2024-06", "report"),
    ],
)
def test_country_counties_and_cities_keep_every_rule(bas, place, sexes, start, end, size):
    changes = changes_of(bas, place, sexes=sexes, start=start, end=end)
    chart = charts.status_waterfall(changes, size=size, organisation="Arbetsmarknadsförvaltningen")
    assert problems(chart) == []


def test_the_native_born_have_the_same_chart(bas):
    chart = charts.status_waterfall(changes_of(bas, "1280", birth_region="native_born"))
    assert problems(chart) == []
    assert "inrikes födda" in chart.title.text


def test_each_bar_begins_where_the_one_above_it_ends_and_the_first_and_last_at_zero(malmo):
    for sex, bars in marks(malmo).by_sex.items():
        assert tuple(bars["bar"]) == BARS
        start, stop = bars["start"].to_numpy(), bars["stop"].to_numpy()
        assert start[0] == start[-1] == 0
        assert np.array_equal(start[1:-1], stop[:-2])
        assert stop[-2] == stop[-1]
        assert np.allclose(stop - start, bars["change"])
        rows = malmo[(malmo["sex"] == sex).to_numpy()].set_index("component")
        for bar, change in zip(bars["bar"], bars["change"], strict=True):
            expected = -rows["residual"].iloc[0] if bar == "deviation" else rows["change"][bar]
            assert change == expected, bar


def test_the_drawn_bars_are_those_of_the_marks_and_the_names_stand_beside_their_numbers(malmo):
    chart = charts.status_waterfall(malmo)
    figure = chart.figure
    data = marks(malmo)
    women = figure.axes[0]
    boxes = [one.get_paths()[0].get_extents() for one in women.collections]
    drawn = [(round(one.x0, 6), round(one.x1, 6)) for one in boxes if one.height not in (0, 8, 1)]
    bars = data.by_sex["women"]
    wanted = [tuple(sorted(one)) for one in zip(bars["start"], bars["stop"], strict=True)]
    assert drawn == [(round(low, 6), round(high, 6)) for low, high in wanted]
    names = [one.get_text() for one in women.get_yticklabels()]
    assert names[:2] == ["Arbetslösa", "Sysselsatta"]
    rows = malmo[(malmo["sex"] == "women").to_numpy()].set_index("component")["change"]
    texts = [one.text for one in chart.labels[: len(BARS)]]
    assert texts[0] == f"\u2212{-rows['unemployed']:.0f}"
    assert texts[1].replace("\u202f", "") == f"+{rows['employed']:.0f}"
    assert texts[-1].replace("\u202f", "") == f"+{rows['population']:.0f}"


def test_the_discrepancy_is_a_bar_of_its_own_with_its_tolerance(malmo):
    chart = charts.status_waterfall(malmo)
    texts = [one.text for one in chart.labels]
    assert [one for one in texts if "±" in one] == ["\u22124 (±24)", "0 (±24)"]
    bars = marks(malmo).by_sex["women"]
    figure = Figure()
    with theme.styled(theme.size("report")):
        draw([figure.subplots()], marks(malmo[(malmo["sex"] == "women").to_numpy()]))
    heights = [one.get_paths()[0].get_extents().height for one in figure.axes[0].collections]
    assert min(one for one in heights if one) < 0.3
    assert bars["change"][BARS.index("deviation")] == -4


def test_breaks_mark_their_bars_and_are_told(bas):
    chart = charts.status_waterfall(changes_of(bas, "00", start="2023-08", end="2024-08"))
    names = [one.get_text() for one in chart.figure.axes[0].get_yticklabels()]
    assert [one for one in names if one.endswith("*")] == ["Studerande*", "Övriga*"]
    told = " ".join(chart.footer)
    assert "Tidsseriebrott augusti 2024: staplar med *." in told
    assert "Visar skillnaden i antal mellan två tidpunkter, inte hur enskilda personer" in told
    assert "I augusti räknas från 2024 betydligt färre som studerande" in told
    assert "Preliminära uppgifter." in told
    drawn = " ".join(one.get_text() for one in chart.figure.texts)
    assert "I augusti räknas från 2024" in drawn


def test_a_slide_without_room_leaves_out_the_sentences_and_keeps_the_notes(bas):
    changes = changes_of(bas, "00", start="2022-08", end="2024-09")
    organisation = "Kommunförbundet Exempel och Arbetsmarknadsförvaltningen i Exempelstad " * 2
    chart = charts.status_waterfall(changes, size="slide", organisation=organisation.strip())
    assert problems(chart) == []
    assert chart.verdict is None
    assert "inte hur enskilda personer" in " ".join(chart.footer)
    with pytest.raises(UsageError, match="too little room"):
        charts.status_waterfall(changes, size="slide", organisation=organisation * 3)


def test_pooled_places_with_long_names_fit():
    before, after = (3_000, 600, 40, 10, 150, 900), (3_300, 500, 60, 8, 170, 950)
    for size in ("report", "slide", "square"):
        changes = invented(before, after, sexes=SEXES, place="0139+2023")
        chart = charts.status_waterfall(changes, size=size)
        assert "Upplands-Bro och Malung-Sälen" in chart.subtitle.text
        assert problems(chart) == []


@pytest.mark.parametrize(
    "after",
    [
        (3_000, 600, 40, 10, 150, 900),
        (2_000, 900, 0, 0, 0, 0),
        (0, 0, 0, 0, 0, 0),
        (90_000, 1, 40, 10, 150, 900),
    ],
)
def test_awkward_changes_keep_every_rule(after):
    chart = charts.status_waterfall(invented((3_000, 600, 40, 10, 150, 900), after))
    assert problems(chart) == []
    assert chart.synthetic
    texts = [one.get_text() for one in chart.figure.axes[0].texts]
    assert "PÅHITTADE TAL" in texts


def test_few_persons_keep_every_rule_and_have_no_rate():
    chart = charts.status_waterfall(invented((9, 8, 2, 0, 1, 5), (12, 4, 2, 1, 1, 5)))
    assert problems(chart) == []
    assert "Få personer" in " ".join(chart.footer)
    assert "procent" not in chart.verdict.text


def test_a_sex_without_every_change_is_said_in_words(malmo):
    hidden = (malmo["sex"] == "men") & (malmo["component"] == "sick")
    frame = malmo.assign(change=malmo["change"].mask(hidden))
    for size in ("report", "slide"):
        chart = charts.status_waterfall(frame, size=size)
        assert problems(chart) == []
        assert "Uppgift saknas för utrikes födda män" in " ".join(chart.footer)
        texts = [one.get_text() for one in chart.figure.texts]
        assert "uppgift saknas" in texts


def test_nothing_known_is_an_error(malmo):
    with pytest.raises(SchemaError, match="every group has a missing change"):
        charts.status_waterfall(malmo.assign(change=np.nan))


def test_what_is_not_the_unemployment_of_one_place_is_refused(bas, malmo):
    born = bas[((bas["place"] == "1280") & (bas["birth_region"] == "foreign_born")).to_numpy()]
    other = ig.status_changes(born, start="2024-06", end="2026-06", measure="employment_rate")
    with pytest.raises(SchemaError, match=r"changes of the unemployment rate; got .* employed"):
        charts.status_waterfall(other)
    two = pd.concat([malmo, changes_of(bas, "1480")], ignore_index=True)
    with pytest.raises(SchemaError, match="draws one place; got 2: 1280, 1480"):
        charts.status_waterfall(two)
    with pytest.raises(SchemaError, match="lacks sick"):
        charts.status_waterfall(malmo[(malmo["component"] != "sick").to_numpy()])
    with pytest.raises(SchemaError, match="needs the column"):
        charts.status_waterfall(malmo.drop(columns="tolerance"))
    with pytest.raises(SchemaError, match="got none"):
        charts.status_waterfall(malmo.iloc[:0])
    with pytest.raises(SchemaError, match="on more than one row"):
        charts.status_waterfall(pd.concat([malmo, malmo], ignore_index=True))
    with pytest.raises((UnknownCodeError, UsageError), match="Unknown size"):
        charts.status_waterfall(malmo, size="poster")


def test_an_office_program_draws_the_same_bars(malmo):
    chart = charts.status_waterfall(malmo)
    native = chart.editable
    assert native.kind == "stacked_bar"
    data = pd.concat(marks(malmo).by_sex.values(), ignore_index=True)
    assert len(native.categories) == len(data) == 2 * len(BARS)
    carrier, *parts = native.series
    assert carrier.color is None
    above, below = np.zeros(len(data)), np.zeros(len(data))
    for one in parts:
        sizes = np.array([value or 0.0 for value in one.values])
        above += np.maximum(sizes, 0)
        below += np.minimum(sizes, 0)
    carried = np.array(carrier.values)
    ends = data[["start", "stop"]]
    # Parts of one sign stack on the invisible part of that sign.
    assert np.allclose(np.maximum(carried, 0) + above, ends.max(axis=1).clip(lower=0))
    assert np.allclose(np.minimum(carried, 0) + below, ends.min(axis=1).clip(upper=0))
    assert native.categories[0] == "Kvinnor: arbetslösa \u221212"
    assert {one.color for one in parts} >= {theme.FOREIGN_WOMEN.lower(), theme.MUTED}


def test_the_sheet_is_the_rows_drawn_women_first(bas):
    changes = changes_of(bas, "1280", sexes=("women", "men", "total"))
    before = changes.copy()
    chart = charts.status_waterfall(changes)
    pd.testing.assert_frame_equal(changes, before)
    assert chart.data["sex"].astype(str).unique().tolist() == ["women", "men"]
    assert set(chart.shown) <= set(chart.data.columns)
    assert chart.name == "nettoforandring_utrikes-fodda_malmo_2024-06_2026-06"


def test_the_marks_look_as_they_did(malmo, tmp_path, request):
    """Marks without any text, which depends on neither words nor fonts."""
    with theme.styled(theme.size("report")):
        figure = Figure(figsize=(4, 3))
        draw(figure.subplots(1, 2), marks(malmo))
        for one in figure.axes:
            one.set_axis_off()
        actual = tmp_path / "status_waterfall.png"
        figure.savefig(actual, dpi=50, metadata={"Software": None})
    baseline = request.path.parent / "baseline" / "status_waterfall.png"
    assert compare_images(str(baseline), str(actual), tol=2) is None
