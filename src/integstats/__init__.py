"""Employment gaps and targets for labour-market integration in Sweden.

The public names are loaded when first used (PEP 562), so that importing the package is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from integstats import charts as charts
    from integstats.analysis.gaps import double_gap as double_gap
    from integstats.analysis.gaps import gaps as gaps
    from integstats.analysis.gaps import gender_gap as gender_gap
    from integstats.analysis.groups import pool as pool
    from integstats.analysis.rates import rates as rates
    from integstats.catalogue import Source as Source
    from integstats.catalogue.listing import datasets as datasets
    from integstats.catalogue.listing import measures as measures
    from integstats.catalogue.listing import places as places
    from integstats.charts.chart import Chart as Chart
    from integstats.loading import check as check
    from integstats.loading import diff as diff
    from integstats.loading import fetch as fetch
    from integstats.loading import load as load
    from integstats.loading import sources as sources
    from integstats.reports.pack import publish as publish
    from integstats.targets.target import Target as Target
    from integstats.targets.track import Track as Track
    from integstats.targets.track import track as track

_HOME = {
    "Chart": "integstats.charts.chart",
    "Source": "integstats.catalogue",
    "Target": "integstats.targets.target",
    "Track": "integstats.targets.track",
    "check": "integstats.loading",
    "datasets": "integstats.catalogue.listing",
    "diff": "integstats.loading",
    "double_gap": "integstats.analysis.gaps",
    "fetch": "integstats.loading",
    "gaps": "integstats.analysis.gaps",
    "gender_gap": "integstats.analysis.gaps",
    "load": "integstats.loading",
    "measures": "integstats.catalogue.listing",
    "places": "integstats.catalogue.listing",
    "pool": "integstats.analysis.groups",
    "publish": "integstats.reports.pack",
    "rates": "integstats.analysis.rates",
    "sources": "integstats.loading",
    "track": "integstats.targets.track",
}
_MODULES = ("charts",)

__all__ = [
    "Chart",
    "Source",
    "Target",
    "Track",
    "charts",
    "check",
    "datasets",
    "diff",
    "double_gap",
    "fetch",
    "gaps",
    "gender_gap",
    "load",
    "measures",
    "places",
    "pool",
    "publish",
    "rates",
    "sources",
    "track",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted({*globals(), *__all__})
