"""The facts of a target in words: what the target sheet of a workbook lists."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from integstats import catalogue
from integstats.catalogue import Language
from integstats.targets.track import Track
from integstats.wording import columns, terms, verdict_sentences
from integstats.wording.claims import Claim


@dataclass(frozen=True)
class Fact:
    """One fact of a track.

    Attributes
    ----------
    name
        Code name, as in `Track.facts` and the provenance (``verdict.z``); what the target itself
        says begins with ``target.``.
    header, definition
        What it is called and means.
    value
        A figure, or a text in words; never missing.
    unit
        Of a figure, as in `integstats.wording.columns.Column`; ``text`` of all else.
    """

    name: str
    header: str
    definition: str
    value: float | str
    unit: columns.Unit


@cache
def _read() -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return the entries of facts by name, and the lists of words for codes."""
    text = files("integstats.wording").joinpath("target_facts.toml").read_text(encoding="utf-8")
    found = tomllib.loads(text)
    words = found.pop("words")
    return MappingProxyType(found), MappingProxyType(words)


def facts(track: Track, *, lang: Language = "sv") -> Iterator[Fact]:
    """Yield what is known of a track, in the order of the target sheet, without what is missing.

    A change of a share is given in percentage points: a difference is never a per cent.
    """
    found = track.facts()
    found |= {f"target.{key}": value for key, value in found.pop("target").items()}
    for name, entry in _read()[0].items():
        raw = found.get(name)
        if raw is None or raw in ("", []):
            continue
        header, definition = entry[lang]
        if isinstance(raw, (int, float)) and not isinstance(raw, bool):
            value, unit = _figure(raw, entry["unit"], track)
            yield Fact(name, header, definition, value, unit)
        else:
            text = _text(name.rpartition(".")[2], entry["unit"], raw, lang)
            if name == "verdict.status":
                text = f"{_lead(track, lang)}{text}"
            yield Fact(name, header, definition, text, "text")


def _lead(track: Track, lang: Language) -> str:
    """What stands before the verdict on a target that nobody decided."""
    if track.target.decided:
        return ""
    lead = Claim(verdict_sentences.PREDICATES["lead.illustrative"], {"decided": False})
    return f"{lead.render(lang)} "


def _figure(raw: float, unit: Any, track: Track) -> tuple[float, columns.Unit]:
    if unit == "change" and track.unit == "share":
        return 100 * raw, "pp"
    return raw, columns.VALUE_UNITS[track.unit] if unit in ("change", "value") else unit


def _text(listed: str, unit: Any, raw: Any, lang: Language) -> str:
    if unit == "breaks":
        known = {one.id: one.text(lang) for one in catalogue.breaks()}
        return " ".join(known.get(one, one) for one in raw)
    if listed == "assumed":
        return ", ".join(
            terms.pick(terms.FIELDS, one, lang) if one in terms.FIELDS else one for one in raw
        )
    own = _read()[1].get(listed, {}).get(raw) if isinstance(raw, str) else None
    if own is not None:
        return str(own[0 if lang == "sv" else 1])
    shown = columns.Column(listed, unit, ("", ""), ("", ""))
    return columns.cell(shown, ";".join(raw) if isinstance(raw, list) else raw, lang=lang)
