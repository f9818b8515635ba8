"""Ask a publisher over HTTP: within its limits, patiently, and only once per answer.

Shared by every source. ``urllib3.Retry`` is not used: it sees neither a body that was cut short nor
a page of HTML with status 200, waits with ``time.sleep`` alone, knows no total budget, and would
try again without asking the limiter. The one loop here does all of it.
"""

from __future__ import annotations

import contextlib
import logging
import os
import random
import secrets
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

import orjson
import requests
import truststore
from requests.adapters import HTTPAdapter

from integstats.errors import OutputError, SourceChangedError, SourceUnavailableError
from integstats.publishers.limits import LONGEST_HOLD, Limiter

__all__ = ["Check", "Client", "Download", "Limiter", "Response", "new_session"]

RETRIED = frozenset({429, 500, 502, 503, 504})
MEBIBYTE = 2**20
LONGEST_BACK_OFF = 60.0
_CHUNK = 16 * 1024

_log = logging.getLogger("integstats")


@dataclass(frozen=True, slots=True)
class Response:
    """One whole answer.

    Attributes
    ----------
    status
        The HTTP status.
    headers
        The headers, names in lower case.
    body
        The bytes as the publisher sent them, after transfer compression is undone.
    url
        The address that answered, after redirects.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


@dataclass(frozen=True, slots=True)
class Download:
    """A file that was fetched: where it lies, its size in bytes, and where it came from."""

    path: Path
    size: int
    headers: Mapping[str, str]
    url: str


Check = Callable[[Response], str | None]
"""Judge an answer: None accepts it, a text says why to ask again, and raising gives up."""


class _DroppedError(Exception):
    """The answer did not arrive whole; the request may be made again."""


class _SystemTrust(HTTPAdapter):
    """Trust what the operating system trusts, and nothing outside this session is changed."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        super().init_poolmanager(*args, **kwargs, ssl_context=context)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        return super().proxy_manager_for(proxy, **kwargs, ssl_context=context)


def new_session() -> requests.Session:
    """Return a session that names us, trusts the system's certificates and heeds the environment.

    HTTPS_PROXY and NO_PROXY are heeded by requests itself. Where REQUESTS_CA_BUNDLE (or
    CURL_CA_BUNDLE) is set, that bundle alone is trusted.
    """
    session = requests.Session()
    session.headers["User-Agent"] = f"integstats/{version('integstats')}"
    if not (os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")):
        session.mount("https://", _SystemTrust())
    return session


class Client:
    """Make requests within a limit, and make them again when the answer did not arrive whole.

    A request is tried again after a dropped connection, a timeout, a body cut short, and the
    statuses 429, 500, 502, 503 and 504. The waits double (1, 2, 4, … seconds, at most 60) and are
    shortened at random by up to half; ``Retry-After`` lengthens them, for all later requests too.
    ``X-Rate-Limit-Remaining: 0`` holds every later request until ``X-Rate-Limit-Reset``.

    Parameters
    ----------
    limiter
        Shared by all requests of this client, from all threads.
    timeout
        Seconds to connect, and seconds of silence while reading.
    attempts
        How many times one request is made at most.
    budget
        Seconds one request may take in all: waits, attempts and slow bodies together (looked at
        before each wait and after every 16 KiB).
    max_bytes
        The largest body that ``get`` and ``post`` take into memory.
    session
        A session of the caller's; it is not closed by this client.
    sleep, clock, wall, jitter
        Waiting, monotonic seconds, seconds since 1970, and a random number in [0, 1).
    """

    def __init__(
        self,
        *,
        limiter: Limiter,
        timeout: tuple[float, float] = (10.0, 120.0),
        attempts: int = 5,
        budget: float = 600.0,
        max_bytes: int = 64 * MEBIBYTE,
        session: requests.Session | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.limiter = limiter
        self._timeout = timeout
        self._attempts = attempts
        self._budget = budget
        self._max_bytes = max_bytes
        self._owns_session = session is None
        self._session = new_session() if session is None else session
        self._sleep, self._clock, self._wall, self._jitter = sleep, clock, wall, jitter

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; a session that was handed in is left open."""
        if self._owns_session:
            self._session.close()

    def get(
        self, url: str, *, params: Mapping[str, str] | None = None, check: Check | None = None
    ) -> Response:
        """Return the answer to a GET, whatever its status, once it has arrived whole.

        Raises
        ------
        SourceUnavailableError
            When no whole answer came within the attempts and the budget.
        SourceChangedError
            When the answer is larger than ``max_bytes``; and whatever ``check`` raises.
        """
        return self._ask("GET", url, params=params, check=check)

    def post(
        self,
        url: str,
        json: object,
        *,
        params: Mapping[str, str] | None = None,
        check: Check | None = None,
    ) -> Response:
        """Return the answer to a POST of ``json``; errors as for :meth:`get`.

        Only for questions that change nothing at the publisher, for they may be asked again.
        Redirects are not followed (they would turn the POST into a GET without its question).
        """
        return self._ask("POST", url, params=params, data=orjson.dumps(json), check=check)

    def download(
        self,
        url: str,
        path: Path,
        *,
        params: Mapping[str, str] | None = None,
        max_bytes: int = 512 * MEBIBYTE,
    ) -> Download:
        """Stream a file to ``path``, which appears only when all of it has arrived.

        Raises
        ------
        SourceUnavailableError
            As for :meth:`get`.
        SourceChangedError
            When the status is not 200, a web page came instead of a file, or the file is larger
            than ``max_bytes``.
        OutputError
            When it cannot be written; what stood at ``path`` is intact.
        """
        part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
        try:
            file = part.open("xb")
        except OSError as error:
            raise _not_written(path, error) from error
        try:
            with file:
                response = self._ask(
                    "GET", url, params=params, file=file, max_bytes=max_bytes, check=_is_file
                )
                size = file.tell()
            part.replace(path)
        except OSError as error:
            raise _not_written(path, error) from error
        finally:
            part.unlink(missing_ok=True)
        return Download(path, size, response.headers, response.url)

    def _ask(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None,
        data: bytes | None = None,
        file: BinaryIO | None = None,
        max_bytes: int | None = None,
        check: Check | None,
    ) -> Response:
        began = self._clock()
        deadline = began + self._budget
        cap = self._max_bytes if max_bytes is None else max_bytes
        for attempt in range(1, self._attempts + 1):
            asked_to_wait = 0.0
            try:
                with self.limiter.slot():
                    response = self._once(method, url, params, data, file, cap, deadline)
            except _DroppedError as error:
                reason = str(error)
            else:
                self._heed(response.headers)
                again = check(response) if check else None
                if again is None and response.status not in RETRIED:
                    return response
                reason = again or f"HTTP {response.status}"
                asked_to_wait = self._retry_after(response.headers)
            wait = self._wait(attempt, asked_to_wait)
            if attempt == self._attempts or self._clock() + wait > deadline:
                break
            _log.warning(
                "%s %s: %s; trying again in %.1f s (attempt %d of %d)",
                *(method, url, reason, wait, attempt + 1, self._attempts),
            )
            if asked_to_wait:
                self.limiter.hold(wait)
            self._sleep(wait)
        if asked_to_wait:
            reason += f" and a wish to be asked again in {asked_to_wait:.0f} s"
        raise SourceUnavailableError(
            f"No usable answer from {url}: {method} was tried {attempt} of {self._attempts} times "
            f"in {self._clock() - began:.0f} of {self._budget:.0f} s, the last time {reason}. "
            "Try again later; behind a proxy, set HTTPS_PROXY and, for its certificates, "
            "REQUESTS_CA_BUNDLE."
        )

    def _once(
        self,
        method: str,
        url: str,
        params: Mapping[str, str] | None,
        data: bytes | None,
        file: BinaryIO | None,
        cap: int,
        deadline: float,
    ) -> Response:
        headers = {} if data is None else {"Content-Type": "application/json"}
        if file is not None:
            headers["Accept-Encoding"] = "identity"  # so that the length is known and checked
        try:
            with self._session.request(
                method,
                url,
                params=params,
                data=data,
                headers=headers,
                timeout=self._timeout,
                stream=True,
                allow_redirects=method == "GET",
            ) as raw:
                chunks = self._chunks(raw, url, cap, deadline)
                if file is not None and raw.status_code == 200:
                    _write(chunks, file)
                    body = b""
                else:
                    body = b"".join(chunks)
                named = {name.lower(): value for name, value in raw.headers.items()}
                return Response(raw.status_code, named, body, raw.url)
        except requests.exceptions.SSLError as error:
            if "SSLCertVerificationError" not in str(error):
                raise _DroppedError(f"TLS broke off ({_cause(error)})") from error
            raise SourceUnavailableError(
                f"The certificate of {url} is not trusted here: {_cause(error)}. If a proxy of "
                "your organisation opens TLS, set REQUESTS_CA_BUNDLE to the file of its "
                "certificates."
            ) from error
        except requests.exceptions.Timeout as error:
            connect, read = self._timeout
            raise _DroppedError(
                f"timed out ({connect:g} s to connect, {read:g} s of silence)"
            ) from error
        except (
            requests.exceptions.ConnectionError,
            requests.exceptions.ChunkedEncodingError,
            requests.exceptions.ContentDecodingError,
        ) as error:
            raise _DroppedError(f"the connection broke off ({_cause(error)})") from error
        except OSError as error:  # every other error of requests, and a CA bundle that is not there
            raise SourceUnavailableError(
                f"{method} {url} could not be made: {error}. Check the address, HTTPS_PROXY and "
                "REQUESTS_CA_BUNDLE."
            ) from error

    def _chunks(
        self, raw: requests.Response, url: str, cap: int, deadline: float
    ) -> Iterator[bytes]:
        size = 0
        for chunk in raw.iter_content(_CHUNK):
            size += len(chunk)
            if size > cap:
                raise SourceChangedError(
                    f"The answer of {url} is larger than {cap:,} bytes, the most that is taken. "
                    "If the publisher's files have grown, raise max_bytes."
                )
            if self._clock() > deadline:
                raise _DroppedError(f"only {size:,} bytes came within {self._budget:.0f} s")
            yield chunk

    def _wait(self, attempt: int, asked_to_wait: float) -> float:
        back_off = min(LONGEST_BACK_OFF, 2.0 ** (attempt - 1)) * (1 - self._jitter() / 2)
        # A publisher that rounds Retry-After to whole seconds may name up to half a second too few.
        return max(back_off, asked_to_wait + 0.5 if asked_to_wait else 0.0)

    def _retry_after(self, headers: Mapping[str, str]) -> float:
        return max(0.0, self._until(headers.get("retry-after", ""), headers))

    def _heed(self, headers: Mapping[str, str]) -> None:
        if headers.get("x-rate-limit-remaining", "").strip() == "0":
            left = self._until(headers.get("x-rate-limit-reset", ""), headers)
            if left > 0:
                self.limiter.hold(min(left, LONGEST_HOLD))

    def _until(self, text: str, headers: Mapping[str, str]) -> float:
        """Seconds until ``text``: so many, a time since 1970, an HTTP date or an ISO 8601 one."""
        now = self._wall()
        sent = _moment(headers.get("date", ""))
        if sent is not None and abs(sent - now) > 2:
            now = (
                sent  # this machine's clock is wrong; the publisher's own second is the better one
            )
        with contextlib.suppress(ValueError):
            number = float(text)
            return number - now if number > 1e9 else number
        moment = _moment(text)
        return 0.0 if moment is None else moment - now


def _moment(text: str) -> float | None:
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        with contextlib.suppress(ValueError, TypeError):
            moment = read(text.strip())
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    return None


def _write(chunks: Iterator[bytes], file: BinaryIO) -> None:
    file.seek(0)
    file.truncate()
    for chunk in chunks:
        try:
            file.write(chunk)
        except OSError as error:
            raise _not_written(Path(file.name), error) from error


def _cause(error: Exception) -> str:
    """What went wrong at the bottom, without urllib3's words about retries it does not make."""
    inner = error.args[0] if error.args else error
    return str(getattr(inner, "reason", None) or inner)


def _not_written(path: Path, error: OSError) -> OutputError:
    return OutputError(
        f"{path} could not be written: {error.strerror or error}. Check that the folder exists, "
        "may be written to and has room."
    )


def _is_file(response: Response) -> None:
    if response.status in RETRIED:
        return
    kind = response.headers.get("content-type", "").lower()
    if response.status == 200 and not kind.startswith("text/html"):
        return
    raise SourceChangedError(
        f"{response.url} did not give a file but HTTP {response.status}, {kind or 'of no type'}. "
        "The publisher has moved it, or a proxy answered in its place: open it in a browser."
    )
