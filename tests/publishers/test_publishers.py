"""Answers that are whole and yet not what was asked for; the address and the errors of JSON."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from publisher_standin import EurostatStandIn, KoladaStandIn, StandIn, StatBankStandIn

import integstats as ig
from integstats.errors import SourceChangedError, SourceUnavailableError, UsageError
from integstats.publishers import eurostat, json_api, kolada, statbank
from integstats.publishers.http import Client
from integstats.publishers.limits import Turn, lock_path

ASKED = {
    "kolada": ("kolada-bas", "Mölndal", KoladaStandIn),
    "statbank": ("dst-ras200", "Odense", StatBankStandIn),
    "eurostat": ("eurostat-unemployment", "eu:SE", EurostatStandIn),
}


@pytest.fixture(params=ASKED)
def asked(
    request: pytest.FixtureRequest, shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, str, StandIn]]:
    dataset, place, kind = ASKED[request.param]
    monkeypatch.setitem(Client.__init__.__kwdefaults__, "sleep", lambda seconds: None)
    for module in (kolada, statbank, eurostat):
        monkeypatch.setattr(module, "CALLS", 1000)
    monkeypatch.setattr(json_api, "WINDOW", 0.01)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with kind(shared) as server:
        monkeypatch.setenv(f"INTEGSTATS_API_{request.param.upper()}", server.base_url)
        monkeypatch.setenv("INTEGSTATS_DATA", str(tmp_path))
        yield dataset, place, server


def altered(server: StandIn, change: Any) -> None:
    """Let every answer of the server with figures pass through `change` first."""
    answer = server.answer

    def other(request: Any) -> tuple[int, Any]:
        status, body = answer(request)
        return (status, change(body)) if request.data else (status, body)

    server.answer = other  # type: ignore[method-assign]


@pytest.mark.parametrize("body", [[], {}, "text", {"values": None}, {"dataset": {}}])
def test_json_of_another_form_is_refused_and_nothing_is_stored(
    asked: tuple[str, str, StandIn], body: Any, tmp_path: Path
) -> None:
    dataset, place, server = asked
    altered(server, lambda _: body)
    with pytest.raises(SourceChangedError) as caught:
        ig.fetch(dataset, places=[place])
    assert "\n" not in str(caught.value)
    assert not list(tmp_path.rglob("part-*"))


def test_a_body_that_is_never_whole_json_is_unavailable(asked: tuple[str, str, StandIn]) -> None:
    dataset, place, server = asked
    altered(server, lambda _: b'{"values": [')
    with pytest.raises(SourceUnavailableError, match="cut short"):
        ig.fetch(dataset, places=[place])


def test_a_login_page_of_a_proxy_is_said(asked: tuple[str, str, StandIn]) -> None:
    dataset, place, server = asked
    server.answer = lambda request: (403, b"<html>login</html>")  # type: ignore[method-assign]
    with pytest.raises(SourceUnavailableError, match="HTTPS_PROXY"):
        ig.fetch(dataset, places=[place])


def test_no_server_at_all_says_what_helps(asked: tuple[str, str, StandIn], tmp_path: Path) -> None:
    dataset, place, _ = asked
    with pytest.raises(SourceUnavailableError, match="HTTPS_PROXY"):
        ig.fetch(dataset, places=[place], base_url="http://127.0.0.1:9")
    with pytest.raises(SourceUnavailableError):
        ig.check([dataset], base_url="http://127.0.0.1:9")
    assert not list(tmp_path.rglob("manifest.json"))


def test_one_publisher_that_is_down_does_not_hide_another(
    asked: tuple[str, str, StandIn], monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset, _, _ = asked
    other = "kolada-bas" if dataset != "kolada-bas" else "dst-ras200"
    name = "KOLADA" if other == "kolada-bas" else "STATBANK"
    monkeypatch.setenv(f"INTEGSTATS_API_{name}", "http://127.0.0.1:9")
    found = {one.dataset: one.severity for one in ig.check([dataset, other])}
    assert found[other] == "error"
    assert found[dataset] in ("ok", "warning")


def test_an_address_without_a_host_is_refused() -> None:
    with pytest.raises(UsageError, match="https"):
        kolada.Kolada("api.kolada.se/v3")


def test_a_vanished_next_url_of_kolada_is_not_taken_for_the_last_page(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTEGSTATS_DATA", str(tmp_path))
    with KoladaStandIn(shared) as server:
        altered(server, lambda body: {k: v for k, v in body.items() if k != "next_url"})
        with pytest.raises(SourceChangedError, match="next_url"):
            ig.fetch("kolada-n03937", places=["Mölndal"], base_url=server.base_url)


def _another_place(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "values": [{**one, "municipality": "0180"} for one in body["values"]]}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda body: {**body, "count": body["count"] + 1}, "counts"),
        (_another_place, "0180, which was not asked for"),
        (lambda body: {**body, "values": [], "count": 0, "next_url": "x"}, "empty page"),
    ],
)
def test_an_answer_of_kolada_that_is_not_what_was_asked(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Any, said: str
) -> None:
    monkeypatch.setenv("INTEGSTATS_DATA", str(tmp_path))
    with KoladaStandIn(shared) as server:
        altered(server, change)
        with pytest.raises(SourceChangedError, match=said):
            ig.fetch("kolada-n03937", places=["Mölndal"], base_url=server.base_url)


def test_figures_of_another_count_or_code_from_statistics_denmark(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTEGSTATS_DATA", str(tmp_path))

    def short(body: dict[str, Any]) -> dict[str, Any]:
        return {"dataset": {**body["dataset"], "value": body["dataset"]["value"][:-1]}}

    with StatBankStandIn(shared) as server:
        altered(server, short)
        with pytest.raises(SourceChangedError, match="figures where its sizes say"):
            ig.fetch("dst-ras200", places=["Odense"], base_url=server.base_url)


def test_an_update_of_eurostat_meanwhile_is_noticed(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTEGSTATS_DATA", str(tmp_path))
    with EurostatStandIn(shared) as server:
        answer = server.answer

        def updated(request: Any) -> tuple[int, Any]:
            status, body = answer(request)
            server.updated = "2021-09-14T23:00:00+0200"
            return status, body

        server.answer = updated  # type: ignore[method-assign]
        with pytest.raises(SourceChangedError, match="updated meanwhile"):
            ig.fetch("eurostat-unemployment", places=["eu:SE"], base_url=server.base_url)


def test_one_process_of_a_user_asks_at_a_time(
    asked: tuple[str, str, StandIn], monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset, place, server = asked
    monkeypatch.setitem(Turn.__init__.__kwdefaults__, "timeout", 0.05)
    path = lock_path(server.base_url)
    path.parent.mkdir(parents=True)
    with (
        FileLock(path),
        pytest.raises(SourceUnavailableError, match="a publisher is asked by one at a time"),
    ):
        ig.fetch(dataset, places=[place])
    assert ig.fetch(dataset, places=[place]).changed
    assert path.with_name(f"{path.name}.last").exists(), "the next process keeps the limit too"
