"""A publisher on this machine that answers as it is told, and a time that passes at once."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


class Time:
    """Seconds that pass when somebody sleeps; from any thread."""

    def __init__(self) -> None:
        self._now = 1_000.0
        self._lock = threading.Lock()
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        with self._lock:
            self.slept.append(seconds)
            self._now += seconds

    def clock(self) -> float:
        with self._lock:
            return self._now

    def wall(self) -> float:
        return 1_800_000_000.0 + self.clock()


@dataclass
class Reply:
    """What to answer: ``cut`` ends the connection after so many bytes of the body."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    chunked: bool = False
    drop: bool = False
    wait: threading.Event | None = None


@dataclass
class Asked:
    method: str
    target: str
    body: bytes
    headers: dict[str, str]


class Publisher:
    """A server on the loopback address that answers as it is told."""

    def __init__(self) -> None:
        self._replies: list[dict[str, object] | Callable[[Asked], dict[str, object]]] = [{}]
        self.asked: list[Asked] = []
        self._lock = threading.Lock()
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1

            def log_message(self, format: str, *args: object) -> None:
                pass

            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                asked = Asked(
                    self.command, self.path, self.rfile.read(length), dict(self.headers.items())
                )
                self._send(publisher._next(asked))

            do_POST = do_CONNECT = do_GET  # noqa: N815

            def _send(self, reply: Reply) -> None:
                if reply.wait is not None:
                    reply.wait.wait(10)
                if reply.drop:
                    self.close_connection = True
                    return
                self.send_response_only(reply.status)  # no Date of this machine's
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                if reply.chunked:
                    self.send_header("Transfer-Encoding", "chunked")
                else:
                    self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                sent = reply.body if reply.cut is None else reply.body[: reply.cut]
                if reply.chunked:
                    self.wfile.write(f"{len(sent):x}\r\n".encode() + sent + b"\r\n")
                    if reply.cut is None:
                        self.wfile.write(b"0\r\n\r\n")
                else:
                    self.wfile.write(sent)
                self.wfile.flush()
                self.close_connection = reply.cut is not None

        class Server(ThreadingHTTPServer):
            def handle_error(self, request: object, client_address: object) -> None:
                if not isinstance(sys.exception(), ConnectionError):  # a client may hang up
                    super().handle_error(request, client_address)  # type: ignore[arg-type]

        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}
        )
        self._thread.start()

    def will(self, *replies: dict[str, object] | Callable[[Asked], dict[str, object]]) -> None:
        """Say what to answer, in order, as members of `Reply`; the last is repeated."""
        self._replies = list(replies)

    def _next(self, asked: Asked) -> Reply:
        with self._lock:
            self.asked.append(asked)
            reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        return Reply(**(reply(asked) if callable(reply) else reply))

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    server = Publisher()
    yield server
    server.close()


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy or certificates of this machine's in the tests."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
