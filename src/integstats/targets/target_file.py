"""Targets written in a file: its text read into targets, what is wrong or open said of each."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from integstats.catalogue import Language
from integstats.errors import IntegstatsError, TargetError, did_you_mean
from integstats.targets.target import Target

REQUIRED = ("measure", "kind", "amount", "places", "baseline", "deadline")
"""What nobody but the author can fill, in the order in which one decides."""
ABOUT = ("name", "said_by", "said_on", "left_open")
"""What an entry may say beside the fields of its target."""


@dataclass(frozen=True)
class WrittenTarget:
    """One entry of a file.

    Attributes
    ----------
    name
        What it is called there; made from its number when left out.
    target
        The target; None where it cannot be followed.
    says, said_by, said_on
        The words of the text it comes from, who said them, and when. This is not a decision on
        the target as it stands here: that is what `Target.decided_by` says.
    left_open
        What that text leaves open, and how it was filled, in the author's words.
    missing
        Required fields that are left out.
    problem
        What is wrong with the entry, in one line; empty when it can be followed, or when fields
        are merely missing.
    """

    name: str
    target: Target | None
    says: str
    said_by: str
    said_on: str
    left_open: tuple[str, ...]
    missing: tuple[str, ...]
    problem: str

    def sentence(self, lang: Language = "sv") -> str:
        """Say whether it can be followed, and what is missing or wrong, in Swedish or English."""
        from integstats.wording.written_target_sentences import written_text

        return written_text(self, lang=lang).text


def read_targets(text: str) -> tuple[WrittenTarget, ...]:
    """Read the text of a ``targets.toml``.

    Each ``[[target]]`` holds the fields of `Target.from_dict`, and may hold ``name``, ``said_by``,
    ``said_on`` and ``left_open`` (a list). An entry that lacks a required field, or is wrong, is
    returned without a target, so that the others can still be followed.

    Parameters
    ----------
    text
        The file's text.

    Returns
    -------
    tuple of WrittenTarget
        In the order of the file.

    Raises
    ------
    TargetError
        When the text is no TOML, has no ``[[target]]``, or two entries have one name.

    Examples
    --------
    >>> [one] = read_targets('''
    ... [[target]]
    ... measure = "unemployment_rate"
    ... kind = "relative_reduction"
    ... amount = 0.5
    ... places = ["Malmö"]
    ... baseline = "2024-06"
    ... ''')
    >>> one.name, one.target, one.missing
    ('target-1', None, ('deadline',))
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TargetError(
            f"The targets are not written as TOML: {error}. Periods and words need quotes, as "
            '"2024-06"; begin with: integstats target --new'
        ) from None
    entries = data.get("target")
    others = [name for name in data if name != "target"]
    if others or not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        got = ", ".join(others) or "nothing"
        near = did_you_mean(others[0], ["target"]) if others else ""
        raise TargetError(
            f"A file of targets consists of entries that begin with [[target]]; got: {got}.{near}"
        )
    found = tuple(_entry(entry, number) for number, entry in enumerate(entries, start=1))
    names = [one.name for one in found]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise TargetError(f"Two targets have the name {twice[0]!r}: give each its own.")
    return found


def _entry(entry: Mapping[str, Any], number: int) -> WrittenTarget:
    fields = {name: value for name, value in entry.items() if name not in ABOUT}
    missing = tuple(name for name in REQUIRED if fields.get(name) in (None, "", []))
    known = [one.name for one in dataclasses.fields(Target)]
    unknown = [name for name in fields if name not in known]
    target, problem = None, ""
    open_points = entry.get("left_open", [])
    try:
        if unknown:
            raise TargetError(
                f"A target in a file has no field {unknown[0]!r}."
                f"{did_you_mean(unknown[0], [*known, *ABOUT], count=1)} "
                f"Fields: {', '.join([*ABOUT, *known])}."
            )
        if not isinstance(open_points, list):
            raise TargetError(f"left_open must be a list of texts, got {open_points!r}.")
        if not missing:
            target = Target.from_dict(fields)
    except IntegstatsError as error:
        problem = str(error)
    return WrittenTarget(
        name=str(entry.get("name") or entry.get("id") or f"target-{number}"),
        target=target,
        says=str(entry.get("source_text", "")),
        said_by=str(entry.get("said_by", "")),
        said_on=str(entry.get("said_on", "")),
        left_open=tuple(map(str, open_points)) if isinstance(open_points, list) else (),
        missing=missing,
        problem=problem,
    )
