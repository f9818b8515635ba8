"""A symbol for each verdict, to stand beside its word in a table: never in place of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from integstats.targets.verdict import Status

SYMBOLS: Mapping[Status, str] = MappingProxyType(
    {
        "cannot_judge": "–",
        "met": "✔",
        "missed": "✘",
        "below_target": "◉",
        "worse": "!",
        "too_early": "…",
        "no_certain_change": "○",
        "ahead": "▲",
        "not_distinct": "≈",
        "behind": "▽",
        "far_behind": "▼",
    }
)
NOT_FOLLOWED = "?"
"""Beside a target that is not followed: its figures or some of its fields are lacking."""
