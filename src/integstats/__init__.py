"""Employment gaps and targets for labour-market integration in Sweden.

The public names are loaded when first used (PEP 562), so that importing the package is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from integstats import charts as charts
    from integstats.analysis.backtest import rolling_origin as rolling_origin
    from integstats.analysis.breaks import mark_breaks as mark_breaks
    from integstats.analysis.breaks import refuse_across_breaks as refuse_across_breaks
    from integstats.analysis.convergence import beta_convergence as beta_convergence
    from integstats.analysis.convergence import sigma_convergence as sigma_convergence
    from integstats.analysis.decomposition import das_gupta as das_gupta
    from integstats.analysis.decomposition import kitagawa as kitagawa
    from integstats.analysis.forecast import forecast as forecast
    from integstats.analysis.forecast import probability_reached as probability_reached
    from integstats.analysis.funnel import funnel as funnel
    from integstats.analysis.funnel import funnel_limits as funnel_limits
    from integstats.analysis.gaps import double_gap as double_gap
    from integstats.analysis.gaps import gaps as gaps
    from integstats.analysis.gaps import gender_gap as gender_gap
    from integstats.analysis.groups import pool as pool
    from integstats.analysis.local_trend import local_linear_trend as local_linear_trend
    from integstats.analysis.noise import noise_in_parts as noise_in_parts
    from integstats.analysis.noise import noise_in_sums as noise_in_sums
    from integstats.analysis.oaxaca import oaxaca as oaxaca
    from integstats.analysis.peers import nearest as nearest
    from integstats.analysis.ranking import benjamini_hochberg as benjamini_hochberg
    from integstats.analysis.ranking import differences_from as differences_from
    from integstats.analysis.ranking import rank_confidence_sets as rank_confidence_sets
    from integstats.analysis.ranking import rank_places as rank_places
    from integstats.analysis.rates import rates as rates
    from integstats.analysis.shift_share import shift_share as shift_share
    from integstats.analysis.shrinkage import shrink as shrink
    from integstats.analysis.small_numbers import difference_interval as difference_interval
    from integstats.analysis.small_numbers import proportion_interval as proportion_interval
    from integstats.analysis.splice import splice as splice
    from integstats.analysis.statuses import status_changes as status_changes
    from integstats.analysis.trends import change_same_month as change_same_month
    from integstats.analysis.trends import rolling_rate as rolling_rate
    from integstats.analysis.trends import seasonal as seasonal
    from integstats.analysis.trends import seasonal_adjust as seasonal_adjust
    from integstats.catalogue import Source as Source
    from integstats.catalogue import peers as peers
    from integstats.catalogue.listing import datasets as datasets
    from integstats.catalogue.listing import measures as measures
    from integstats.catalogue.listing import places as places
    from integstats.charts.chart import Chart as Chart
    from integstats.loading import check as check
    from integstats.loading import compare_sources as compare_sources
    from integstats.loading import diff as diff
    from integstats.loading import fetch as fetch
    from integstats.loading import load as load
    from integstats.loading import sources as sources
    from integstats.loading.own import own as own
    from integstats.loading.vintages import revisions_by_lag as revisions_by_lag
    from integstats.reports.contents import report as report
    from integstats.reports.organisation import Organisation as Organisation
    from integstats.reports.pack import publish as publish
    from integstats.reports.report import Report as Report
    from integstats.targets import programmes as programmes
    from integstats.targets.base_rate import base_rate as base_rate
    from integstats.targets.detectability import detectability as detectability
    from integstats.targets.outlook import outlook as outlook
    from integstats.targets.ranks import rank as rank
    from integstats.targets.reading_table import reading_table as reading_table
    from integstats.targets.target import Target as Target
    from integstats.targets.target_file import read_targets as read_targets
    from integstats.targets.track import Track as Track
    from integstats.targets.track import track as track
    from integstats.targets.track import track_members as track_members
    from integstats.wording.readable import readable as readable

_HOME = {
    "Chart": "integstats.charts.chart",
    "Organisation": "integstats.reports.organisation",
    "Report": "integstats.reports.report",
    "Source": "integstats.catalogue",
    "Target": "integstats.targets.target",
    "Track": "integstats.targets.track",
    "base_rate": "integstats.targets.base_rate",
    "benjamini_hochberg": "integstats.analysis.ranking",
    "beta_convergence": "integstats.analysis.convergence",
    "change_same_month": "integstats.analysis.trends",
    "check": "integstats.loading",
    "compare_sources": "integstats.loading",
    "das_gupta": "integstats.analysis.decomposition",
    "datasets": "integstats.catalogue.listing",
    "detectability": "integstats.targets.detectability",
    "diff": "integstats.loading",
    "difference_interval": "integstats.analysis.small_numbers",
    "differences_from": "integstats.analysis.ranking",
    "double_gap": "integstats.analysis.gaps",
    "fetch": "integstats.loading",
    "forecast": "integstats.analysis.forecast",
    "funnel": "integstats.analysis.funnel",
    "funnel_limits": "integstats.analysis.funnel",
    "gaps": "integstats.analysis.gaps",
    "gender_gap": "integstats.analysis.gaps",
    "kitagawa": "integstats.analysis.decomposition",
    "load": "integstats.loading",
    "local_linear_trend": "integstats.analysis.local_trend",
    "mark_breaks": "integstats.analysis.breaks",
    "measures": "integstats.catalogue.listing",
    "nearest": "integstats.analysis.peers",
    "noise_in_parts": "integstats.analysis.noise",
    "noise_in_sums": "integstats.analysis.noise",
    "oaxaca": "integstats.analysis.oaxaca",
    "outlook": "integstats.targets.outlook",
    "own": "integstats.loading.own",
    "peers": "integstats.catalogue",
    "places": "integstats.catalogue.listing",
    "pool": "integstats.analysis.groups",
    "probability_reached": "integstats.analysis.forecast",
    "proportion_interval": "integstats.analysis.small_numbers",
    "publish": "integstats.reports.pack",
    "rank": "integstats.targets.ranks",
    "rank_confidence_sets": "integstats.analysis.ranking",
    "rank_places": "integstats.analysis.ranking",
    "rates": "integstats.analysis.rates",
    "read_targets": "integstats.targets.target_file",
    "readable": "integstats.wording.readable",
    "reading_table": "integstats.targets.reading_table",
    "refuse_across_breaks": "integstats.analysis.breaks",
    "report": "integstats.reports.contents",
    "revisions_by_lag": "integstats.loading.vintages",
    "rolling_origin": "integstats.analysis.backtest",
    "rolling_rate": "integstats.analysis.trends",
    "seasonal": "integstats.analysis.trends",
    "seasonal_adjust": "integstats.analysis.trends",
    "shift_share": "integstats.analysis.shift_share",
    "shrink": "integstats.analysis.shrinkage",
    "sigma_convergence": "integstats.analysis.convergence",
    "sources": "integstats.loading",
    "splice": "integstats.analysis.splice",
    "status_changes": "integstats.analysis.statuses",
    "track": "integstats.targets.track",
    "track_members": "integstats.targets.track",
}
_MODULES = {
    "charts": "integstats.charts",
    "programmes": "integstats.targets.programmes",
}

__all__ = [
    "Chart",
    "Organisation",
    "Report",
    "Source",
    "Target",
    "Track",
    "base_rate",
    "benjamini_hochberg",
    "beta_convergence",
    "change_same_month",
    "charts",
    "check",
    "compare_sources",
    "das_gupta",
    "datasets",
    "detectability",
    "diff",
    "difference_interval",
    "differences_from",
    "double_gap",
    "fetch",
    "forecast",
    "funnel",
    "funnel_limits",
    "gaps",
    "gender_gap",
    "kitagawa",
    "load",
    "local_linear_trend",
    "mark_breaks",
    "measures",
    "nearest",
    "noise_in_parts",
    "noise_in_sums",
    "oaxaca",
    "outlook",
    "own",
    "peers",
    "places",
    "pool",
    "probability_reached",
    "programmes",
    "proportion_interval",
    "publish",
    "rank",
    "rank_confidence_sets",
    "rank_places",
    "rates",
    "read_targets",
    "readable",
    "reading_table",
    "refuse_across_breaks",
    "report",
    "revisions_by_lag",
    "rolling_origin",
    "rolling_rate",
    "seasonal",
    "seasonal_adjust",
    "shift_share",
    "shrink",
    "sigma_convergence",
    "sources",
    "splice",
    "status_changes",
    "track",
    "track_members",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name in _MODULES:
        return import_module(_MODULES[name])
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted({*globals(), *__all__})
