"""Each rule finds a chart that breaks it, and a sound chart breaks none."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

import integstats as ig
from integstats import charts
from integstats.charts import theme
from integstats.wording.claims import Claim, Predicate, Text


@pytest.fixture(scope="module")
def sound(bas, target):
    return charts.target_path(ig.track(target(), bas))


@pytest.fixture(scope="module")
def facets(gaps):
    return charts.dumbbell(gaps[gaps["place"].isin(["00", "1280"]).to_numpy()])


def says(text: str, lang: str = "sv", **values: object) -> Text:
    return Text.of(Claim(Predicate("made", lambda v: True, text, text), values), lang=lang)


def also(chart, extra):
    """The chart with something more drawn."""

    def painter(canvas):
        chart.painter(canvas)
        extra(canvas)

    return dataclasses.replace(chart, painter=painter)


def rules(chart) -> set[int]:
    return {one.rule for one in charts.lint(chart)}


def test_a_sound_chart_breaks_no_rule(sound, facets):
    assert charts.lint(sound) == ()
    assert charts.lint(facets) == ()


@pytest.mark.parametrize(("x", "y"), [(0.98, 0.5), (-0.05, 0.5), (0.5, 1.01), (0.5, -0.02)])
def test_1_text_outside(sound, x, y):
    assert rules(also(sound, lambda c: c.figure.text(x, y, "utanför duken"))) == {1}


def test_1_texts_that_overlap(sound):
    def extra(canvas):
        axes = canvas.axes[0]
        for _ in range(2):
            axes.text(0.3, 0.3, "samma plats", transform=axes.transAxes)

    assert rules(also(sound, extra)) == {1}


def test_2_a_tick_that_lies(sound):
    def extra(canvas):
        axis = canvas.axes[0].yaxis
        theme.set_ticks(axis, [0.05, 0.10], ["5\u00a0%", "11\u00a0%"])

    assert 2 in rules(also(sound, extra))


def test_2_a_month_at_the_wrong_place(sound):
    def extra(canvas):
        theme.set_ticks(canvas.axes[0].xaxis, [2025.0], ["jun\n2025"])

    assert 2 in rules(also(sound, extra))


@pytest.mark.parametrize("text", ["-3", "13.0", "13 %", "13%"])
def test_3_numbers_that_are_not_swedish(sound, text):
    broken = dataclasses.replace(sound, description=says(f"Talet är {text} här."))
    assert rules(broken) == {3}


def test_3_a_date_and_a_version_are_no_decimals(sound):
    chart = dataclasses.replace(sound, description=says("Den 2026-08-28 med integstats 0.1.0."))
    assert rules(chart) == set()


def test_4_pale_text(sound):
    def extra(canvas):
        axes = canvas.axes[0]
        axes.text(0.3, 0.3, "blekt", transform=axes.transAxes, color="#8A8A8A")

    assert rules(also(sound, extra)) == {4}


def test_4_a_pale_line(sound):
    assert rules(also(sound, lambda c: c.axes[0].axhline(0.1, color="#AAAAAA"))) == {4}


def test_4_a_line_made_pale_by_transparency(sound):
    assert rules(also(sound, lambda c: c.axes[0].axhline(0.1, color="black", alpha=0.3))) == {4}


def test_4_a_band_without_an_edge(sound):
    def extra(canvas):
        tint = (*theme.contrast.__globals__["mpl"].colors.to_rgb(theme.FOREIGN_MEN), 0.2)
        canvas.axes[0].fill_between([2025, 2026], 0.1, 0.12, facecolor=tint, edgecolor="none")

    assert rules(also(sound, extra)) == {4}


@pytest.mark.parametrize(
    "title",
    [
        "Utveckling av arbetslösheten i Malmö",
        "Minskar arbetslösheten i Malmö?",
        "Räkneexempel: Efter målbanan i Malmö",
        "Ett " + "ord " * 14 + "till",
    ],
)
def test_5_titles_that_are_no_message(sound, title):
    assert rules(dataclasses.replace(sound, title=says(title))) == {5}


def test_6_a_source_line_without_table_or_date(sound):
    broken = dataclasses.replace(sound, notes=(says("Källa: SCB."),), optional_notes=())
    assert [one.rule for one in charts.lint(broken)] == [6, 6]


@pytest.mark.parametrize("subtitle", ["Kvinnor 20–64 år, Malmö.", "Kvinnor, Malmö, juni 2026."])
def test_6_a_subtitle_without_age_or_period(sound, subtitle):
    assert rules(dataclasses.replace(sound, subtitle=says(subtitle))) == {6}


def test_7_a_short_alt_text_that_tells_nothing(sound):
    found = charts.lint(dataclasses.replace(sound, alt=says("Linjediagram.")))
    assert {one.rule for one in found} == {7}
    assert len(found) == 1 + 3  # too short; first, last and target are not told


def test_7_an_alt_text_without_the_target(sound):
    goal = sound.told[-1]
    kept = [one for one in sound.alt.claims if "alt.goal" not in one.predicate.id]
    kept = [one for one in kept if goal not in [v for _, v in Text.of(one, lang="sv").numbers()]]
    assert 7 in rules(dataclasses.replace(sound, alt=Text.of(*kept, lang="sv")))


def test_8_a_number_that_is_in_no_sheet(sound):
    broken = dataclasses.replace(sound, description=says("Andelen är {x:pct}.", x=0.4321))
    assert rules(broken) == {8}


def test_8_words_that_the_claims_do_not_say(sound):
    changed = dataclasses.replace(sound.description, text="Arbetslösheten har halverats.")
    assert rules(dataclasses.replace(sound, description=changed)) == {8}


def test_8_a_claim_that_does_not_hold(sound):
    never = Claim(Predicate("never", lambda v: False, "Falskt.", "False."), {})
    assert rules(dataclasses.replace(sound, description=Text("sv", "Falskt.", (never,)))) == {8}


def test_8_a_typed_number_in_the_plot(sound):
    def extra(canvas):
        axes = canvas.axes[0]
        axes.text(0.3, 0.3, "cirka 12", transform=axes.transAxes)

    assert rules(also(sound, extra)) == {8}


def test_9_bars_that_do_not_start_at_zero(sound):
    def extra(canvas):
        canvas.axes[0].bar([2025.5], [0.05], bottom=0.04, width=0.2, color=theme.FOREIGN_MEN)

    assert rules(also(sound, extra)) == {9}


def test_9_bars_from_zero_are_sound(sound):
    def extra(canvas):
        canvas.axes[0].bar([2025.5], [0.05], width=0.2, color=theme.FOREIGN_MEN)

    assert rules(also(sound, extra)) == set()


def test_9_facets_with_axes_of_their_own(facets):
    def extra(canvas):
        low, high = canvas.axes[1].get_xlim()
        canvas.axes[1].set_xlim(low, high + 0.05)

    assert rules(also(facets, extra)) == {9}
    flagged = dataclasses.replace(also(facets, extra), same_scale=False)
    assert rules(flagged) == set()


def test_findings_are_frozen():
    finding = charts.Finding(1, "x")
    with pytest.raises(dataclasses.FrozenInstanceError):
        finding.rule = 2  # type: ignore[misc]


def test_a_missing_told_figure_is_not_asked_for(sound):
    assert rules(dataclasses.replace(sound, told=(np.nan,))) == set()
