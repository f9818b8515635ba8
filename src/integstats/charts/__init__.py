"""One module per chart: a table in, a Chart out.

The chart functions have the names of their modules; here the names mean the functions.
"""

from integstats.charts.base_rate import base_rate as base_rate
from integstats.charts.chart import Chart as Chart
from integstats.charts.dumbbell import dumbbell as dumbbell
from integstats.charts.gap_trend import gap_trend as gap_trend
from integstats.charts.lint import Finding as Finding
from integstats.charts.lint import lint as lint
from integstats.charts.outlook import outlook as outlook
from integstats.charts.target_path import target_path as target_path

__all__ = [
    "Chart",
    "Finding",
    "base_rate",
    "dumbbell",
    "gap_trend",
    "lint",
    "outlook",
    "target_path",
]
