"""A request as the endpoints see it, and their reply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from . import problems
from .table import Document

JSON = "application/json; charset=utf-8"
PROBLEM = "application/problem+json; charset=utf-8"


@dataclass(frozen=True)
class Reply:
    """An HTTP answer."""

    status: int
    body: bytes = b""
    content_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def as_json(document: Any, status: int = 200, content_type: str = JSON) -> Reply:
    return Reply(status, orjson.dumps(document), content_type)


@dataclass(frozen=True)
class Call:
    """A request, parsed: path below the API's root, parameters in order, body."""

    method: str
    parts: tuple[str, ...]
    parameters: tuple[tuple[str, str], ...]
    body: bytes = b""
    content_type: str = ""

    def one(self, name: str) -> str | None:
        """The first parameter with this name in any case; empty counts as absent."""
        found = (v for n, v in self.parameters if n.lower() == name.lower())
        return next(found, None) or None

    def boolean(self, name: str) -> bool:
        """A parameter that is `true` or `false` in any case, or absent."""
        text = self.one(name)
        if text is not None and text.lower() not in {"true", "false"}:
            raise problems.ValidationError(**{name: f"The value '{text}' is not valid."})
        return (text or "").lower() == "true"

    def integer(self, name: str) -> int | None:
        """A parameter that is a 32-bit whole number, or absent."""
        text = self.one(name)
        if text is None:
            return None
        try:
            number = int(text) if text.isascii() else None
        except ValueError:
            number = None
        if number is None or abs(number) >= 2**31:
            raise problems.ValidationError(**{name: f"The value '{text}' is not valid."})
        return number


def json_body(call: Call) -> Document | None:
    """The JSON object of a POST; None for an empty one."""
    if not call.body:
        return None
    if "json" not in call.content_type.lower():
        raise problems.ParameterError("Unsupported Media Type", status=415)
    try:
        document = orjson.loads(call.body)
    except orjson.JSONDecodeError as error:
        raise problems.ValidationError(body=f"Error parsing the request body: {error}") from None
    if document is not None and not isinstance(document, dict):
        raise problems.ValidationError(body="Error converting value.")
    return document
