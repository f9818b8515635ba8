from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pxweb_standin import PxWebStandIn

import integstats as ig
from integstats.errors import SourceUnavailableError
from integstats.loading.drift import Finding
from integstats.publishers.pxweb import PxWeb

NOW = datetime(2026, 9, 1, tzinfo=UTC)


def found(*, now: datetime = NOW) -> list[Finding]:
    return list(ig.check(["scb-bas-month"], now=now))


def test_a_table_as_it_should_be_is_ok(server: PxWebStandIn) -> None:
    [one] = found()
    assert one.severity == "ok"
    assert "2026M06" in one.message


def test_a_reworded_label_is_harmless_and_said(server: PxWebStandIn) -> None:
    ig.fetch("scb-bas-month", places=["Mölndal"])
    server.tables["TAB6260"].relabel("Kon", "2", "Kvinna", language="sv")
    [one] = found()
    assert one.severity == "notice"
    assert "'Kvinna'" in one.message


@pytest.mark.parametrize(
    ("variable", "code"), [("ContentsCode", "000006HI"), ("Fodelseregion", "ut"), ("Kon", "2")]
)
def test_a_code_that_is_gone_is_an_error(server: PxWebStandIn, variable: str, code: str) -> None:
    server.tables["TAB6260"].drop_code(variable, code)
    [one] = found()
    assert one.severity == "error"
    assert code in one.message


def test_a_table_that_is_gone_is_an_error(server: PxWebStandIn) -> None:
    del server.tables["TAB6260"]
    [one] = found()
    assert one.severity == "error"
    assert "TAB6260" in one.message


def test_a_table_that_stopped_is_a_warning(server: PxWebStandIn) -> None:
    [one] = found(now=datetime(2027, 6, 1, tzinfo=UTC))
    assert one.severity == "warning"
    assert "replaced" in one.message


def test_an_update_is_a_notice(server: PxWebStandIn) -> None:
    server.tables["TAB6260"].updated = "2026-09-28T06:00:00Z"
    assert [one.severity for one in found()] == ["notice"]


def test_no_server_at_all_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setitem(PxWeb.__init__.__kwdefaults__, "sleep", lambda seconds: None)
    with pytest.raises(SourceUnavailableError):
        ig.check(["scb-bas-month"], base_url="http://127.0.0.1:9/api/v2")
