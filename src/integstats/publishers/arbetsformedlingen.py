"""Arbetsförmedlingen: monthly workbooks behind links on one index page; there is no interface.

Addresses of files change every month and are never made up: the page is read, and of the files
whose name is exactly the dataset's, followed by a month, the newest is taken. Where the page is
gone or lacks the file, the page of its older name beside it is read too. The time at which
Arbetsförmedlingen uploaded a file stands in its address (milliseconds since 1970) and is its
`updated`; a file without one counts as of the first day of its month. A file always holds the
whole series, so that everything is fetched at once.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urljoin, urlsplit

from integstats import catalogue
from integstats.catalogue import Dataset
from integstats.errors import SourceChangedError, did_you_mean
from integstats.publishers.http import Client
from integstats.publishers.limits import Limiter, Turn, lock_path
from integstats.publishers.protocol import Answer, Job, Offer, Selection

FILE = "file"
"""The one variable of an offer: its code is the name of the file."""
OLDER_INDEX = "tidigare-statistik"
"""The name that the index page had before, in the same folder."""
CALLS, WINDOW = 2, 1.0
"""Requests in so many seconds; no limit is documented."""
SMALLEST = 10_000
"""Bytes; the smallest real workbook is more than ten times as large."""
_MONTH = r"(20\d\d-(?:0[1-9]|1[0-2]))"
_UPLOADED = re.compile(r"/(\d{13})/")
_Found = TypeVar("_Found")


@dataclass(frozen=True)
class Link:
    """One file on the index page: its name, the month in it, and where it is."""

    name: str
    month: str
    url: str


class Arbetsformedlingen:
    """Arbetsförmedlingen as a `Publisher`; the address is that of its index page."""

    def __init__(self, base_url: str) -> None:
        self._indexes = tuple(dict.fromkeys((base_url, urljoin(base_url, OLDER_INDEX))))
        limiter = Limiter(CALLS, WINDOW)
        self._client = Client(limiter=limiter, timeout=(10.0, 60.0))
        self._turn = Turn(lock_path(base_url), limiter=limiter)
        self._pages: dict[str, tuple[str, str]] = {}

    def __enter__(self) -> Arbetsformedlingen:
        return self

    def __exit__(self, *exc: object) -> None:
        self._client.close()

    def reach(self) -> None:
        """Read the index page."""
        self._first(self._page)

    def offer(self, dataset: Dataset, *, stored: str | None = None) -> Offer:
        """Return the newest file of a dataset; `stored` is not used."""
        link = self._first(lambda index: newest(*self._page(index), prefix=dataset.table_id))
        places = [
            code
            for code, one in catalogue.places().items()
            if one.kind in dataset.places and dataset.keys["place"].variable
        ]
        variables = {FILE: (link.name,), dataset.keys["place"].variable: tuple(places)}
        return Offer(
            table_id=dataset.table_id,
            updated=_uploaded(link),
            variables={name: codes for name, codes in variables.items() if name},
            time="",
            pins={"labels": {}, "title": link.name},
            last_period=link.month,
            detail=link,
        )

    def selection(
        self,
        dataset: Dataset,
        offer: Offer,
        *,
        places: Sequence[str] | None,
        ages: Sequence[str] | None,
        start: str | None,
        end: str | None,
    ) -> dict[str, tuple[str, ...]]:
        """Return the whole file, whatever part of it is wanted: there is no smaller one."""
        return {name: tuple(codes) for name, codes in offer.variables.items()}

    def plan(self, dataset: Dataset, offer: Offer, selection: Selection) -> Job:
        """One call: the file."""
        return Job(calls=[(offer.detail, selection)], seconds=0.0)

    def answers(self, job: Job) -> Iterator[Answer]:
        """Download the file to the side, and hand it on when it is whole and a workbook.

        Raises
        ------
        SourceChangedError
            When what came is no workbook, or too small to be one.
        """
        for link, selection in job.calls:
            with tempfile.TemporaryDirectory(prefix="integstats-") as folder:
                with self._turn.taken(), self._turn.marked():
                    got = self._client.download(link.url, Path(folder) / "file.xlsx")
                body = got.path.read_bytes()
            if not body.startswith(b"PK\x03\x04") or len(body) < SMALLEST:
                raise SourceChangedError(
                    f"{link.url} gave {len(body):,} bytes beginning with {body[:4]!r}, expected a "
                    f"workbook of at least {SMALLEST:,}. Open the address in a browser; a "
                    f"workbook saved there by hand is taken in with: integstats fetch DATASET "
                    "--file FILE.xlsx"
                )
            yield Answer(
                body=body,
                selection=selection,
                format="xlsx",
                url=got.url,
                fetched_at=datetime.now(UTC),
                cells=1,
                suffix=".xlsx",
            )

    def _first(self, read: Callable[[str], _Found]) -> _Found:
        """What is found from the index page, or else from the older one; the first complaint."""
        complaint: SourceChangedError | None = None
        for index in self._indexes:
            try:
                return read(index)
            except SourceChangedError as error:
                complaint = complaint or error
        assert complaint is not None  # there is an index page
        raise complaint

    def _page(self, index: str) -> tuple[str, str]:
        """The text of an index page and its address after redirects, read once."""
        if index not in self._pages:
            with self._turn.taken(), self._turn.marked():
                got = self._client.get(index)
            if got.status != 200:
                raise SourceChangedError(
                    f"The index page {index} answered HTTP {got.status}. Arbetsförmedlingen has "
                    "moved it: find the page with the statistics files in a browser and name it "
                    "in INTEGSTATS_API_ARBETSFORMEDLINGEN, or save a workbook by hand and use "
                    "--file."
                )
            self._pages[index] = (got.body.decode("utf-8", errors="replace"), got.url)
        return self._pages[index]


def newest(page: str, address: str, *, prefix: str) -> Link:
    """Return the newest file on an index page whose name is `prefix`, a month and ``.xlsx``.

    Parameters
    ----------
    page
        HTML of the page.
    address
        Of the page, to complete its links.
    prefix
        Beginning of the file's name; a longer name that begins so is another file.

    Raises
    ------
    SourceChangedError
        When there is none, or the newest month has several; they are listed.

    Examples
    --------
    >>> html = '<a href="/download/18.1/1786515252048/web-x-2026-07.xlsx">x</a>'
    >>> newest(html, "https://example.org/index", prefix="web-x")
    Link(name='web-x-2026-07.xlsx', month='2026-07',
         url='https://example.org/download/18.1/1786515252048/web-x-2026-07.xlsx')
    """
    pattern = re.compile(re.escape(prefix) + "-" + _MONTH + r"\.xlsx", re.IGNORECASE)
    names = []
    found: dict[str, Link] = {}
    for href in _links(page):
        url = urljoin(address, href.strip())
        name = unquote(urlsplit(url).path).rpartition("/")[2]
        names.append(name)
        month = pattern.fullmatch(name)
        if month is not None:
            found[url] = Link(name, month[1], url)
    if not found:
        others = [name for name in names if name.casefold().endswith((".xlsx", ".xls", ".xlsb"))]
        raise SourceChangedError(
            f"{address} has no file {prefix}-YYYY-MM.xlsx.{did_you_mean(prefix, others)} It has "
            f"{len(others)} workbooks. Look at the page in a browser; a workbook saved there by "
            "hand is taken in with: integstats fetch DATASET --file FILE.xlsx"
        )
    last = max(link.month for link in found.values())
    several = [link for link in found.values() if link.month == last]
    if len(several) > 1:
        raise SourceChangedError(
            f"{address} has {len(several)} files {prefix}-{last}.xlsx: "
            f"{', '.join(link.url for link in several)}. Save the right one by hand and take it "
            "in with: integstats fetch DATASET --file FILE.xlsx"
        )
    return several[0]


class _Anchors(HTMLParser):
    """Collects where the links of a page lead."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


def _links(page: str) -> list[str]:
    anchors = _Anchors()
    anchors.feed(page)
    return anchors.found


def _uploaded(link: Link) -> str:
    stamp = _UPLOADED.search(urlsplit(link.url).path)
    if stamp is None:
        return f"{link.month}-01"
    return datetime.fromtimestamp(int(stamp[1]) // 1000, UTC).isoformat().replace("+00:00", "Z")
