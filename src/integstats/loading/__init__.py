"""Stored snapshots as the one table, new ones from the publishers, and what changed between."""

from integstats.loading.compare import compare_sources
from integstats.loading.drift import Finding, check
from integstats.loading.fetching import FetchResult, fetch
from integstats.loading.read import load, sources, stored_places
from integstats.loading.vintages import Difference, diff

__all__ = [
    "Difference",
    "FetchResult",
    "Finding",
    "check",
    "compare_sources",
    "diff",
    "fetch",
    "load",
    "sources",
    "stored_places",
]
