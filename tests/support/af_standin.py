"""A stand-in for Arbetsförmedlingen's site: an index page with links, and the files behind them."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

INDEX = "/statistik/sok-statistik/tidigare-statistik-tidsserier"
OLDER_INDEX = "/statistik/sok-statistik/tidigare-statistik"
UPLOADED = 1_789_107_120_000
"""2026-09-11 06:12 UTC, in milliseconds."""
NEAR_NAMESAKES = (
    "web-inskrivna-arbetslosa-andel-av-bas-arsgenomsnitt-2008-2025.xlsx",
    "web-inskrivna-arbetslosa-andel-av-bas-arsgenomsnitt-2026-09.xlsx",
    "web-inskrivna-arbetslosa-andel-av-reg-2023-05.xlsx",
    "web-inskrivna-arbetslosa-andel-av-bas-2026-13.xlsx",
    "gammal-web-inskrivna-arbetslosa-andel-av-bas-2026-12.xlsx",
    "web-inskrivna-arbetslosa-andel-av-bas-2026-12.xlsx.pdf",
)
"""File names that stand on the page and are other files than the share file."""


class AfStandIn:
    """Serves an index page and files on this machine; a context manager.

    Parameters
    ----------
    files
        Name of a file: its content.
    uploaded
        The number in the addresses of the files.

    Attributes
    ----------
    older
        The files on the page of the older name; there is no such page while it is empty.
    """

    def __init__(self, files: Mapping[str, bytes], *, uploaded: int = UPLOADED) -> None:
        self.files = dict(files)
        self.uploaded = uploaded
        self.asked: list[str] = []
        self.index_status = 200
        self.older: dict[str, bytes] = {}
        self.content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        standin = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                standin.asked.append(self.path)
                status, kind, body = standin.answer(self.path)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> AfStandIn:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def index(self) -> str:
        """Address of the index page."""
        return f"http://127.0.0.1:{self._server.server_port}{INDEX}"

    @property
    def downloads(self) -> int:
        """How many files were asked for."""
        return sum("/download/" in path for path in self.asked)

    def page(self, files: Mapping[str, bytes]) -> str:
        """HTML of an index page: the files, the near-namesakes, and other links."""
        links = [f"/download/18.abc/{self.uploaded}/{name}" for name in files]
        links += [f"/download/18.abc/{self.uploaded}/{name}" for name in NEAR_NAMESAKES]
        anchors = "".join(f'<li><a class="d" href="{link}">Fil</a></li>' for link in links)
        return (
            "<!doctype html><html><body><a name='topp'></a><a href='/om'>Om</a>"
            f"<!-- <a href='/download/1/2/web-sok-lan-kom-2030-01.xlsx'>x</a> --><ul>{anchors}"
        )

    def answer(self, path: str) -> tuple[int, str, bytes]:
        """Status, type and body of the answer to a path."""
        if path == INDEX:
            return self.index_status, "text/html; charset=utf-8", self.page(self.files).encode()
        if path == OLDER_INDEX and self.older:
            return 200, "text/html; charset=utf-8", self.page(self.older).encode()
        name = path.rpartition("/")[2]
        files = self.files | self.older
        if path.startswith(f"/download/18.abc/{self.uploaded}/") and name in files:
            return 200, self.content_type, files[name]
        return 404, "text/html", b"<html>finns inte"
