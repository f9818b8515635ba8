"""What a request asks for: the selection of a query string or of a POST body."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from . import problems
from .table import Document

# A comma parts two codes unless it stands within [ ].
COMMA = re.compile(r",(?=[^\]]*(?:\[|$))")


@dataclass
class Asked:
    """What one variable was asked for: codes and expressions, perhaps through a codelist."""

    variable: str
    codes: list[str]
    codelist: str | None = None


@dataclass
class Query:
    """A selection as it came, and where its variables should be placed (None: not said)."""

    asked: list[Asked]
    heading: list[str] | None = None
    stub: list[str] | None = None


def from_get(parameters: Sequence[tuple[str, str]]) -> Query:
    """The selection in a query string, as the server's own binder reads it.

    Of a parameter that is repeated only the first counts.
    """
    asked: dict[str, Asked] = {}
    codelists: dict[str, str] = {}
    for name, value in parameters:
        lower = name.lower()
        if lower.startswith("valuecodes"):
            if not (lower.startswith("valuecodes[") and name.endswith("]") and len(name) > 12):
                text = f"valuecodes-parameter should be like valuecodes[<variable>]. {name} is not."
                raise problems.ValidationError(valuecodes=text)
            variable = name[11:-1]
            asked.setdefault(lower, Asked(variable, [_unwrapped(c) for c in COMMA.split(value)]))
        elif lower.startswith("codelist[") and name.endswith("]"):
            codelists.setdefault(name[9:-1], value)
    for one in asked.values():
        one.codelist = codelists.get(one.variable)
    placed = {
        which: [v.strip() for v in value.split(",") if v.strip()]
        for which in ("heading", "stub")
        for value in [next((v for n, v in parameters if n.lower() == which), "")]
    }
    return Query(list(asked.values()), placed["heading"], placed["stub"])


def _unwrapped(item: str) -> str:
    return item[1:-1] if item.startswith("[") and item.endswith("]") else item.strip()


def from_document(document: Document) -> Query:
    """The selection in a POST body: no comma or bracket rules there."""

    def texts(value: Any, name: str) -> list[str]:
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise problems.ValidationError(**{name: "Error converting value."})
        return list(value)

    items = document.get("selection")
    if not isinstance(items, list):
        raise problems.ValidationError(selection="The Selection field is required.")
    asked = []
    for item in items:
        if not isinstance(item, dict) or not isinstance(item.get("variableCode"), str):
            raise problems.ValidationError(selection="The VariableCode field is required.")
        codelist = item.get("codelist")
        if not isinstance(codelist, str | None):
            raise problems.ValidationError(selection="Error converting value.")
        asked.append(
            Asked(item["variableCode"], texts(item.get("valueCodes"), "valueCodes"), codelist)
        )
    placement = document.get("placement")
    if placement is None:
        return Query(asked)
    if not isinstance(placement, dict):
        raise problems.ValidationError(placement="Error converting value.")
    heading, stub = placement.get("heading"), placement.get("stub")
    if heading is None or stub is None:
        return Query(asked)
    return Query(asked, texts(heading, "heading"), texts(stub, "stub"))
