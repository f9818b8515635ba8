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
    brief,
    change,
    decomposition_sentences,
    decomposition_titles,
    detectability_sentences,
    dumbbell_sentences,
    dumbbell_titles,
    earlier_ages,
    footer_sentences,
    funnel_sentences,
    funnel_titles,
    gap_sentences,
    gap_titles,
    map_sentences,
    multiples_sentences,
    multiples_titles,
    outlook_probability,
    outlook_sentences,
    place_notes,
    programme_sentences,
    progress_sentences,
    ranked_sentences,
    ranked_titles,
    reading_sentences,
    report_sentences,
    side_sentences,
    source_sentences,
    status_sentences,
    status_titles,
    stay_sentences,
    stay_titles,
    target_sentences,
    target_table_cells,
    target_table_sentences,
    target_table_titles,
    titles,
    verdict_sentences,
    written_target_sentences,
)
from integstats.wording.claims import Predicate, Text

PREDICATES: Mapping[str, Predicate] = MappingProxyType(
    {
        **change.PREDICATES,
        **decomposition_sentences.PREDICATES,
        **decomposition_titles.PREDICATES,
        **programme_sentences.PREDICATES,
        **detectability_sentences.PREDICATES,
        **base_rate_sentences.PREDICATES,
        **base_rate_titles.PREDICATES,
        **brief.PREDICATES,
        **dumbbell_sentences.PREDICATES,
        **dumbbell_titles.PREDICATES,
        **earlier_ages.PREDICATES,
        **footer_sentences.PREDICATES,
        **funnel_sentences.PREDICATES,
        **funnel_titles.PREDICATES,
        **gap_sentences.PREDICATES,
        **gap_titles.PREDICATES,
        **map_sentences.PREDICATES,
        **multiples_sentences.PREDICATES,
        **multiples_titles.PREDICATES,
        **outlook_probability.PREDICATES,
        **outlook_sentences.PREDICATES,
        **place_notes.PREDICATES,
        **progress_sentences.PREDICATES,
        **ranked_sentences.PREDICATES,
        **ranked_titles.PREDICATES,
        **reading_sentences.PREDICATES,
        **report_sentences.PREDICATES,
        **side_sentences.PREDICATES,
        **source_sentences.PREDICATES,
        **status_sentences.PREDICATES,
        **status_titles.PREDICATES,
        **stay_sentences.PREDICATES,
        **stay_titles.PREDICATES,
        **target_sentences.PREDICATES,
        **target_table_cells.PREDICATES,
        **target_table_sentences.PREDICATES,
        **target_table_titles.PREDICATES,
        **titles.PREDICATES,
        **verdict_sentences.PREDICATES,
        **written_target_sentences.PREDICATES,
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
