from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import get_args

import pandas as pd
import pytest

from integstats import catalogue
from integstats.catalogue import Source
from integstats.errors import SchemaError
from integstats.targets.side_checks import GapLevels, IntoWork, Story
from integstats.targets.track import Track
from integstats.targets.verdict import Point, Reason, Status
from integstats.wording.footer_sentences import assumption_lines, source_line, track_footer
from integstats.wording.sentences import console_lines, read_text, track_summary
from integstats.wording.target_sentences import growth_note, target_text, verdict_block
from integstats.wording.terms import VERDICTS
from integstats.wording.titles import track_title
from integstats.wording.verdict_sentences import verdict_line

from .conftest import KINDS, NUMBERS, assert_sound, make_track

LANGUAGES = ("sv", "en")
UP = ("rate_up", "count_up")
VERBATIM = {
    "cannot_judge": "Kan inte bedömas: ",
    "met": "Målet uppnått",
    "missed": "Målet uppnåddes inte",
    "below_target": "Under målnivån – målperioden pågår",
    "worse": "Går åt fel håll",
    "too_early": "För tidigt att bedöma",
    "no_certain_change": "Ingen säkerställd förändring",
    "ahead": "På eller före målbanan",
    "not_distinct": "Kan inte skiljas från målbanan",
    "behind": "Efter målbanan",
    "far_behind": "Långt efter målbanan",
}
EXAMPLE = (
    "Bedömning: Efter målbanan. Hittills har 78 % av den minskning som målbanan förutsätter "
    "uppnåtts. För att nå 9,2 % i mars 2027 måste takten öka från 0,30 till 0,63 procentenheter i "
    "månaden (2,1 gånger). Det motsvarar 83 färre arbetslösa kvinnor netto, om arbetskraften är "
    "oförändrad."
)


def test_the_words_of_the_verdict_table_are_verbatim() -> None:
    assert set(VERBATIM) == set(get_args(Status))
    for status, words in VERBATIM.items():
        assert VERDICTS[status][0] == words.removesuffix(": ")
    assert VERDICTS["above_target"][0] == "Över målnivån – målperioden pågår"
