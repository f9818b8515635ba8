"""A threaded server whose answers can be made to fail in the ways that real ones do."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

PASSING = ("429", "500", "503", "drop", "truncated")
LASTING = ("html", "410")
FAILURES = (*PASSING, *LASTING)


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    params: dict[str, list[str]]
    body: Any
    data: bool
    """Whether figures were asked for, not what there is."""


class StandIn:
    """What every stand-in shares; a subclass answers in `answer`."""

    prefix = ""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self._failures: dict[int, str] = {}
        self._lock = threading.Lock()

    def answer(self, request: Request) -> tuple[int, Any]:
        """Return the status and what is to be sent as JSON."""
        raise NotImplementedError

    def is_data(self, path: str) -> bool:
        """Whether a request at this path asks for figures."""
        raise NotImplementedError

    def fail(self, kind: str, *, at: int | Iterable[int] = 1) -> None:
        """Let the data calls of these numbers, counted from now on from 1, fail once each."""
        assert kind in FAILURES
        done = len(self.data_calls)
        for number in [at] if isinstance(at, int) else at:
            self._failures[done + number] = kind

    @property
    def data_calls(self) -> list[Request]:
        return [one for one in self.requests if one.data]

    def __enter__(self) -> Any:
        standin = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._serve(None)

            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                self._serve(json.loads(self.rfile.read(length)))

            def _serve(self, body: Any) -> None:
                split = urlsplit(self.path)
                path = unquote(split.path).removeprefix(standin.prefix)
                data = standin.is_data(path)
                request = Request(self.command, path, parse_qs(split.query), body, data)
                with standin._lock:
                    standin.requests.append(request)
                    count = len(standin.data_calls)
                    kind = standin._failures.pop(count, "") if data else ""
                    status, sent = standin.answer(request)
                content = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
                if kind == "drop":
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                if kind == "html":
                    status, content = 200, b"<!DOCTYPE html><title>Underhall</title>"
                elif kind == "410":
                    status, content = 410, b"Gone"
                elif kind.isdecimal():
                    status, content = int(kind), b'{"detail": "busy"}'
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if kind == "truncated":
                    content = content[: len(content) // 2]
                    self.close_connection = True
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    self.wfile.write(content)

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}{self.prefix}"
