"""What a programme's outcome can bear, alone, beside another, and beside a target.

Without a comparison group nobody knows what would have happened anyway: no effect is claimed.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from integstats.analysis.small_numbers import difference_interval, proportion_interval
from integstats.catalogue import Language
from integstats.errors import UsageError

STATED = ("who", "when", "counted")
EFFECT_WORDS = {
    "effekt": r"\w*effekt(?:en|er|erna)?s?",
    "leder till": r"(?:leda|leder|ledde|lett)\s+till",
    "ger": r"(?:ge|ger|gav|gett|givit)",
    "tack vare": r"tack\s+vare",
    "bidrar till": r"(?:bidra|bidrar|bidrog|bidragit)\s+till",
    "effect": r"effects?",
    "leads to": r"(?:lead|leads|leading|led)\s+to",
    "thanks to": r"thanks\s+to",
    "contributes to": r"(?:contribute|contributes|contributing|contributed)\s+to",
}
"""Words that claim an effect, each with its forms: Swedish, and the same in English."""


@dataclass(frozen=True)
class Outcome:
    """How many of a programme's participants had an outcome; see `outcome`.

    Attributes
    ----------
    name
        Of the programme.
    count, participants
        Persons with the outcome, and all participants.
    share, low, high
        Shares 0–1: the share, and its 95 % interval (Wilson).
    who, when, counted
        Who the participants were, over which time the outcome was read, and what counted as the
        outcome, as the source says; empty where it does not.
    """

    name: str
    count: int
    participants: int
    share: float
    low: float
    high: float
    who: str = ""
    when: str = ""
    counted: str = ""

    @property
    def left_open(self) -> tuple[str, ...]:
        """What the source does not say: of ``who``, ``when`` and ``counted``."""
        return tuple(field for field in STATED if not getattr(self, field))

    def sentence(self, lang: Language = "sv") -> str:
        """Return the outcome, and what the source leaves open, in Swedish or English."""
        from integstats.wording.programme_sentences import outcome_text

        return outcome_text(self, lang=lang).text


@dataclass(frozen=True)
class Difference:
    """Two programmes' outcomes compared: first minus second.

    `difference_pp`, `low_pp` and `high_pp` (95 % interval, Newcombe) are percentage points;
    `certain` where the interval does not hold 0. Who takes part in which is not by chance, so a
    difference is no effect either.
    """

    first: Outcome
    second: Outcome
    difference_pp: float
    low_pp: float
    high_pp: float
    certain: bool

    def sentence(self, lang: Language = "sv") -> str:
        """Return the difference in Swedish or English."""
        from integstats.wording.programme_sentences import difference_text

        return difference_text(self, lang=lang).text


@dataclass(frozen=True)
class Needed:
    """The fewest participants with whom so many persons could have the outcome.

    A lower bound: as if none of them had had it anyway, and all of it lasted. `low` and `high`
    are those at the ends of the share's interval; None where no number is enough.
    """

    outcome: Outcome
    persons: int
    participants: int | None
    low: int | None
    high: int | None

    def sentence(self, lang: Language = "sv") -> str:
        """Return the lower bound in Swedish or English."""
        from integstats.wording.programme_sentences import needed_text

        return needed_text(self, lang=lang).text


def outcome(
    count: int,
    participants: int,
    *,
    name: str = "",
    who: str = "",
    when: str = "",
    counted: str = "",
) -> Outcome:
    """Return a programme's outcome with its interval.

    Parameters
    ----------
    count, participants
        Persons with the outcome, and all participants.
    name
        Of the programme.
    who, when, counted
        What the source says: who took part, over which time, what counted as the outcome. What is
        left out is printed as not stated. A text that claims an effect is refused.

    Raises
    ------
    UsageError
        When the numbers are not whole, or the count is not from 0 to the participants; or for a
        text that claims an effect.

    Examples
    --------
    >>> found = outcome(16, 22, name="Lomma M.I.N.")
    >>> [round(100 * one, 1) for one in (found.share, found.low, found.high)], found.left_open
    ([72.7, 51.8, 86.8], ('who', 'when', 'counted'))
    """
    whole = all(isinstance(one, int | np.integer) for one in (count, participants))
    if not whole or not 0 <= count <= participants or participants < 1:
        raise UsageError(
            f"An outcome is a whole number of at least one participant; got {count!r} of "
            f"{participants!r}. Write outcome(16, 22)."
        )
    for text in (name, who, when, counted):
        refuse_effect_words(text)
    low, high = proportion_interval(count, participants)
    return Outcome(
        name=name,
        count=int(count),
        participants=int(participants),
        share=count / participants,
        low=float(low),
        high=float(high),
        who=who,
        when=when,
        counted=counted,
    )


def compare(first: Outcome, second: Outcome) -> Difference:
    """Compare two programmes with different participants.

    Examples
    --------
    >>> found = compare(outcome(16, 22), outcome(10, 22))
    >>> [round(one, 1) for one in (found.difference_pp, found.low_pp, found.high_pp)]
    [27.3, -1.6, 50.6]
    """
    low, high = difference_interval(
        first.count, first.participants, second.count, second.participants
    )
    return Difference(
        first=first,
        second=second,
        difference_pp=100 * (first.share - second.share),
        low_pp=100 * float(low),
        high_pp=100 * float(high),
        certain=bool(low > 0 or high < 0),
    )


def pooled(outcomes: Sequence[Outcome], *, name: str = "") -> Outcome:
    """Pool programmes with different participants from their counts, never from their shares.

    What one of them leaves open, or says otherwise than another, the pooled outcome leaves open.

    Raises
    ------
    UsageError
        When there are none.

    Examples
    --------
    >>> pooled([outcome(16, 22), outcome(3, 8)]).share.__round__(3)
    0.633
    """
    if not outcomes:
        raise UsageError("pooled() needs at least one outcome; got none.")
    said = {
        field: words.pop()
        for field in STATED
        if len(words := {getattr(one, field) for one in outcomes}) == 1
    }
    return replace(
        outcome(
            sum(one.count for one in outcomes),
            sum(one.participants for one in outcomes),
            name=name,
        ),
        **said,
    )


def participants_needed(result: Outcome, persons: int) -> Needed:
    """Return the fewest participants with whom so many persons could have the outcome.

    Parameters
    ----------
    result
        The programme's outcome.
    persons
        How many persons, such as those that lack to a target (`Track.persons`).

    Raises
    ------
    UsageError
        When `persons` is not a whole number of at least 1.

    Examples
    --------
    >>> found = participants_needed(outcome(16, 22), 83)
    >>> found.participants, found.low, found.high
    (115, 96, 161)
    """
    if persons < 1 or persons != int(persons):
        raise UsageError(f"persons must be a whole number of at least 1; got {persons!r}.")

    def at(share: float) -> int | None:
        return math.ceil(persons / share - 1e-9) if share > 0 else None

    return Needed(
        outcome=result,
        persons=int(persons),
        participants=at(result.share),
        low=at(result.high),
        high=at(result.low),
    )


def frame(outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Return outcomes as a table, in the order given.

    Returns
    -------
    pandas.DataFrame
        One row per outcome: programme_name, outcome_count and outcome_participants (persons),
        outcome_share, outcome_share_low and outcome_share_high (0–1, 95 % interval), who, when,
        counted (what the source says; empty where it does not).

    Examples
    --------
    >>> found = frame([outcome(16, 22, name="Lomma M.I.N."), outcome(10, 22)])
    >>> found[["outcome_share", "outcome_share_low", "outcome_share_high"]].round(2)
       outcome_share  outcome_share_low  outcome_share_high
    0           0.73               0.52                0.87
    1           0.45               0.27                0.65
    """
    return pd.DataFrame(
        {
            "programme_name": pd.Series([one.name for one in outcomes], dtype="str"),
            "outcome_count": np.array([one.count for one in outcomes], dtype="int64"),
            "outcome_participants": np.array([one.participants for one in outcomes], dtype="int64"),
            "outcome_share": np.array([one.share for one in outcomes], dtype=float),
            "outcome_share_low": np.array([one.low for one in outcomes], dtype=float),
            "outcome_share_high": np.array([one.high for one in outcomes], dtype=float),
            **{
                field: pd.Series([getattr(one, field) for one in outcomes], dtype="str")
                for field in STATED
            },
        }
    )


def effect_words(text: str) -> tuple[str, ...]:
    """Return the words in a text that claim an effect, as they stand there, in order.

    Examples
    --------
    >>> effect_words("Insatsen ledde till fler jobb, tack  vare handledarna.")
    ('ledde till', 'tack vare')
    >>> effect_words("Ett effektivt arbete: 16 av 22 fick arbete.")
    ()
    """
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    pattern = "|".join(EFFECT_WORDS.values())
    return tuple(one[0] for one in re.finditer(rf"\b(?:{pattern})\b", plain, re.IGNORECASE))


def refuse_effect_words(text: str, *, comparison_group: bool = False) -> None:
    """Raise UsageError when a text claims an effect and nobody was compared with.

    Parameters
    ----------
    text
        What somebody wants to write beside the figures.
    comparison_group
        Whether the outcome is held against that of a comparison group.

    Raises
    ------
    UsageError
        With the words that were found.

    Examples
    --------
    >>> refuse_effect_words("16 av 22 deltagare fick arbete.")
    >>> refuse_effect_words("Insatsen ger arbete.")
    Traceback (most recent call last):
    integstats.errors.UsageError: Without a comparison group no effect can be claimed; got 'ger'...
    """
    found = () if comparison_group else effect_words(text)
    if found:
        named = ", ".join(repr(word) for word in dict.fromkeys(found))
        raise UsageError(
            f"Without a comparison group no effect can be claimed; got {named} in {text!r}. Write "
            "what was counted, as '16 av 22 deltagare fick arbete', or give a comparison group."
        )
