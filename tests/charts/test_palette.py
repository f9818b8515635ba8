"""The palette: contrast by WCAG 2.1, and distance under colour-vision deficiency."""

from __future__ import annotations

import itertools

import matplotlib.colors
import numpy as np
import pytest

from integstats.charts import theme

# Machado, Oliveira and Fernandes (2009), severity 1.0, for linear RGB.
SIMULATED = {
    "normal": np.eye(3),
    "protan": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deutan": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritan": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)


def lab(color: str, simulated: str) -> np.ndarray:
    rgb = np.asarray(matplotlib.colors.to_rgb(color))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(SIMULATED[simulated] @ linear, 0, 1)
    ratio = TO_XYZ @ linear / (TO_XYZ @ np.ones(3))
    cube = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = cube
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def delta_e_2000(first: np.ndarray, second: np.ndarray) -> float:
    mean_c = (np.hypot(*first[1:]) + np.hypot(*second[1:])) / 2
    g = 0.5 * (1 - np.sqrt(mean_c**7 / (mean_c**7 + 25**7)))
    a1, a2 = first[1] * (1 + g), second[1] * (1 + g)
    c1, c2 = np.hypot(a1, first[2]), np.hypot(a2, second[2])
    h1, h2 = (np.degrees(np.arctan2(b, a)) % 360 for a, b in ((a1, first[2]), (a2, second[2])))
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    dl, dc = second[0] - first[0], c2 - c1
    dh = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    ml, mc = (first[0] + second[0]) / 2, (c1 + c2) / 2
    mh = h1 + h2 if not c1 * c2 else (h1 + turn / 2) % 360
    t = (
        1
        - 0.17 * np.cos(np.radians(mh - 30))
        + 0.24 * np.cos(np.radians(2 * mh))
        + 0.32 * np.cos(np.radians(3 * mh + 6))
        - 0.20 * np.cos(np.radians(4 * mh - 63))
    )
    sl = 1 + 0.015 * (ml - 50) ** 2 / np.sqrt(20 + (ml - 50) ** 2)
    sc, sh = 1 + 0.045 * mc, 1 + 0.015 * mc * t
    rt = (
        -2
        * np.sqrt(mc**7 / (mc**7 + 25**7))
        * np.sin(np.radians(60 * np.exp(-(((mh - 275) / 25) ** 2))))
    )
    light, c, h = dl / sl, dc / sc, dh / sh
    return float(np.sqrt(light**2 + c**2 + h**2 + rt * c * h))


@pytest.mark.parametrize(
    ("first", "second", "published"),
    [
        # Sharma, Wu and Dalal (2005), table 1.
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_distance_used_here_gives_the_published_values(first, second, published):
    assert delta_e_2000(np.array(first), np.array(second)) == pytest.approx(published, abs=5e-5)


@pytest.mark.parametrize("simulated", SIMULATED)
@pytest.mark.parametrize("pair", list(itertools.combinations(theme.PALETTE, 2)))
def test_groups_are_told_apart_by_every_kind_of_eye(pair, simulated):
    assert delta_e_2000(*(lab(one, simulated) for one in pair)) >= 24


def test_native_women_and_men_differ_by_dash_and_marker_alone():
    women, men = (theme.look("native_born", sex) for sex in ("women", "men"))
    assert women.color == men.color == theme.NATIVE
    assert women.dashes != men.dashes
    assert women.marker != men.marker


@pytest.mark.parametrize("color", [*theme.PALETTE, theme.TARGET, theme.TEXT, theme.MUTED])
def test_every_colour_of_text_can_be_read(color):
    assert theme.contrast(color) >= 4.5


def test_contrast_is_that_of_the_standard():
    assert theme.contrast("#000000") == pytest.approx(21.0)
    assert theme.contrast("#777777") == pytest.approx(4.48, abs=0.005)
