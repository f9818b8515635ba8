"""Stored snapshots as the one table, new ones from the publishers, and what changed between."""

from integstats.loading.check import Finding, check
from integstats.loading.compare import compare_sources
from integstats.loading.diff import Difference, diff
from integstats.loading.fetch import FetchResult, fetch
from integstats.loading.read import load, sources, stored_places

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
