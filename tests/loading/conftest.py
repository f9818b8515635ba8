from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pxweb_standin import PxWebStandIn, scb_tables


@pytest.fixture
def server(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PxWebStandIn]:
    """SCB's tables behind a real server on this machine; nothing of the user's is touched."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with PxWebStandIn(list(scb_tables(shared)), max_calls=1000, time_window=0.05) as running:
        monkeypatch.setenv("INTEGSTATS_API_SCB", running.base_url)
        monkeypatch.setenv("INTEGSTATS_DATA", str(tmp_path / "data"))
        yield running
