from __future__ import annotations

import gzip
import http.server
import logging
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from typing import Any

import orjson
import pytest
import requests

from integstats.errors import OutputError, SourceChangedError, SourceUnavailableError
from integstats.publishers.http import Client, Response, new_session
from integstats.publishers.limits import Limiter

JSON = b'{"value": [1, 2, 3]}'
WORKBOOK = bytes(range(256)) * 1000


def make(time: Any, **kwargs: Any) -> Client:
    defaults: dict[str, Any] = {
        "limiter": Limiter(1000, 0.001, clock=time.clock, sleep=time.sleep),
        "timeout": (5.0, 5.0),
        "sleep": time.sleep,
        "clock": time.clock,
        "wall": time.wall,
        "jitter": lambda: 0.0,
    }
    return Client(**(defaults | kwargs))


@pytest.fixture
def client(time: Any) -> Iterator[Client]:
    with make(time) as made:
        yield made


def test_an_answer_is_handed_on_whole(client: Client, publisher: Any) -> None:
    publisher.will({"body": JSON, "headers": {"ETag": "x"}})
    response = client.get(publisher.url + "/a", params={"codelist[Alder]": "agg_Ålder", "q": "å b"})
    assert (response.status, response.body) == (200, JSON)
    assert response.headers["etag"] == "x"
    assert response.url.startswith(publisher.url)
    asked = publisher.asked[0]
    assert asked.target == "/a?codelist%5BAlder%5D=agg_%C3%85lder&q=%C3%A5+b"
    assert asked.headers["User-Agent"].startswith("integstats/0.")


def test_a_post_sends_json(client: Client, publisher: Any) -> None:
    publisher.will({"body": JSON})
    client.post(publisher.url + "/data", {"a": ["å", "1+2"]}, params={"lang": "sv"})
    asked = publisher.asked[0]
    assert (asked.method, asked.target) == ("POST", "/data?lang=sv")
    assert orjson.loads(asked.body) == {"a": ["å", "1+2"]}
    assert asked.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    "trouble",
    [
        {"status": 429, "body": b"API calls quota exceeded!"},
        {"status": 500, "body": b""},
        {"status": 502, "body": b"<html>"},
        {"status": 503},
        {"status": 504},
        {"drop": True},
        {"body": JSON, "cut": 7},
        {"body": JSON, "cut": 0},
        {"body": JSON, "cut": 7, "chunked": True},
        {"body": b"not gzip at all", "headers": {"Content-Encoding": "gzip"}},
    ],
    ids=lambda trouble: "-".join(f"{k}={v!r:.12}" for k, v in trouble.items()),
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_did_not_arrive_whole_is_asked_for_again(
    client: Client, publisher: Any, time: Any, method: str, trouble: Any
) -> None:
    publisher.will(trouble, trouble, {"body": JSON, "chunked": True})
    question = () if method == "get" else ({"q": 1},)
    response = getattr(client, method)(publisher.url, *question)
    assert response.body == JSON
    assert len(publisher.asked) == 3
    assert [wait for wait in time.slept if wait > 0.1] == [1.0, 2.0]
    assert len({asked.body for asked in publisher.asked}) == 1


@pytest.mark.parametrize("status", [200, 304, 400, 403, 404, 410, 501])
def test_every_other_status_is_the_callers_to_judge(
    client: Client, publisher: Any, time: Any, status: int
) -> None:
    publisher.will({"status": status, "body": b"" if status == 304 else b"why"})
    assert client.get(publisher.url).status == status
    assert (len(publisher.asked), time.slept) == (1, [])


def test_it_gives_up_and_says_what_was_tried(publisher: Any, time: Any) -> None:
    publisher.will({"status": 503})
    with make(time) as client, pytest.raises(SourceUnavailableError) as caught:
        client.get(publisher.url + "/tables")
    message = str(caught.value)
    assert len(publisher.asked) == 5
    for part in ("/tables", "GET was tried 5 of 5 times in 15 of 600 s", "HTTP 503"):
        assert part in message
    for part in ("Try again later", "HTTPS_PROXY", "REQUESTS_CA_BUNDLE"):
        assert part in message
    assert "\n" not in message


def test_nobody_there(client: Client, time: Any) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(SourceUnavailableError, match="refused") as caught:
        client.get(f"http://127.0.0.1:{port}/x")
    assert "Max retries" not in str(caught.value)
    assert time.slept == [1.0, 2.0, 4.0, 8.0]


def test_an_address_that_is_none(client: Client, time: Any) -> None:
    with pytest.raises(SourceUnavailableError, match="could not be made"):
        client.get("https:///x")
    assert time.slept == []


@pytest.mark.parametrize("jitter", [0.0, 0.5, 0.999])
def test_waits_double_up_to_a_minute_and_are_shortened_by_at_most_half(
    publisher: Any, time: Any, jitter: float
) -> None:
    publisher.will({"status": 500})
    with (
        make(time, attempts=9, jitter=lambda: jitter) as client,
        pytest.raises(SourceUnavailableError),
    ):
        client.get(publisher.url)
    full = [1, 2, 4, 8, 16, 32, 60, 60]
    assert [w for w in time.slept if w > 0.1] == pytest.approx([w * (1 - jitter / 2) for w in full])


def test_the_total_budget_holds(publisher: Any, time: Any) -> None:
    publisher.will({"status": 500})
    with (
        make(time, attempts=100, budget=20.0) as client,
        pytest.raises(SourceUnavailableError, match="5 of 100 times in 15 of 20 s"),
    ):
        client.get(publisher.url)
    assert time.clock() - 1000 <= 20


# Retry-After and the rate-limit headers


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_in_seconds(client: Client, publisher: Any, time: Any, status: int) -> None:
    publisher.will({"status": status, "headers": {"Retry-After": "7"}}, {"body": JSON})
    client.get(publisher.url)
    assert 7 <= sum(time.slept) < 8


def test_retry_after_as_a_date(client: Client, publisher: Any, time: Any) -> None:
    at = formatdate(time.wall() + 30, usegmt=True)
    publisher.will({"status": 429, "headers": {"Retry-After": at}}, {"body": JSON})
    client.get(publisher.url)
    assert 29 <= sum(time.slept) < 32


@pytest.mark.parametrize("text", ["", "soon", "-5", "nan", "Mon, 99 Foo 2026"])
def test_a_retry_after_that_says_nothing_is_passed_over(
    client: Client, publisher: Any, time: Any, text: str
) -> None:
    publisher.will({"status": 429, "headers": {"Retry-After": text}}, {"body": JSON})
    client.get(publisher.url)
    assert 1 <= sum(time.slept) < 1.1


def test_a_wish_beyond_the_budget_ends_it_at_once(
    client: Client, publisher: Any, time: Any
) -> None:
    publisher.will({"status": 429, "headers": {"Retry-After": "86400"}})
    with pytest.raises(SourceUnavailableError, match="asked again in 86400 s"):
        client.get(publisher.url)
    assert (len(publisher.asked), time.slept) == (1, [])


def test_all_threads_wait_after_a_429(publisher: Any, time: Any) -> None:
    limiter = Limiter(1000, 0.001, clock=time.clock, sleep=time.sleep)
    publisher.will({"status": 429, "headers": {"Retry-After": "60"}}, {"body": JSON})
    with make(time, limiter=limiter, attempts=1) as client:
        with pytest.raises(SourceUnavailableError):
            client.get(publisher.url)
        assert time.slept == []
    with make(time, limiter=limiter) as client:
        publisher.will({"status": 429, "headers": {"Retry-After": "60"}}, {"body": JSON})
        client.get(publisher.url)
    assert sum(time.slept) >= 60


@pytest.mark.parametrize("form", ["iso", "iso7", "delta", "epoch"])
def test_an_empty_allowance_holds_the_next_request(
    client: Client, publisher: Any, time: Any, form: str
) -> None:
    from datetime import UTC, datetime

    at = datetime.fromtimestamp(time.wall() + 9, UTC)
    reset = {
        "iso": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "iso7": at.strftime("%Y-%m-%dT%H:%M:%S.0000000Z"),  # as the server's library writes it
        "delta": "9",
        "epoch": str(int(at.timestamp())),
    }[form]
    headers = {
        "Date": formatdate(time.wall(), usegmt=True),
        "X-Rate-Limit-Limit": "10s",
        "X-Rate-Limit-Remaining": "0",
        "X-Rate-Limit-Reset": reset,
    }
    publisher.will({"headers": headers}, {"body": JSON})
    client.get(publisher.url)
    assert time.slept == []
    client.get(publisher.url)
    assert sum(time.slept) == pytest.approx(9, abs=1.1)


def test_an_allowance_that_is_left_holds_nobody(client: Client, publisher: Any, time: Any) -> None:
    headers = {"X-Rate-Limit-Remaining": "1", "X-Rate-Limit-Reset": "50"}
    publisher.will({"headers": headers})
    client.get(publisher.url)
    client.get(publisher.url)
    assert sum(time.slept) < 0.1


def test_a_clock_that_is_wrong_is_set_by_the_publishers(
    client: Client, publisher: Any, time: Any
) -> None:
    theirs = time.wall() - 4000  # this machine is an hour fast
    headers = {
        "Date": formatdate(theirs, usegmt=True),
        "X-Rate-Limit-Remaining": "0",
        "X-Rate-Limit-Reset": str(int(theirs + 9)),
    }
    publisher.will({"headers": headers})
    client.get(publisher.url)
    client.get(publisher.url)
    assert sum(time.slept) == pytest.approx(9, abs=1.1)


def test_every_attempt_keeps_the_limit(publisher: Any, time: Any) -> None:
    limiter = Limiter(1, 100.0, clock=time.clock, sleep=time.sleep)
    publisher.will({"status": 500}, {"body": JSON})
    with make(time, limiter=limiter) as client:
        client.get(publisher.url)
    assert time.clock() - 1000 >= 100


def test_retries_are_logged(
    client: Client, publisher: Any, caplog: pytest.LogCaptureFixture
) -> None:
    publisher.will({"status": 502}, {"body": JSON})
    with caplog.at_level(logging.WARNING, "integstats"):
        client.get(publisher.url)
    (record,) = caplog.records
    assert (record.name, record.levelname) == ("integstats", "WARNING")
    assert "HTTP 502; trying again in 1.0 s (attempt 2 of 5)" in record.getMessage()


# The caller's judgement


def test_a_check_can_ask_again_or_give_up(client: Client, publisher: Any) -> None:
    publisher.will({"body": b"half"}, {"body": b"whole"})
    seen: list[Response] = []

    def check(response: Response) -> str | None:
        seen.append(response)
        return None if response.body == b"whole" else "half of it"

    assert client.get(publisher.url, check=check).body == b"whole"
    assert [response.body for response in seen] == [b"half", b"whole"]

    def refuse(response: Response) -> str | None:
        raise SourceChangedError("no")

    publisher.will({"status": 500})
    before = len(publisher.asked)
    with pytest.raises(SourceChangedError, match="no"):
        client.get(publisher.url, check=refuse)
    assert len(publisher.asked) == before + 1  # not even a 500 is tried again


def test_a_check_that_is_never_satisfied(client: Client, publisher: Any) -> None:
    publisher.will({"body": b"half"})
    with pytest.raises(SourceUnavailableError, match="the last time half of it"):
        client.get(publisher.url, check=lambda response: "half of it")
    assert len(publisher.asked) == 5


# Timeouts and sizes


def test_the_read_timeout_is_passed_on(publisher: Any, time: Any) -> None:
    never = threading.Event()
    publisher.will({"wait": never})
    with (
        make(time, timeout=(5.0, 0.02), attempts=2) as client,
        pytest.raises(SourceUnavailableError, match=r"0\.02 s of silence"),
    ):
        client.get(publisher.url)
    never.set()
    assert len(publisher.asked) == 2


def test_both_timeouts_reach_the_session(time: Any) -> None:
    class Session(requests.Session):
        given: Any = None

        def request(self, *args: Any, **kwargs: Any) -> Any:
            self.given = kwargs["timeout"]
            raise requests.exceptions.ConnectTimeout

    session = Session()
    with (
        make(time, timeout=(3.5, 61.0), session=session) as client,
        pytest.raises(SourceUnavailableError, match=r"3\.5 s to connect"),
    ):
        client.get("http://127.0.0.1/")
    assert session.given == (3.5, 61.0)


def test_a_body_that_trickles_in_ends_with_the_budget(publisher: Any, time: Any) -> None:
    publisher.will({"body": WORKBOOK})
    readings = iter([1000.0, 1001.0, 1002.0, 2000.0] + [2000.0] * 50)
    with (
        make(time, clock=lambda: next(readings), budget=600.0) as client,
        pytest.raises(SourceUnavailableError, match="bytes came within 600 s"),
    ):
        client.get(publisher.url)
    assert len(publisher.asked) == 1


@pytest.mark.parametrize("chunked", [False, True])
def test_too_large_a_body_is_refused(publisher: Any, time: Any, chunked: bool) -> None:
    publisher.will({"body": WORKBOOK, "chunked": chunked})
    with (
        make(time, max_bytes=len(WORKBOOK) - 1) as client,
        pytest.raises(SourceChangedError, match=r"larger than 255,999 bytes.*max_bytes"),
    ):
        client.get(publisher.url)
    with make(time, max_bytes=len(WORKBOOK)) as client:
        assert client.get(publisher.url).body == WORKBOOK


def test_a_small_body_that_unpacks_to_a_large_one_is_refused(publisher: Any, time: Any) -> None:
    packed = gzip.compress(bytes(5_000_000))
    assert len(packed) < 10_000
    publisher.will({"body": packed, "headers": {"Content-Encoding": "gzip"}})
    with make(time, max_bytes=100_000) as client, pytest.raises(SourceChangedError, match="larger"):
        client.get(publisher.url)


def test_a_get_follows_a_redirect_and_a_post_does_not(client: Client, publisher: Any) -> None:
    publisher.will({"status": 301, "headers": {"Location": "/new"}}, {"body": JSON})
    response = client.get(publisher.url + "/old")
    assert (response.body, response.url) == (JSON, publisher.url + "/new")
    publisher.will({"status": 301, "headers": {"Location": "/new"}}, {"body": JSON})
    assert client.post(publisher.url + "/old", {}).status == 301


# Files


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_streamed_into_place(client: Client, publisher: Any, tmp_path: Path) -> None:
    publisher.will({"body": WORKBOOK, "headers": {"Last-Modified": "then"}})
    path = tmp_path / "book.xlsx"
    got = client.download(publisher.url + "/b", path, params={"v": "1"})
    assert path.read_bytes() == WORKBOOK
    assert (got.path, got.size, got.headers["last-modified"]) == (path, len(WORKBOOK), "then")
    assert got.url == publisher.url + "/b?v=1"
    assert files(tmp_path) == ["book.xlsx"]
    assert publisher.asked[0].headers["Accept-Encoding"] == "identity"


def test_a_file_cut_short_is_fetched_anew_from_its_beginning(
    client: Client, publisher: Any, tmp_path: Path
) -> None:
    publisher.will({"body": WORKBOOK, "cut": 200_000}, {"status": 503}, {"body": WORKBOOK[:1000]})
    path = tmp_path / "book.xlsx"
    assert client.download(publisher.url, path).size == 1000
    assert path.read_bytes() == WORKBOOK[:1000]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"body": WORKBOOK, "cut": 5}, SourceUnavailableError),
        ({"status": 500}, SourceUnavailableError),
        ({"status": 404}, SourceChangedError),
        ({"body": b"<html>", "headers": {"Content-Type": "text/html; c"}}, SourceChangedError),
        ({"body": WORKBOOK * 2}, SourceChangedError),
    ],
)
def test_what_stood_there_stays_when_a_file_does_not_come(
    client: Client, publisher: Any, tmp_path: Path, answer: Any, error: type[Exception]
) -> None:
    publisher.will(answer)
    path = tmp_path / "book.xlsx"
    path.write_bytes(b"before")
    with pytest.raises(error):
        client.download(publisher.url, path, max_bytes=len(WORKBOOK))
    assert path.read_bytes() == b"before"
    assert files(tmp_path) == ["book.xlsx"]


def test_an_interrupted_download_leaves_nothing(
    client: Client, publisher: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*args: object) -> Iterator[bytes]:
        yield b"some"
        raise KeyboardInterrupt

    monkeypatch.setattr(requests.Response, "iter_content", interrupt)
    publisher.will({"body": WORKBOOK})
    with pytest.raises(KeyboardInterrupt):
        client.download(publisher.url, tmp_path / "book.xlsx")
    assert files(tmp_path) == []


def test_a_folder_that_is_not_there(client: Client, publisher: Any, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"book\.xlsx could not be written: No such file"):
        client.download(publisher.url, tmp_path / "none" / "book.xlsx")
    assert publisher.asked == []


# Proxies and certificates


def test_https_proxy_is_used(
    client: Client, publisher: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", publisher.url)
    publisher.will({"status": 503})
    with pytest.raises(SourceUnavailableError, match="HTTPS_PROXY"):
        client.get("https://statistics.invalid/api/v2/config")
    assert {(asked.method, asked.target) for asked in publisher.asked} == {
        ("CONNECT", "statistics.invalid:443")
    }


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate that nobody trusts, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl here to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout", str(key)),
            *("-addext", "subjectAltName=IP:127.0.0.1", "-out", str(cert)),
        ],
        check=True,
        capture_output=True,
    )
    return cert, key


@pytest.fixture
def tls(certificate: tuple[Path, Path]) -> Iterator[str]:
    """The address of a server with that certificate."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(JSON)))
            self.end_headers()
            self.wfile.write(JSON)

    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            pass  # a client that does not trust us hangs up

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"https://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()
    thread.join()


def test_an_untrusted_certificate_is_no_reason_to_try_again(
    client: Client, tls: str, time: Any
) -> None:
    with pytest.raises(SourceUnavailableError, match=r"not trusted here.*REQUESTS_CA_BUNDLE"):
        client.get(tls)
    assert time.slept == []


def test_requests_ca_bundle_is_trusted(
    tls: str, certificate: tuple[Path, Path], time: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate[0]))
    with make(time) as client:
        assert client.get(tls).body == JSON


def test_the_systems_trust_store_is_trusted(
    tls: str, certificate: tuple[Path, Path], time: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))  # where OpenSSL looks
    with make(time) as client:
        assert client.get(tls).body == JSON


def test_a_bundle_that_is_not_there_is_named(
    tls: str, time: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))
    with make(time) as client, pytest.raises(SourceUnavailableError, match=r"none\.pem"):
        client.get(tls)


def test_only_our_session_trusts_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = ssl.SSLContext
    with new_session() as session:
        assert type(session.get_adapter("https://x")) is not requests.adapters.HTTPAdapter
    assert ssl.SSLContext is plain
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "bundle.pem")
    with new_session() as session:
        assert type(session.get_adapter("https://x")) is requests.adapters.HTTPAdapter


def test_a_session_of_the_callers_is_left_open(time: Any) -> None:
    class Session(requests.Session):
        closed = False

        def close(self) -> None:
            self.closed = True

    session = Session()
    with make(time, session=session):
        pass
    assert not session.closed
