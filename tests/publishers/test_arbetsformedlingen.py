from __future__ import annotations

from pathlib import Path

import pytest
from af_standin import NEAR_NAMESAKES, OLDER_INDEX, AfStandIn
from af_workbooks import share_workbook

from integstats import catalogue
from integstats.errors import SourceChangedError
from integstats.publishers.arbetsformedlingen import Arbetsformedlingen, newest

SHARE = catalogue.dataset("af-registered-share")
PREFIX = SHARE.table_id


@pytest.fixture(autouse=True)
def own_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def page(*names: str) -> str:
    return "".join(f'<a href="/download/18.1/1786515252048/{name}">x</a>' for name in names)


def test_the_newest_month_of_exactly_that_name_is_taken() -> None:
    html = page(f"{PREFIX}-2026-07.xlsx", *NEAR_NAMESAKES, f"{PREFIX}-2026-08.xlsx")
    found = newest(html, "https://example.org/a/b", prefix=PREFIX)
    assert (found.name, found.month) == (f"{PREFIX}-2026-08.xlsx", "2026-08")
    assert found.url == f"https://example.org/download/18.1/1786515252048/{found.name}"


def test_an_encoded_link_with_a_query_and_other_case_is_the_same_file() -> None:
    name = PREFIX.replace("-", "%2D").upper() + "-2026-08.xlsx?v=1&amp;w=2"
    assert newest(page(name), "https://example.org/", prefix=PREFIX).month == "2026-08"


def test_the_same_address_twice_is_one_file() -> None:
    html = page(f"{PREFIX}-2026-08.xlsx", f"{PREFIX}-2026-08.xlsx")
    assert newest(html, "https://example.org/", prefix=PREFIX).month == "2026-08"


def test_two_files_of_the_newest_month_are_listed() -> None:
    html = page(f"{PREFIX}-2026-08.xlsx") + f'<a href="/other/{PREFIX}-2026-08.xlsx">x</a>'
    with pytest.raises(SourceChangedError, match=r"has 2 files .*18\.1.*other"):
        newest(html, "https://example.org/", prefix=PREFIX)


def test_a_page_without_the_file_says_what_to_do() -> None:
    with pytest.raises(SourceChangedError, match=r"has no file .*YYYY-MM.*6 workbooks|5 workbooks"):
        newest(page(*NEAR_NAMESAKES), "https://example.org/", prefix=PREFIX)


def test_the_frozen_predecessor_has_a_name_of_its_own() -> None:
    frozen = catalogue.dataset("af-registered-share-register")
    found = newest(page(*NEAR_NAMESAKES), "https://example.org/", prefix=frozen.table_id)
    assert found.month == "2023-05"


def test_the_offer_is_the_file_its_time_and_its_month() -> None:
    files = {f"{PREFIX}-2026-08.xlsx": share_workbook(["2026-08"])}
    with AfStandIn(files) as site, Arbetsformedlingen(site.index) as publisher:
        publisher.reach()
        offer = publisher.offer(SHARE)
        assert (offer.updated, offer.last_period) == ("2026-09-11T06:12:00Z", "2026-08")
        asked = publisher.selection(SHARE, offer, places=["1280"], ages=None, start=None, end=None)
        assert asked["file"] == (f"{PREFIX}-2026-08.xlsx",)
        assert len(asked["KOM"]) == 290 + 21 + 1, "a file is whole, whatever was wished for"
        answers = list(publisher.answers(publisher.plan(SHARE, offer, asked)))
        assert [one.body for one in answers] == list(files.values())
        assert answers[0].suffix == ".xlsx"
        assert len(site.asked) == 2, "the page is read once"


@pytest.mark.parametrize(
    ("body", "kind", "match"),
    [
        (b"<html>", "text/html", "did not give a file"),
        (b"<html>" + bytes(20_000), "application/octet-stream", "expected a workbook"),
        (b"PK\x03\x04" + bytes(100), "application/octet-stream", "gave 104 bytes"),
    ],
)
def test_what_is_no_workbook_is_not_handed_on(body: bytes, kind: str, match: str) -> None:
    with (
        AfStandIn({f"{PREFIX}-2026-08.xlsx": body}) as site,
        Arbetsformedlingen(site.index) as publisher,
    ):
        site.content_type = kind
        offer = publisher.offer(SHARE)
        job = publisher.plan(SHARE, offer, offer.variables)
        with pytest.raises(SourceChangedError, match=match):
            list(publisher.answers(job))


@pytest.mark.parametrize("status", [200, 404])
def test_the_page_of_the_older_name_is_read_where_the_newest_lacks_the_file(status: int) -> None:
    older = {f"{PREFIX}-2026-08.xlsx": share_workbook(["2026-08"])}
    with AfStandIn({}) as site, Arbetsformedlingen(site.index) as publisher:
        site.older, site.index_status = older, status
        publisher.reach()
        offer = publisher.offer(SHARE)
        assert offer.last_period == "2026-08"
        answers = list(publisher.answers(publisher.plan(SHARE, offer, offer.variables)))
        assert [one.body for one in answers] == list(older.values())
        assert len([path for path in site.asked if path == OLDER_INDEX]) == 1


def test_the_newest_page_wins_where_both_have_the_file() -> None:
    names = [f"{PREFIX}-2026-07.xlsx", f"{PREFIX}-2026-08.xlsx"]
    with AfStandIn({names[0]: b""}) as site, Arbetsformedlingen(site.index) as publisher:
        site.older = {names[1]: b""}
        assert publisher.offer(SHARE).last_period == "2026-07"
        assert OLDER_INDEX not in site.asked


def test_where_no_page_has_the_file_the_newest_is_named() -> None:
    with AfStandIn({}) as site, Arbetsformedlingen(site.index) as publisher:
        site.older = {"web-annat-2026-08.xlsx": b""}
        with pytest.raises(SourceChangedError, match=r"tidsserier has no file") as caught:
            publisher.offer(SHARE)
        assert site.index in str(caught.value)


def test_a_moved_index_page_says_what_to_do() -> None:
    with AfStandIn({}) as site, Arbetsformedlingen(site.index) as publisher:
        site.index_status = 404
        with pytest.raises(SourceChangedError, match=r"HTTP 404.*INTEGSTATS_API_ARBETSF"):
            publisher.reach()
