"""The HTTP server: sockets, limits, the log of requests, and failures on command."""

from __future__ import annotations

import socket
import struct
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from .api import SCB_CONFIG, Api
from .calls import Call, Reply
from .failures import BREAKS, HTML, PLAIN, Failure
from .table import Table

ROOT = "/api/v2"
LONGEST_TARGET = 2100
TOO_LONG = (
    b"<!DOCTYPE html>\n<html><body><h2>404 - File or directory not found.</h2></body></html>\n"
)


@dataclass
class Request:
    """One request as it arrived, and the status it was answered with (0: connection broken)."""

    time: float
    method: str
    path: str
    query: str
    body: bytes
    endpoint: str
    headers: dict[str, str]
    refused: bool = False
    status: int = 0
    size: int = 0


class Limit:
    """At most `most` calls in any `window` seconds; what comes too early is refused."""

    def __init__(self, most: int, window: float) -> None:
        self.most, self.window = most, window
        self._taken: deque[float] = deque()
        self._lock = threading.Lock()

    def take(self, now: float) -> tuple[bool, int, float]:
        """Whether the call may be, how many more may, and the seconds until one is free."""
        with self._lock:
            while self._taken and now - self._taken[0] >= self.window:
                self._taken.popleft()
            allowed = len(self._taken) < self.most
            if allowed:
                self._taken.append(now)
            left = self.most - len(self._taken)
            return allowed, left, self.window - (now - self._taken[0])


class PxWebStandIn:
    """A server of tables on 127.0.0.1, at a free port, while the `with` block lasts.

    Parameters
    ----------
    tables
        What is served. `server.tables[id]` may be changed while it runs.
    max_data_cells, max_calls, time_window
        The limits; announced in `/config` (the window rounded up to whole seconds) and enforced.
        The window slides, which is the strictest reading. `max_calls=None` enforces nothing.
    config
        Members of `/config` that differ from SCB's.
    link_base
        What links in the answers begin with; the server's own address by default.
    too_many_status
        400 as the server's code has it, or 403 as the OpenAPI document says.
    now
        The moment `pastDays` counts back from; the clock by default.

    Attributes
    ----------
    base_url
        The root of the API, without a slash at the end.
    requests
        Every request, in order of arrival.
    """

    def __init__(
        self,
        tables: Iterable[Table],
        *,
        max_data_cells: int = 150_000,
        max_calls: int | None = 3,
        time_window: float = 1.0,
        config: dict[str, Any] | None = None,
        link_base: str | None = None,
        too_many_status: int = 400,
        now: datetime | None = None,
    ) -> None:
        self.tables = {table.id: table for table in tables}
        self.requests: list[Request] = []
        self._limit = Limit(max_calls, time_window) if max_calls is not None else None
        self._failures: list[Failure] = []
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._connections: set[socket.socket] = set()
        self._http = _Http(("127.0.0.1", 0), _Handler, bind_and_activate=True)
        self._http.owner = self
        self.base_url = f"http://127.0.0.1:{self._http.server_address[1]}{ROOT}"
        announced = {
            "maxDataCells": max_data_cells,
            "maxCallsPerTimeWindow": max_calls or 10**6,
            "timeWindow": max(1, -int(-time_window // 1)),
        }
        self.api = Api(
            self.tables,
            SCB_CONFIG | announced | (config or {}),
            self.base_url if link_base is None else link_base,
            too_many_status=too_many_status,
            now=now,
        )
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop answering, and end every connection that is still open."""
        self._closing.set()
        self._http.shutdown()
        with self._lock:
            for connection in self._connections:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue
        self._http.server_close()
        self._thread.join()

    @property
    def limit_violations(self) -> list[Request]:
        """The requests that came too early and were refused (failures on command not counted)."""
        return [r for r in self.requests if r.refused]

    def calls(self, endpoint: str = "data") -> list[Request]:
        """The requests to an endpoint that the limit let through."""
        return [r for r in self.requests if r.endpoint == endpoint and not r.refused]

    def fail(
        self,
        kind: str | Callable[[], object],
        *,
        at: int | Iterable[int] | None = 1,
        endpoint: str = "data",
        retry_after: float | str | None = None,
        delay: float = 5.0,
    ) -> Failure:
        """Make the calls number `at` (None: every call) to an endpoint fail.

        `kind` is a name in `FAILURES`, or a function to run just before such a call is answered,
        for instance to let the publisher change a table in the middle of a download. `delay` is
        how long `slow` waits, in seconds; it ends early when the server is closed.
        """
        numbers = None if at is None else frozenset([at] if isinstance(at, int) else at)
        rule = Failure(
            kind,
            at=numbers,
            endpoint=endpoint,
            retry_after=None if retry_after is None else str(retry_after),
            delay=delay,
        )
        self._failures.append(rule)
        return rule

    def heal(self) -> None:
        """Forget every failure rule."""
        self._failures.clear()

    def _arrived(self, request: Request) -> tuple[Reply | None, dict[str, str], list[Failure]]:
        """Log a request; the refusal if it is too early, limit headers, failures that strike."""
        with self._lock:
            request.time = time.monotonic()
            self.requests.append(request)
            headers: dict[str, str] = {}
            if self._limit is not None and request.endpoint != "config":
                allowed, left, wait = self._limit.take(request.time)
                period = f"{self._limit.window:g}s"
                reset = datetime.now(UTC) + timedelta(seconds=wait)
                headers = {
                    "X-Rate-Limit-Limit": period,
                    "X-Rate-Limit-Remaining": str(left),
                    "X-Rate-Limit-Reset": reset.isoformat().replace("+00:00", "Z"),
                }
                if not allowed:
                    request.refused = True
                    most = f"maximum admitted {self._limit.most} per {period}."
                    # Whole seconds, never sooner than the window allows.
                    headers["Retry-After"] = str(max(1, -int(-wait // 1)))
                    return (
                        Reply(429, f"API calls quota exceeded! {most}".encode(), PLAIN),
                        headers,
                        [],
                    )
            struck = [rule for rule in self._failures if rule.strikes(request.endpoint)]
            return None, headers, struck


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    owner: PxWebStandIn

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no error; anything else is, on stderr."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Http

    def setup(self) -> None:
        super().setup()
        with self.server.owner._lock:
            self.server.owner._connections.add(self.connection)

    def finish(self) -> None:
        with self.server.owner._lock:
            self.server.owner._connections.discard(self.connection)
        super().finish()

    def log_message(self, format: str, *args: Any) -> None:
        """The log is `PxWebStandIn.requests`."""

    def _answer(self) -> None:
        owner = self.server.owner
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        url = urlsplit(self.path)
        below = url.path[len(ROOT) :] if url.path.lower().startswith(ROOT) else None
        parts = tuple(unquote(p) for p in (below or "").strip("/").split("/") if p)
        request = Request(
            time=0.0,
            method=self.command,
            path=url.path,
            query=url.query,
            body=body,
            endpoint=_endpoint(parts),
            headers=dict(self.headers.items()),
        )
        refused, limits, struck = owner._arrived(request)
        if refused is not None:
            self._send(request, refused, limits)
            return
        for rule in struck:
            if callable(rule.kind):
                rule.kind()
        named = [rule for rule in struck if isinstance(rule.kind, str)]
        if any(rule.kind == "drop" for rule in named):
            self._break()
            return
        if any(rule.kind == "slow" for rule in named):
            owner._closing.wait(max(rule.delay for rule in named if rule.kind == "slow"))
        if below is None:
            reply = Reply(404)
        elif self.command == "GET" and len(self.path) > LONGEST_TARGET:
            reply = Reply(404, TOO_LONG, HTML)
        else:
            parameters = tuple(parse_qsl(url.query, keep_blank_values=True))
            kind = self.headers.get("Content-Type") or ""
            reply = owner.api.answer(Call(self.command, parts, parameters, body, kind))
        for rule in named:
            reply = rule.spoiled(reply)
        broken = next((rule.kind for rule in named if rule.kind in BREAKS), None)
        self._send(request, reply, limits, broken)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_HEAD = do_TRACE = _answer  # noqa: N815

    def _send(
        self,
        request: Request,
        reply: Reply,
        limits: dict[str, str],
        broken: str | Callable[[], object] | None = None,
    ) -> None:
        self.send_response(reply.status)
        headers = dict(reply.headers) | limits
        if reply.content_type is not None:
            headers["Content-Type"] = reply.content_type
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if broken is not None:
            self.wfile.write(
                b"" if broken == "drop_after_headers" else reply.body[: len(reply.body) // 2]
            )
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_WR)
            self.close_connection = True
            return
        request.status, request.size = reply.status, len(reply.body)
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def _break(self) -> None:
        """Reset the connection without a word."""
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close_connection = True


def _endpoint(parts: tuple[str, ...]) -> str:
    """What a path is about: `data`, `metadata`, `config`, `tables`, …"""
    if not parts:
        return ""
    last = parts[-1].lower()
    return (
        last if last in {"data", "metadata", "defaultselection", "selection"} else parts[0].lower()
    )
