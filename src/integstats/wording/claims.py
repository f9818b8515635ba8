"""Text that cannot lie: a sentence is a predicate and its values, never a string of its own.

A `Predicate` owns a condition and the wording that may be used where it is true. A `Claim` is a
predicate with values. Rendering evaluates the condition first: a claim that does not hold raises
`SchemaError`, so that no caller can write it. A `Text` is what its claims say, in order; it keeps
the claims, and rendering them again must give the identical text (`Text.problems`). Stored texts
carry their claims as plain data, so this can be checked years later.

Templates name slots and how to write them, ``{slot:format}``, as in ``{end:rate}`` or
``{group:who}``; a format may take arguments from other slots, ``{goal:level|{unit}|{decimals}}``.
The formats are those of `integstats.wording.slots`. Values are raw: shares 0–1, persons, codes
and periods as text, so one claim can be read in both languages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from string import Formatter
from types import MappingProxyType
from typing import Any, cast

import numpy as np

from integstats.catalogue import Language
from integstats.errors import SchemaError, UnknownCodeError, did_you_mean
from integstats.wording.printable import one_line
from integstats.wording.slots import write

Value = float | int | str | bool | tuple[str, ...]
"""What a slot holds. A missing figure has no slot: the sentence is left out instead."""


@dataclass(frozen=True)
class Predicate:
    """A condition, and the words that may be used where it holds.

    `test` is called with the values; `sv` and `en` are the templates.
    """

    id: str
    test: Callable[[Mapping[str, Any]], bool]
    sv: str
    en: str

    def template(self, lang: Language) -> str:
        """Return the template of a language."""
        return self.sv if lang == "sv" else self.en


@dataclass(frozen=True)
class Claim:
    """A predicate and the values it speaks of.

    Examples
    --------
    >>> fell = Predicate("fell", lambda v: v["end"] < v["start"], "Från {start:rate} till "
    ...                  "{end:rate}.", "From {start:rate} to {end:rate}.")
    >>> Claim(fell, {"start": 0.2, "end": 0.1}).render("sv")
    'Från 20,0 procent till 10,0 procent.'
    >>> Claim(fell, {"start": 0.1, "end": 0.2}).holds()
    False
    """

    predicate: Predicate
    values: Mapping[str, Value]

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", _plain_values(self.values))

    def holds(self) -> bool:
        """Whether the condition is true of the values."""
        return bool(self.predicate.test(self.values))

    def render(self, lang: Language = "sv") -> str:
        """Return the claim in words, its first letter a capital.

        Raises
        ------
        SchemaError
            When the claim does not hold, or lacks a value its words need.
        """
        if not self.holds():
            raise SchemaError(
                f"The claim {self.predicate.id!r} does not hold and is not written; got: "
                f"{_shown(self.values)}. Choose the claim that holds for these values."
            )
        text = _filled(self.predicate.template(lang), self.values, lang, self.predicate.id)
        return text[:1].upper() + text[1:]

    def to_dict(self) -> dict[str, Any]:
        """Return the claim as plain data."""
        return {"predicate": self.predicate.id, "values": dict(self.values)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], predicates: Mapping[str, Predicate]) -> Claim:
        """Read a claim back; `predicates` are all that are known, by id.

        Raises
        ------
        UnknownCodeError
            When its predicate is not among them.
        """
        name = data["predicate"]
        if name not in predicates:
            raise UnknownCodeError(
                f"Unknown predicate: {name!r}.{did_you_mean(name, predicates)} The text was "
                "written by another version of integstats: check it with that one."
            )
        values = {
            slot: tuple(value) if isinstance(value, list) else value
            for slot, value in data["values"].items()
        }
        return cls(predicates[name], values)


@dataclass(frozen=True)
class Text:
    """A text and the claims it consists of; make one with `Text.of`."""

    lang: Language
    text: str
    claims: tuple[Claim, ...]

    @classmethod
    def of(cls, *claims: Claim, lang: Language) -> Text:
        """Return the text of these claims, a space between them.

        Raises
        ------
        SchemaError
            When one of them does not hold.
        """
        return cls(lang, " ".join(claim.render(lang) for claim in claims), claims)

    @classmethod
    def joined(cls, texts: Iterable[Text], *, lang: Language) -> Text:
        """Return several texts as one."""
        return cls.of(*(claim for text in texts for claim in text.claims), lang=lang)

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.claims)

    def problems(self) -> tuple[str, ...]:
        """Return what is wrong with the text, judged by its claims alone: nothing when it stands.

        A claim that does not hold, or words that differ from what the claims say.
        """
        false = [claim.predicate.id for claim in self.claims if not claim.holds()]
        if false:
            return tuple(f"the claim {name!r} does not hold" for name in false)
        again = Text.of(*self.claims, lang=self.lang).text
        if again != self.text:
            return (f"the text {self.text!r} is not what its claims say: {again!r}",)
        return ()

    def numbers(self) -> tuple[tuple[str, float], ...]:
        """Return every number that is written: the cells of a sheet it must equal.

        Pairs of ``predicate.slot`` and the raw value. How many decimals are written is left out.
        """
        return tuple(
            (f"{claim.predicate.id}.{slot}", float(claim.values[slot]))  # type: ignore[arg-type]
            for claim in self.claims
            for slot in dict.fromkeys(slots(claim.predicate.template(self.lang)))
            if _is_number(claim.values[slot]) and not slot.endswith("decimals")
        )

    def words(self) -> int:
        """Return how many words the text has; a number with its unit sign is one."""
        return len(self.text.replace(" – ", " ").split(" "))

    def to_dict(self) -> dict[str, Any]:
        """Return the text with its claims as plain data."""
        return {
            "lang": self.lang,
            "text": self.text,
            "claims": [claim.to_dict() for claim in self.claims],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], predicates: Mapping[str, Predicate]) -> Text:
        """Read a stored text back as it was stored: call `problems` to judge it.

        Raises
        ------
        UnknownCodeError
            When a predicate is not among `predicates`.
        """
        claims = tuple(Claim.from_dict(one, predicates) for one in data["claims"])
        return cls(cast("Language", data["lang"]), data["text"], claims)


def first_true(predicates: Iterable[Predicate], values: Mapping[str, Value]) -> Claim | None:
    """Return the first claim that holds for the values, or nothing."""
    plain = _plain_values(values)
    return next((Claim(one, plain) for one in predicates if one.test(plain)), None)


def all_true(predicates: Iterable[Predicate], values: Mapping[str, Value]) -> list[Claim]:
    """Return every claim that holds for the values, in order."""
    plain = _plain_values(values)
    return [Claim(one, plain) for one in predicates if one.test(plain)]


def slots(template: str) -> tuple[str, ...]:
    """Return the slots a template names, those inside formats included.

    Examples
    --------
    >>> slots("{a:rate} och {b:level|{unit}}")
    ('a', 'b', 'unit')
    """
    found: list[str] = []
    for _, slot, spec, _ in Formatter().parse(template):
        if slot is not None:
            found += [slot, *slots(spec or "")]
    return tuple(found)


def _plain_values(values: Mapping[str, Value]) -> Mapping[str, Value]:
    if isinstance(values, MappingProxyType):
        return values
    return MappingProxyType({slot: _plain(value) for slot, value in values.items()})


def _plain(value: Any) -> Value:
    """Turn numpy numbers and periods into what JSON can hold, and names into one line."""
    if isinstance(value, tuple):
        return tuple(one_line(str(one)) for one in value)
    if isinstance(value, np.generic):
        return _plain(value.item())
    return value if isinstance(value, (bool, int, float)) else one_line(str(value))


def _is_number(value: Value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _shown(values: Mapping[str, Value]) -> str:
    return ", ".join(f"{slot}={value!r}" for slot, value in values.items())


def _filled(template: str, values: Mapping[str, Value], lang: Language, who: str) -> str:
    missing = [slot for slot in slots(template) if slot not in values]
    if missing:
        raise SchemaError(
            f"The claim {who!r} needs the value {', '.join(missing)}; got: {_shown(values)}."
        )
    written = ""
    for before, slot, spec, _ in Formatter().parse(template):
        written += before
        if slot is not None:
            plain_spec = (spec or "").format_map(values) or "text"
            written += write(values[slot], plain_spec, lang)
    return written
