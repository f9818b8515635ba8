from __future__ import annotations

import io
import re
import sys
import xml.etree.ElementTree as ElementTree

import pytest
from matplotlib.figure import Figure
from matplotlib.testing.compare import compare_images
from PIL import Image

import integstats as ig
from integstats import charts
from integstats.charts import theme

# The functions of the package have the names of these modules.
gap_trend_marks = sys.modules["integstats.charts.gap_trend"]
target_path_marks = sys.modules["integstats.charts.target_path"]
dumbbell_marks = sys.modules["integstats.charts.dumbbell"]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def made(gaps, bas, target):
    few = gaps[gaps["place"].isin(["00", "1280", "1480"]).to_numpy()]
    return {
        "gap_trend": charts.gap_trend(gaps, place="Malmö"),
        "target_path": charts.target_path(ig.track(target(), bas)),
        "dumbbell": charts.dumbbell(few),
    }


KINDS = ["gap_trend", "target_path", "dumbbell"]


def test_png_has_the_size_in_print_the_title_and_the_alt_text(made):
    chart = made["gap_trend"]
    image = Image.open(io.BytesIO(chart.png()))
    assert image.size == pytest.approx((1890, 1181), abs=1)
    assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    assert image.info["Title"] == chart.title.text
    assert image.info["Description"] == chart.alt.text


def test_svg_can_be_read_aloud_and_keeps_its_text(made):
    chart = made["target_path"]
    root = ElementTree.fromstring(chart.svg())
    assert root.get("role") == "img"
    assert root.get("lang") == "sv"
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert (title.text, desc.text) == (chart.title.text, chart.alt.text)
    words = "".join(root.itertext())
    assert "Mål: 9,2" in words
    assert not re.search(r"<metadata|date>", chart.svg().decode())


def test_svg_has_each_id_once(made):
    ids = re.findall(r' id="([^"]+)"', made["dumbbell"].svg().decode())
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_chart_has_the_same_bytes(made, kind):
    chart = made[kind]
    assert chart.svg() == chart.svg()
    assert chart.png() == chart.png()


def test_a_notebook_shows_the_picture(made):
    assert made["gap_trend"]._repr_png_().startswith(b"\x89PNG")


def test_nothing_is_left_in_pyplot(made):
    import matplotlib.pyplot as plt

    made["gap_trend"].figure  # noqa: B018
    assert plt.get_fignums() == []


def test_the_public_names_are_functions_whatever_was_imported_before():
    import integstats.charts.dumbbell
    import integstats.charts.gap_trend
    import integstats.charts.lint
    import integstats.charts.target_path

    for name in ("gap_trend", "target_path", "dumbbell", "lint"):
        assert callable(getattr(integstats.charts, name))
        assert getattr(ig.charts, name) is getattr(integstats.charts, name)


@pytest.mark.parametrize("kind", KINDS)
def test_the_marks_look_as_they_did(kind, gaps, bas, target, tmp_path, request):
    """Marks without any text, which depends on neither words nor fonts."""
    malmo = gaps[(gaps["place"] == "1280").to_numpy()]
    with theme.styled(theme.size("report")):
        figure = Figure(figsize=(4, 3))
        axes = figure.subplots(1, {"target_path": 1}.get(kind, 2))
        if kind == "gap_trend":
            gap_trend_marks.draw(axes, gap_trend_marks.marks(malmo, "employment_rate"))
        elif kind == "target_path":
            target_path_marks.draw(axes, target_path_marks.marks(ig.track(target(), bas)))
        else:
            dumbbell_marks.draw(axes, dumbbell_marks.marks(gaps, "employment_rate"))
        for one in figure.axes:
            one.set_axis_off()
        actual = tmp_path / f"{kind}.png"
        figure.savefig(actual, dpi=50, metadata={"Software": None})
    baseline = request.path.parent / "baseline" / f"{kind}.png"
    assert compare_images(str(baseline), str(actual), tol=2) is None
