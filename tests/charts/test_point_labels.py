from __future__ import annotations

import numpy as np
import pytest

from integstats.charts import theme
from integstats.charts.frame import Canvas, Wording
from integstats.charts.labels import Label
from integstats.charts.point_labels import Named, name_points
from integstats.wording.claims import Claim, Predicate, Text

SAID = Predicate("said", lambda v: True, "Text", "Text")


@pytest.fixture
def canvas():
    with theme.styled(theme.size("report")):
        text = Text.of(Claim(SAID, {}), lang="sv")
        yield Canvas.of(theme.size("report"), Wording(text, text, None, ()), lang="sv", least=1.0)


def name(text: str, x: float, y: float, *, always: bool = False) -> Named:
    return Named(Label(text, (), y, theme.TEXT), x, y, always)


def written(axes) -> list:
    return [one for one in axes.texts if one.get_text()]


def test_names_lie_on_no_other_name_and_no_point(canvas):
    axes = canvas.panel()
    rng = np.random.default_rng(1)
    dots = rng.random((30, 2))
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.plot(*dots.T, "o", markersize=4)
    wanted = [name(f"Exempelkommun {at}", *dot) for at, dot in enumerate(dots)]
    count = name_points(canvas, axes, wanted, dots=dots, lines=[], radius=3.0)
    texts = written(axes)
    assert 5 < count == len(texts) < 30
    boxes = [one.get_window_extent(canvas.renderer()) for one in texts]
    for at, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[at + 1 :])
        assert not any(box.contains(*one) for one in axes.transData.transform(dots))
        inside = axes.get_window_extent(canvas.renderer())
        assert inside.x0 - 1 <= box.x0 < box.x1 <= inside.x1 + 1


def test_a_name_avoids_lines_where_there_is_room(canvas):
    axes = canvas.panel()
    axes.set(xlim=(0, 1), ylim=(0, 1))
    line = np.column_stack([np.linspace(0.5, 1, 200), np.full(200, 0.5)])
    dots = np.array([[0.5, 0.5]])
    name_points(canvas, axes, [name("Malmö", 0.5, 0.5)], dots=dots, lines=[line], radius=3.0)
    box = written(axes)[0].get_window_extent(canvas.renderer())
    assert not any(box.contains(*one) for one in axes.transData.transform(line))


def test_only_a_name_that_must_stand_is_written_over_points(canvas):
    axes = canvas.panel()
    axes.set(xlim=(0, 1), ylim=(0, 1))
    dots = np.stack(np.meshgrid(*[np.linspace(0, 1, 90)] * 2), axis=-1).reshape(-1, 2)
    for always in (False, True):
        one = name("Malmö", 0.5, 0.5, always=always)
        count = name_points(canvas, axes, [one], dots=dots, lines=[], radius=3.0)
        assert count == len(written(axes)) == always
