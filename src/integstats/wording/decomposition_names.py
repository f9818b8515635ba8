"""What the parts of a decomposition are called, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from integstats.catalogue import Language
from integstats.errors import UnknownCodeError
from integstats.wording import columns, numbers, phrases
from integstats.wording.claims import Value
from integstats.wording.decomposition_parts import Part, Parts

EFFECTS: Mapping[str, tuple[str, str]] = {
    "composition": ("sammansättning", "composition"),
    "rate": ("andelar inom grupperna", "rates within the groups"),
    "interaction": ("samverkan", "interaction"),
    "explained": ("kända egenskaper", "known characteristics"),
    "unexplained": ("det som återstår", "what remains"),
    "national": ("takten i jämförelseområdet", "pace of the reference area"),
    "mix": ("gruppernas sammansättning", "mix of groups"),
    "regional": ("egen utveckling inom grupperna", "own development within groups"),
    "allocation": ("fördelning", "allocation"),
}
"""What the effects are called; factors have the names of their columns."""
WHOLE = {
    "pp": ("hela skillnaden", "the whole difference"),
    "persons": ("hela förändringen", "the whole change"),
}


def unit_of(found: Parts) -> str:
    """Return the unit of the parts: ``pp`` or ``persons``."""
    return "persons" if found.kind == "shift_share" else "pp"


def whole(found: Parts) -> tuple[str, str]:
    """Return what the whole is called, in Swedish and English."""
    return WHOLE[unit_of(found)]


def effect_name(found: Parts, effect: str, names: Mapping[str, str]) -> tuple[str, str]:
    """Return what an effect is called, in Swedish and English."""
    return EFFECTS[effect] if found.kind != "das_gupta" else column_name(effect, names)


def group_name(found: Parts, part: Part, names: Mapping[str, str]) -> tuple[str, str]:
    """Return what the group of a part is called, in Swedish and English."""
    if found.by == ("variable",):
        return column_name(part.group[0], names)
    both_words = [
        code_name(column, value, names) for column, value in zip(found.by, part.group, strict=True)
    ]
    return ", ".join(sv for sv, _ in both_words), ", ".join(en for _, en in both_words)


def named_parts(found: Parts, names: Mapping[str, str]) -> list[tuple[Part, tuple[str, str]]]:
    """Return every effect, followed by its groups, with what they are called."""
    rows: list[tuple[Part, tuple[str, str]]] = []
    for effect in found.effects:
        own = effect_name(found, effect.effect, names)
        rows.append((effect, own))
        for part in found.groups_of(effect.effect):
            group = group_name(found, part, names)
            rows.append((part, (f"{own[0]}, {group[0]}", f"{own[1]}, {group[1]}")))
    return rows


def both(slot: str, words: tuple[str, str]) -> dict[str, Value]:
    """Return the slots of a word in both languages."""
    return {f"{slot}_sv": words[0], f"{slot}_en": words[1]}


def code_name(column: str, value: str, names: Mapping[str, str]) -> tuple[str, str]:
    """Return a code of a column in both languages."""
    if value in names:
        return names[value], names[value]
    writers: dict[str, Callable[[str, Language], str]] = {
        "period": lambda code, lang: numbers.period(code, lang=lang),
        "place": lambda code, lang: phrases.in_place(code, lang).partition(" ")[2],
        "age": phrases.age,
    }
    if column in writers:
        return writers[column](value, "sv"), writers[column](value, "en")
    return columns.word(column, value, "sv"), columns.word(column, value, "en")


def column_name(name: str, names: Mapping[str, str]) -> tuple[str, str]:
    """Return what a column, a factor or a characteristic is called, in both languages."""
    if name in names:
        return names[name], names[name]
    if name == "constant":
        return columns.word("term", name, "sv"), columns.word("term", name, "en")
    try:
        found = columns.column(name)
    except UnknownCodeError:
        return name.replace("_", " "), name.replace("_", " ")
    return _lower(found.header("sv")), _lower(found.header("en"))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
