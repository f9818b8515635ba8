"""One module per chart: a table in, a Chart out.

The chart functions have the names of their modules; here the names mean the functions.
"""

from integstats.charts.base_rate import base_rate as base_rate
from integstats.charts.chart import Chart as Chart
from integstats.charts.choropleth import choropleth as choropleth
from integstats.charts.decomposition_bars import decomposition_bars as decomposition_bars
from integstats.charts.dumbbell import dumbbell as dumbbell
from integstats.charts.funnel import funnel as funnel
from integstats.charts.gap_trend import gap_trend as gap_trend
from integstats.charts.lint import Finding as Finding
from integstats.charts.lint import lint as lint
from integstats.charts.outlook import outlook as outlook
from integstats.charts.ranked_dots import ranked_dots as ranked_dots
from integstats.charts.small_multiples import small_multiples as small_multiples
from integstats.charts.source_comparison import source_comparison as source_comparison
from integstats.charts.status_waterfall import status_waterfall as status_waterfall
from integstats.charts.stay_lines import stay_lines as stay_lines
from integstats.charts.target_path import target_path as target_path
from integstats.charts.target_table import target_table as target_table

__all__ = [
    "Chart",
    "Finding",
    "base_rate",
    "choropleth",
    "decomposition_bars",
    "dumbbell",
    "funnel",
    "gap_trend",
    "lint",
    "outlook",
    "ranked_dots",
    "small_multiples",
    "source_comparison",
    "status_waterfall",
    "stay_lines",
    "target_path",
    "target_table",
]
