"""What the store's tests share: an invented dataset and ways to fill it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

DATASET = "synthetic-bas-month"
FACTS: dict[str, Any] = {
    "publisher": "synthetic-office",
    "table_id": "SYN6260",
    "updated": "2026-07-15T06:00:00Z",
    "licence": "CC0",
}


@pytest.fixture
def facts() -> dict[str, Any]:
    """The keyword arguments of `writing` for the invented dataset."""
    return dict(FACTS)


@pytest.fixture
def answer() -> dict[str, Any]:
    """The keyword arguments of `SnapshotWriter.add` beside the bytes."""
    return {
        "query": {"place": ["9901"], "period": ["2026M05"]},
        "url": "https://example.org/tables/SYN6260/data",
        "fetched_at": datetime(2026, 7, 20, 4, 5, 6, tzinfo=UTC),
    }


@pytest.fixture(autouse=True)
def no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the developer's own data folder out of the tests."""
    monkeypatch.delenv("INTEGSTATS_DATA", raising=False)
