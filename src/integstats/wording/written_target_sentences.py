"""Whether a target written in a file can be followed, and what it lacks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from integstats.catalogue import Language
from integstats.targets.target_file import WrittenTarget
from integstats.wording.claims import Predicate, Text, Value, all_true

Values = Mapping[str, Any]

_STANDINGS = [
    Predicate(
        "written.missing",
        lambda v: bool(v["missing"]) and not v["problem"],
        "”{name}” kan inte följas ännu. Det saknas uppgift om {missing:fields}.",
        "‘{name}’ cannot be followed yet. It does not say: {missing:fields}.",
    ),
    Predicate(
        "written.problem",
        lambda v: bool(v["problem"]),
        "”{name}” kan inte följas. Felmeddelandet är: {problem}",
        "‘{name}’ cannot be followed. The message is: {problem}",
    ),
    Predicate(
        "written.complete",
        lambda v: not v["missing"] and not v["problem"],
        "”{name}” kan följas.",
        "‘{name}’ can be followed.",
    ),
]

PREDICATES: Mapping[str, Predicate] = {one.id: one for one in _STANDINGS}


def written_text(written: WrittenTarget, *, lang: Language = "sv") -> Text:
    """Return whether a written target can be followed, and what is missing or wrong.

    The message of an error is in English.
    """
    slots: dict[str, Value] = {
        "name": written.name,
        "missing": written.missing,
        "problem": written.problem,
    }
    return Text.of(*all_true(_STANDINGS, slots), lang=lang)
