"""Titles of small charts side by side: in how many places a rate has risen or fallen."""

from __future__ import annotations

from collections.abc import Callable

from integstats.wording.claims import Predicate
from integstats.wording.multiples_courses import Values, is_counted


def _moved(*, up: bool, down: bool, all_of: bool = False) -> Callable[[Values], bool]:
    """Return the condition that places rose, fell, or all did; of more than one place."""

    def test(v: Values) -> bool:
        if not is_counted(v) or v["compared"] < 2 or bool(v["up"]) != up:
            return False
        every = max(v["up"], v["down"], v["same"]) == v["compared"]
        return bool(v["down"]) == down and (every or not all_of)

    return test


def _single(way: str) -> Callable[[Values], bool]:
    return lambda v: is_counted(v) and v["compared"] == 1 and v[way] == 1


_WHO = "{group:who}: {measure:definite}"
_OF = {"sv": "av {compared:count} {kind:kind}", "en": "of {compared:count} {kind:kind}"}
_ALL = {"sv": "i alla {compared:count} {kind:kind}", "en": "in all {compared:count} {kind:kind}"}
_SINCE = {"sv": "sedan {start_period:period}", "en": "since {start_period:period}"}
_BOTH = _moved(up=True, down=True)


def _one_way(way: str, sv: str, en: str, noun_sv: str, noun_en: str) -> list[Predicate]:
    flags = {"up": way == "up", "down": way == "down"}
    return [
        Predicate(
            f"multiples.title.{way}_all",
            _moved(**flags, all_of=True),
            f"{_WHO} har {sv} {_ALL['sv']} {_SINCE['sv']}",
            f"{_WHO} has {en} {_ALL['en']} {_SINCE['en']}",
        ),
        Predicate(
            f"multiples.title.{way}",
            _moved(**flags),
            f"{_WHO} har {sv} i {{{way}:count}} {_OF['sv']} {_SINCE['sv']}",
            f"{_WHO} has {en} in {{{way}:count}} {_OF['en']} {_SINCE['en']}",
        ),
        Predicate(
            f"multiples.title.{way}_short",
            _moved(**flags),
            f"{{group:who}}: {noun_sv} i {{{way}:count}} {_OF['sv']} {_SINCE['sv']}",
            f"{{group:who}}: {noun_en} in {{{way}:count}} {_OF['en']} {_SINCE['en']}",
        ),
        Predicate(
            f"multiples.title.one_{way}",
            _single(way),
            f"{_WHO} har {sv} {{place:in}} {_SINCE['sv']}",
            f"{_WHO} has {en} {{place:in}} {_SINCE['en']}",
        ),
        Predicate(
            f"multiples.title.one_{way}_short",
            _single(way),
            f"{{group:who}}: {noun_sv} {{place:in}} {_SINCE['sv']}",
            f"{{group:who}}: {noun_en} {{place:in}} {_SINCE['en']}",
        ),
    ]


TITLES = [
    Predicate(
        "multiples.title.both",
        _BOTH,
        f"{_WHO} har ökat i {{up:count}} och minskat i {{down:count}} {_OF['sv']}",
        f"{_WHO} has risen in {{up:count}} and fallen in {{down:count}} {_OF['en']}",
    ),
    Predicate(
        "multiples.title.both_short",
        _BOTH,
        f"{{group:who}}: ökning i {{up:count}} {_OF['sv']}, minskning i {{down:count}}",
        f"{{group:who}}: a rise in {{up:count}} {_OF['en']}, a fall in {{down:count}}",
    ),
    *_one_way("up", "ökat", "risen", "ökning", "a rise"),
    *_one_way("down", "minskat", "fallen", "minskning", "a fall"),
    Predicate(
        "multiples.title.same",
        _moved(up=False, down=False),
        f"{_WHO} är {{measure:unchanged|share}} {_ALL['sv']}",
        f"{_WHO} is {{measure:unchanged|share}} {_ALL['en']}",
    ),
    Predicate(
        "multiples.title.same_short",
        _moved(up=False, down=False),
        f"{{group:who}}: ingen säker förändring {_ALL['sv']}",
        f"{{group:who}}: no certain change {_ALL['en']}",
    ),
    Predicate(
        "multiples.title.one_same",
        _single("same"),
        f"{_WHO} är {{measure:unchanged|share}} {{place:in}}",
        f"{_WHO} is {{measure:unchanged|share}} {{place:in}}",
    ),
    Predicate(
        "multiples.title.one_same_short",
        _single("same"),
        "{group:who}: ingen säker förändring {place:in}",
        "{group:who}: no certain change {place:in}",
    ),
    Predicate(
        "multiples.title.levels",
        lambda v: not v["courses"] and v["shown"] > 1 and v["least"] <= v["most"],
        f"{_WHO} är {{least:bare}}–{{most:rate}} i {{shown:count}} {{kind:kind}}",
        f"{_WHO} is {{least:bare}}–{{most:rate}} in {{shown:count}} {{kind:kind}}",
    ),
    Predicate(
        "multiples.title.levels_short",
        lambda v: not v["courses"] and v["shown"] > 1 and v["least"] <= v["most"],
        "{group:who}: {least:bare}–{most:rate} i {shown:count} {kind:kind}",
        "{group:who}: {least:bare}–{most:rate} in {shown:count} {kind:kind}",
    ),
    Predicate(
        "multiples.title.level",
        lambda v: not v["courses"] and v["shown"] == 1,
        f"{_WHO} är {{most:rate}} {{most_place:in}}",
        f"{_WHO} is {{most:rate}} {{most_place:in}}",
    ),
    Predicate(
        "multiples.title.level_short",
        lambda v: not v["courses"] and v["shown"] == 1,
        "{group:who}: {most:rate} {most_place:in}",
        "{group:who}: {most:rate} {most_place:in}",
    ),
]

PREDICATES = {one.id: one for one in TITLES}
