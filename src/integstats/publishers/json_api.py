"""Ask a publisher that answers in JSON, whatever the JSON says: shared by the smaller ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import orjson

from integstats.errors import SourceChangedError, SourceUnavailableError, UsageError
from integstats.publishers.http import RETRIED, Client, Response
from integstats.publishers.limits import Limiter, Turn, lock_path

WINDOW = 1.0
"""Seconds in which so many requests are made at most."""
_REFUSED = frozenset({401, 403, 407, 451})


class JsonApi:
    """A server of JSON, asked within a limit: by one process of a user at a time.

    Parameters
    ----------
    base_url
        Address, without a last slash.
    calls
        Requests in a `WINDOW` at most.
    complaint
        Finds in a parsed answer what the publisher complains of, where it is a complaint.
    """

    def __init__(
        self, base_url: str, *, calls: int, complaint: Callable[[Any], str | None]
    ) -> None:
        if not base_url.startswith(("https://", "http://")) or not urlsplit(base_url).netloc:
            raise UsageError(f"Not the address of a server: {base_url!r}. It begins with https://.")
        self.base_url = base_url.rstrip("/")
        limiter = Limiter(calls, WINDOW)
        self._client = Client(limiter=limiter)
        self._turn = Turn(lock_path(base_url), limiter=limiter)
        self._complaint = complaint

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def get(self, path: str, params: Mapping[str, str] | None = None) -> tuple[Response, Any]:
        """Return the answer and what it says.

        Raises
        ------
        SourceUnavailableError
            When no whole answer came after all retries.
        SourceChangedError
            When the answer is a complaint, a web page, or not JSON.
        """
        reader = _Reader(self._complaint)
        with self._turn.taken(), self._turn.marked():
            response = self._client.get(self.base_url + path, params=params, check=reader)
        return response, reader.parsed

    def post(self, path: str, query: object) -> tuple[Response, Any]:
        """Return the answer to a question in JSON; errors as for `get`."""
        reader = _Reader(self._complaint)
        with self._turn.taken(), self._turn.marked():
            response = self._client.post(self.base_url + path, query, check=reader)
        return response, reader.parsed


class _Reader:
    """Judge an answer as it comes: a `Check` for one request."""

    def __init__(self, complaint: Callable[[Any], str | None]) -> None:
        self.parsed: Any = None
        self._complaint = complaint

    def __call__(self, response: Response) -> str | None:
        if response.status in RETRIED:
            return None
        text = response.body.removeprefix(b"\xef\xbb\xbf").lstrip()
        if response.status in _REFUSED and not text.startswith(b"{"):
            raise SourceUnavailableError(
                f"{response.url} refused us with HTTP {response.status}: a proxy wants a login "
                "(HTTPS_PROXY), or the publisher has blocked this address."
            )
        if text.startswith(b"<"):
            raise SourceChangedError(
                f"{response.url} answered HTTP {response.status} with a web page instead of data. "
                "Open the address in a browser: the publisher has closed it for maintenance or "
                "moved it, or a proxy wants a login (HTTPS_PROXY)."
            )
        try:
            self.parsed = orjson.loads(text)
        except orjson.JSONDecodeError:
            if response.status == 200:
                return f"the body was cut short ({len(response.body):,} bytes of no whole JSON)"
            self.parsed = None
        said = self._complaint(self.parsed)
        if response.status != 200 or said is not None:
            words = " ".join((said or text[:200].decode(errors="replace")).split())
            raise SourceChangedError(
                f"{response.url} answered HTTP {response.status}: {words or 'nothing'}. The "
                "publisher has changed or closed it, or a code of the catalogue is gone."
            )
        return None


def now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)
