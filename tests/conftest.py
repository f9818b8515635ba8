"""What every test shares: no network, and where the stored real material lies."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from pxweb_standin import PxWebStandIn, scb_tables

os.environ.setdefault("MPLBACKEND", "agg")
# How long one example takes says more about the machine than about the code; in CI the examples
# are the same every time.
settings.register_profile("house", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("house")
ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("INTEGSTATS_SHARED", ROOT.parent / "shared"))


def _is_local(host: str) -> bool:
    if host in {"localhost", ""}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail any test that tries to leave this machine."""
    connect, getaddrinfo = socket.socket.connect, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_local(str(address[0])):
            pytest.fail(f"a test tried to reach the network: {address!r}")
        connect(self, address)

    def guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else (host or "")
        if not _is_local(name):
            pytest.fail(f"a test tried to look up a host: {name!r}")
        return getaddrinfo(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of stored real answers; tests that need it skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the folder of stored real answers (shared) is not here")
    return SHARED


@pytest.fixture
def server(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PxWebStandIn]:
    """SCB's tables behind a real server on this machine; nothing of the user's is touched."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with PxWebStandIn(list(scb_tables(shared)), max_calls=1000, time_window=0.05) as running:
        monkeypatch.setenv("INTEGSTATS_API_SCB", running.base_url)
        monkeypatch.setenv("INTEGSTATS_DATA", str(tmp_path / "data"))
        yield running
