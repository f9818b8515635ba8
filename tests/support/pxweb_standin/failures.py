"""Ways to fail, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import orjson

from .calls import Reply
from .table import Document

HTML_PAGE = (
    b"<!DOCTYPE html>\n<html><head><title>Service</title></head><body>Planned work</body></html>\n"
)
PLAIN, HTML = "text/plain", "text/html"

# Kinds that end the connection instead of completing an answer.
BREAKS = ("drop", "drop_after_headers", "truncated")
FAILURES = (
    "429",
    "500",
    "502",
    "503",
    "504",
    *BREAKS,
    "html",
    "garbage",
    "wrong_count",
    "missing_code",
    "reordered",
    "slow",
)


@dataclass
class Failure:
    """A rule: calls number `at` (1 is the first since the rule was made) fail in this way.

    `kind` is one of `FAILURES`, or a function run before the call is answered as usual. `endpoint`
    is `data`, `metadata`, `config`, `tables`, `codelists` or `any`.
    """

    kind: str | Callable[[], object]
    at: frozenset[int] | None = frozenset({1})
    endpoint: str = "data"
    retry_after: str | None = None
    delay: float = 0.0
    calls: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        if isinstance(self.kind, str) and self.kind not in FAILURES:
            raise ValueError(f"unknown failure {self.kind!r}; one of {', '.join(FAILURES)}")

    def strikes(self, endpoint: str) -> bool:
        """Count this call, and say whether it is one that fails."""
        if self.endpoint not in ("any", endpoint):
            return False
        self.calls += 1
        return self.at is None or self.calls in self.at

    def spoiled(self, reply: Reply) -> Reply:
        """What the call answers instead of `reply`; kinds that break the connection keep it."""
        headers = {} if self.retry_after is None else {"Retry-After": self.retry_after}
        match self.kind:
            case "429":
                return Reply(429, b"API calls quota exceeded!", PLAIN, headers)
            case "500":
                return Reply(500)
            case "502" | "503" | "504":
                return Reply(int(self.kind), HTML_PAGE, HTML, headers)
            case "html":
                return Reply(200, HTML_PAGE, HTML)
            case "garbage":
                return Reply(200, b'{"version":"2.0","class":"dataset",,\xff}', reply.content_type)
            case "wrong_count" | "missing_code" | "reordered" if reply.status == 200:
                document = orjson.loads(reply.body)
                {"wrong_count": _short, "missing_code": _without_last, "reordered": _reversed}[
                    self.kind
                ](document)
                return Reply(200, orjson.dumps(document), reply.content_type, reply.headers)
        return reply


def _short(document: Document) -> None:
    """One figure too few."""
    document["value"].pop()


def _axis(document: Document) -> int:
    """The first variable with more than one code."""
    return next(i for i, size in enumerate(document["size"]) if size > 1)


def _without_last(document: Document) -> None:
    """A valid answer that lacks the last code asked for of the first variable with several."""
    axis = _axis(document)
    _select(document, axis, list(range(document["size"][axis] - 1)))


def _reversed(document: Document) -> None:
    """The same answer, equally valid, with the codes of one variable in the opposite order."""
    axis = _axis(document)
    _select(document, axis, list(range(document["size"][axis]))[::-1])


def _select(document: Document, axis: int, positions: list[int]) -> None:
    size = document["size"]
    inner, outer = 1, 1
    for i, one in enumerate(size):
        inner *= one if i > axis else 1
        outer *= one if i < axis else 1
    old, symbols = document["value"], document.get("status", {})
    values: list[float | None] = []
    status: dict[str, str] = {}
    for block in range(outer):
        for position in positions:
            start = (block * size[axis] + position) * inner
            for i in range(start, start + inner):
                if str(i) in symbols:
                    status[str(len(values))] = symbols[str(i)]
                values.append(old[i])
    category = document["dimension"][document["id"][axis]]["category"]
    codes = sorted(category["index"], key=category["index"].__getitem__)
    kept = [codes[position] for position in positions]
    category["index"] = {code: i for i, code in enumerate(kept)}
    category["label"] = {code: category["label"][code] for code in kept}
    size[axis] = len(positions)
    document["value"] = values
    if "status" in document:
        document["status"] = status
