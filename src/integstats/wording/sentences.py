"""The face of the wording: summaries for reading on a screen, and stored texts read back.

What is written on a chart is in `target_sentences`, `gap_sentences` and `dumbbell_sentences`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from integstats.catalogue import Language
from integstats.targets.track import Track
from integstats.wording import (
    base_rate_sentences,
    base_rate_titles,
    change,
    detectability_sentences,
    dumbbell_sentences,
    footer_sentences,
    gap_sentences,
    gap_titles,
    outlook_sentences,
    programme_sentences,
    progress_sentences,
    reading_sentences,
    side_sentences,
    target_sentences,
    titles,
    verdict_sentences,
)
from integstats.wording.claims import Predicate, Text

PREDICATES: Mapping[str, Predicate] = MappingProxyType(
    {
        **change.PREDICATES,
        **programme_sentences.PREDICATES,
        **detectability_sentences.PREDICATES,
        **base_rate_sentences.PREDICATES,
        **base_rate_titles.PREDICATES,
        **dumbbell_sentences.PREDICATES,
        **footer_sentences.PREDICATES,
        **gap_sentences.PREDICATES,
        **gap_titles.PREDICATES,
        **outlook_sentences.PREDICATES,
        **progress_sentences.PREDICATES,
        **reading_sentences.PREDICATES,
        **side_sentences.PREDICATES,
        **target_sentences.PREDICATES,
        **titles.PREDICATES,
        **verdict_sentences.PREDICATES,
    }
)
"""Every predicate of the package by its id."""


def track_summary(track: Track, *, lang: Language = "sv") -> str:
    """Return a track as a paragraph: the target, the change and the verdict block."""
    return " ".join(text.text for text in track_texts(track, lang=lang))


def track_texts(track: Track, *, lang: Language = "sv") -> tuple[Text, ...]:
    """Return the texts of `track_summary`, with their claims."""
    statement_and_change = target_sentences.track_lines(track, lang=lang)[:2]
    return (*statement_and_change, target_sentences.verdict_block(track, lang=lang))


def console_lines(track: Track, *, lang: Language = "sv") -> tuple[str, ...]:
    """Return what the command line prints of a track, a line each.

    The title, the verdict block, the longer description and the footer.
    """
    text = target_sentences.target_text(track, lang=lang)
    return tuple(one.text for one in (text.title, text.verdict, *text.lines, *text.footer))


def read_text(data: Mapping[str, Any]) -> Text:
    """Read a stored text back with its claims; `Text.problems` tells whether it still stands.

    Raises
    ------
    UnknownCodeError
        When a predicate is unknown to this version.
    """
    return Text.from_dict(data, PREDICATES)
