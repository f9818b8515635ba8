"""Titles of the net change by labour market status: the message in at most fifteen words.

They speak of headcounts at two points in time, never of persons who moved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from integstats.catalogue import Language
from integstats.wording.claims import Predicate, Text, Value
from integstats.wording.gap_titles import of_sex
from integstats.wording.status_courses import by_population, course, into_work, rate_course
from integstats.wording.titles import shortest_fit

Values = Mapping[str, Any]
Test = Callable[[Values], bool]

_WHO = "{group:counted|unemployed}"
_FEWER = {"sv": f"{{unemployed:size}} färre {_WHO}", "en": f"{{unemployed:size}} fewer {_WHO}"}
_MORE = {"sv": f"{{unemployed:size}} fler {_WHO}", "en": f"{{unemployed:size}} more {_WHO}"}
_MOVED = {-1: _FEWER, 1: _MORE}
_LEVEL = {-1: ("lägre", "lower"), 0: ("ungefär samma", "similar"), 1: ("högre", "higher")}
_WORKERS = {
    -1: ("{employed:size} färre sysselsatta", "{employed:size} fewer employed"),
    0: ("ungefär lika många sysselsatta", "about as many employed"),
    1: ("{employed:size} fler sysselsatta", "{employed:size} more employed"),
}


def _goes(unemployed: int, employed: int | None = None) -> Test:
    def held(v: Values) -> bool:
        return course(v, "unemployed") == unemployed and employed in (None, course(v, "employed"))

    return held


def _forms(name: str, test: Test, sv: str, en: str) -> list[Predicate]:
    """A title with the place, then without; ``<place>`` stands for where."""
    return [
        Predicate(
            f"status.title.{name}{suffix}",
            test,
            *(text.replace("<place>", place) for text in (sv, en)),
        )
        for suffix, place in (("", " {place:in}"), (".no_place", ""))
    ]


def _population_titles() -> list[Predicate]:
    found = []
    for moved, grown, grown_en in ((1, "vuxit", "grown"), (-1, "minskat", "shrunk")):
        # A share that went the same way is not what the population explains.
        for share in {-1, 0, 1} - {moved}:

            def held(v: Values, moved: int = moved, share: int = share) -> bool:
                return _goes(moved)(v) and by_population(v) and rate_course(v, "rate") == share

            level, level_en = _LEVEL[share]
            found += _forms(
                f"population.{_NAMES[moved]}.{_NAMES[share]}",
                held,
                f"{_MOVED[moved]['sv']}<place> men {level} arbetslöshet: befolkningen har {grown}",
                f"{_MOVED[moved]['en']}<place> but {level_en} unemployment: the population has "
                f"{grown_en}",
            )
    return found


_NAMES = {-1: "down", 0: "unchanged", 1: "up"}


def _rate_beside(share: int) -> Test:
    return lambda v: _goes(-1, 1)(v) and rate_course(v, "work") == share


_ONE = [
    *_population_titles(),
    *_forms(
        "into_work",
        into_work,
        f"{_FEWER['sv']}<place> och {_WORKERS[1][0]}",
        f"{_FEWER['en']}<place> and {_WORKERS[1][1]}",
    ),
    *(
        one
        for share in (-1, 0)
        for one in _forms(
            f"more_work.{_NAMES[share]}",
            _rate_beside(share),
            f"{_FEWER['sv']}<place>, fler sysselsatta men {_LEVEL[share][0]} sysselsättningsgrad",
            f"{_FEWER['en']}<place>, more employed but a {_LEVEL[share][1]} employment rate",
        )
    ),
    *(
        one
        for moved in (-1, 1)
        for work in (1, 0, -1)
        for one in _forms(
            f"{_NAMES[moved]}.work_{_NAMES[work]}",
            _goes(moved, work),
            # What goes with the change is joined by "and", what goes against it by "but".
            f"{_MOVED[moved]['sv']}<place>{' och' if moved == -work else ', men'} "
            f"{'också ' if moved == work else ''}{_WORKERS[work][0]}",
            f"{_MOVED[moved]['en']}<place>{' and' if moved == -work else ', but'} "
            f"{'also ' if moved == work else ''}{_WORKERS[work][1]}",
        )
    ),
    *(
        one
        for work in (1, -1)
        for one in _forms(
            f"unchanged.work_{_NAMES[work]}",
            _goes(0, work),
            f"ungefär lika många {_WHO}<place>, men {_WORKERS[work][0]}",
            f"about as many {_WHO}<place>, but {_WORKERS[work][1]}",
        )
    ),
    *_forms(
        "unchanged.all",
        _goes(0, 0),
        f"ungefär lika många {_WHO}<place>, och ungefär lika många sysselsatta",
        f"about as many {_WHO}<place>, and about as many employed",
    ),
]


def _both(test: Test) -> Test:
    return lambda v: test(of_sex(v, "women")) and test(of_sex(v, "men"))


def _by_sex(women: Test, men: Test) -> Test:
    return lambda v: women(of_sex(v, "women")) and men(of_sex(v, "men"))


def _more_work(v: Values) -> bool:
    return course(v, "employed") > 0


def _no_more_work(v: Values) -> bool:
    return not _more_work(v)


def _all_of(*tests: Test) -> Test:
    return lambda v: all(test(v) for test in tests)


_WOMEN_AND_MEN = {
    "sv": "{group_women:counted|unemployed} och män",
    "en": "{group_women:counted|unemployed} and men",
}
_SEX = {"women": ("kvinnor", "women"), "men": ("män", "men")}


def _mixed() -> list[Predicate]:
    """Titles where women and men differ; what changed comes first."""
    found = []
    verbs = {-1: ("färre", "fewer"), 1: ("fler", "more")}
    for first, second in (("women", "men"), ("men", "women")):
        for moved, other in ((-1, 0), (1, 0), (-1, 1)):
            of = {first: _goes(moved), second: _goes(other)}
            who = f"{{group_{first}:counted|unemployed}}"
            sv, en = (
                f"{{unemployed_{first}:size}} {verb} {who}<place>, men" for verb in verbs[moved]
            )
            en = en.removesuffix("men") + "but"
            if other:
                then, then_en = (
                    f"{{unemployed_{second}:size}} {verb} {sex}"
                    for verb, sex in zip(verbs[other], _SEX[second], strict=True)
                )
            else:
                then = f"ingen tydlig ändring för {_SEX[second][0]}"
                then_en = f"no clear change for {_SEX[second][1]}"
            found += _forms(
                f"{first}_{_NAMES[moved]}.{second}_{_NAMES[other]}",
                _by_sex(of["women"], of["men"]),
                f"{sv} {then}",
                f"{en} {then_en}",
            )
    return found


def _work_of_one() -> list[Predicate]:
    found = []
    for more, other in (("women", "men"), ("men", "women")):
        tests = {more: _all_of(_goes(-1), _more_work), other: _all_of(_goes(-1), _no_more_work)}
        found += _forms(
            f"both_down.work_{more}",
            _by_sex(tests["women"], tests["men"]),
            f"färre {{group:counted|unemployed}}<place>; fler sysselsatta bland "
            f"{_SEX[more][0]} men inte bland {_SEX[other][0]}",
            f"fewer {{group:counted|unemployed}}<place>; more employed among {_SEX[more][1]} "
            f"but not among {_SEX[other][1]}",
        )
    return found


_TWO = [
    *_forms(
        "both_into_work",
        _both(into_work),
        "färre arbetslösa och fler sysselsatta bland {group_women:who} och män<place>",
        "fewer unemployed and more employed among {group_women:who} and men<place>",
    ),
    *_work_of_one(),
    *_forms(
        "both_down.no_work",
        _both(_all_of(_goes(-1), _no_more_work)),
        f"färre {_WOMEN_AND_MEN['sv']}<place>, men inte fler sysselsatta",
        f"fewer {_WOMEN_AND_MEN['en']}<place>, but not more employed",
    ),
    *_forms(
        "both_down",
        _both(_goes(-1)),
        f"färre {_WOMEN_AND_MEN['sv']}<place>",
        f"fewer {_WOMEN_AND_MEN['en']}<place>",
    ),
    *_forms(
        "both_population",
        _both(_all_of(_goes(1), by_population)),
        f"fler {_WOMEN_AND_MEN['sv']}<place>, men inte högre arbetslöshet: befolkningen har vuxit",
        f"more {_WOMEN_AND_MEN['en']}<place>, but unemployment is not higher: the population has "
        "grown",
    ),
    *_forms(
        "both_up",
        _both(_goes(1)),
        f"fler {_WOMEN_AND_MEN['sv']}<place>",
        f"more {_WOMEN_AND_MEN['en']}<place>",
    ),
    *_forms(
        "both_unchanged.work_up",
        _both(_goes(0, 1)),
        f"ungefär lika många {_WOMEN_AND_MEN['sv']}<place>, men fler sysselsatta",
        f"about as many {_WOMEN_AND_MEN['en']}<place>, but more employed",
    ),
    *_forms(
        "both_unchanged",
        _both(_goes(0)),
        f"ungefär lika många {_WOMEN_AND_MEN['sv']}<place>",
        f"about as many {_WOMEN_AND_MEN['en']}<place>",
    ),
    *_mixed(),
]

PREDICATES: Mapping[str, Predicate] = {one.id: one for one in (*_ONE, *_TWO)}


def status_title(
    groups: Sequence[Mapping[str, Value]], shared: Mapping[str, Value], *, lang: Language
) -> Text:
    """Return the title about one group, or about women and men.

    Parameters
    ----------
    groups
        What `course_values` returned for each.
    shared
        The slots of both, those of one with its sex as their ending.
    lang
        Language.
    """
    if len(groups) == 1:
        return shortest_fit(_ONE, groups[0], lang=lang)
    return shortest_fit(_TWO, shared, lang=lang)
