"""Which place or group a name means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType

from integstats.catalogue.reading import (
    PEER_TOPICS,
    groups,
    peer_groups,
    places,
    places_abroad,
    require_known,
)
from integstats.catalogue.records import Group, Language, Place
from integstats.errors import UnknownCodeError, did_you_mean


def fold(text: str) -> str:
    """Return the text as place names are compared: no case, accents, hyphens or double spaces.

    Examples
    --------
    >>> fold("  Malung-Sälen ")
    'malung salen'
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return re.sub(r"[\s\-–_]+", " ", plain).strip()


@cache
def _names() -> Mapping[str, tuple[Place | Group, ...]]:
    """What every accepted name can mean, the likeliest first.

    Names are kept as written (but for case) and folded; of two that only fold alike, as Habo and
    Håbo do, the spelling decides.
    """
    order = {"municipality": 0, "county": 1, "country": 2}
    exact: dict[str, dict[str, Place | Group]] = {}
    folded: dict[str, dict[str, Place | Group]] = {}

    def accept(one: Place | Group, *names: str) -> None:
        for name in names:
            exact.setdefault(name.casefold(), {}).setdefault(one.key, one)
            folded.setdefault(fold(name), {}).setdefault(one.key, one)

    ranked = sorted(places().values(), key=lambda one: order[one.kind])
    for place in ranked:
        accept(place, place.code, place.name, place.name_en, *place.aliases)
    for place in ranked:
        if place.kind == "municipality":
            accept(place, place.body, f"{place.name} kommun", f"{place.name}s kommun")
        if place.kind == "county":
            accept(place, place.name_en.removesuffix(" county"))
    for group in groups().values():
        accept(group, group.id, group.key, group.name, group.name_en)
    for place in places_abroad().values():
        accept(place, place.code, place.name, place.name_en, *place.aliases)
    merged = {name: tuple(found.values()) for name, found in folded.items()}
    for name, found in exact.items():
        rest = folded[fold(name)]
        merged[name] = tuple((found | {k: v for k, v in rest.items() if k not in found}).values())
    return MappingProxyType(merged)


def resolve(name: str) -> Place | Group:
    """Return the place or group a user means.

    Codes, Swedish and English names, and spellings without accents are understood. Where a
    municipality and a county share a name, the municipality is meant unless "län" is said.

    Raises
    ------
    UnknownCodeError
        With the nearest names.

    Examples
    --------
    >>> resolve("Goteborg").code, resolve("riket").code, resolve("Region Skåne").code
    ('1480', '00', '12')
    """
    found = _meanings(name)
    if found:
        return found[0]
    known = [one.name for kind in (places(), groups(), places_abroad()) for one in kind.values()]
    raise UnknownCodeError(
        f"Unknown municipality, county or group: {name!r}.{did_you_mean(name, known)}"
        " Search with: integstats places TEXT"
    )


def also_means(name: str) -> tuple[Place | Group, ...]:
    """Return the other places a name could mean, in the order they would be chosen."""
    return _meanings(name)[1:]


def _meanings(name: str) -> tuple[Place | Group, ...]:
    peer = peer_groups().get(name.strip().removeprefix("group:"))
    if peer is not None:
        return (peer,)
    return _names().get(name.strip().casefold()) or _names().get(fold(name), ())


def search(text: str = "") -> tuple[Place | Group, ...]:
    """Return the places and groups whose name, code or alias contains the text.

    Without a text, all of Sweden's: places abroad only come when they are looked for.
    """
    wanted = fold(text)
    found: dict[str, Place | Group] = {}
    for name, meanings in _names().items():
        if wanted in fold(name):
            for one in meanings:
                if wanted or not (isinstance(one, Place) and one.abroad):
                    found.setdefault(one.key, one)
    return tuple(found.values())


def place_or_group(key: str) -> Place | Group:
    """Return what a value of the column `place` stands for.

    Raises
    ------
    UnknownCodeError
        When the catalogue has no such code.
    """
    if key.startswith("group:"):
        for named in (groups(), peer_groups()):
            if key[6:] in named:
                return named[key[6:]]
    for known in (places(), places_abroad()):
        if key in known:
            return known[key]
    raise UnknownCodeError(f"Unknown place code: {key!r}. Search with: integstats places TEXT")


def place_label(key: str, lang: Language = "sv") -> str:
    """Return the name of a value of the column `place`; of an unknown one itself, on one line."""
    try:
        return place_or_group(key).label(lang)
    except UnknownCodeError:
        if key.isprintable():
            return key
        return " ".join("".join(one if one.isprintable() else " " for one in key).split())


def resolve_all(names: Iterable[str]) -> tuple[Place | Group, ...]:
    """Resolve several names, each once, in the order given."""
    return tuple({one.key: one for one in map(resolve, names)}.values())


def peers(name: str, *, topic: str = "labour_market") -> Group:
    """Return the seven municipalities that Kolada lists as similar to one.

    Its figures are pooled from the members' counts as those of any group; Kolada's own mean of
    the group is unweighted and never used.

    Parameters
    ----------
    name
        Of the municipality.
    topic
        What they are alike in: ``labour_market`` (2024), ``socioeconomy`` (2024) or ``overall``
        (2025).

    Raises
    ------
    UnknownCodeError
        When it is no municipality, or there is no such topic.

    Examples
    --------
    >>> found = peers("Mölndal")
    >>> found.key, [place_label(code) for code in found.members][:3]
    ('group:peers-labour-market-1481', ['Österåker', 'Täby', 'Nacka'])
    """
    require_known(topic, dict.fromkeys(PEER_TOPICS), "topic of similarity")
    place = resolve(name)
    found = peer_groups().get(f"peers-{topic.replace('_', '-')}-{place.key}")
    if found is None:
        raise UnknownCodeError(
            f"Only municipalities have similar ones; {place.label()} is not one of Sweden's 290."
        )
    return found
