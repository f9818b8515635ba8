"""The records of the catalogue: frozen, light, and without knowledge of any file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Language = Literal["sv", "en"]
Better = Literal["up", "down"]


@dataclass(frozen=True)
class Publisher:
    """Who publishes: `name` is what a source line says, `api` the base address we ask."""

    id: str
    name: str
    name_sv: str
    name_en: str
    licence: str
    url: str
    api: str


@dataclass(frozen=True)
class KeyVariable:
    """How a publisher's variable becomes one of our key columns.

    `codes` maps our word to the publisher's code; a code that is not there is used as it comes
    (places, periods, five-year ages). Where `variable` is empty the table has none: the column
    holds `constant`, or the word that the grouping of a row gives, and `codes` lists the words.
    `single_years` says that ages come year by year, so that a span is a sum. `prefix` stands
    before the publisher's code in our word, where `codes` does not have it.
    """

    key: str
    variable: str
    codes: Mapping[str, str]
    constant: str = ""
    single_years: bool = False
    prefix: str = ""

    def word(self, code: str) -> str:
        """Return our word for a publisher's code."""
        for word, known in self.codes.items():
            if known == code:
                return word
        return self.prefix + code

    def code(self, word: str) -> str:
        """Return the publisher's code for our word."""
        return self.codes.get(word) or word.removeprefix(self.prefix)


@dataclass(frozen=True)
class Grouping:
    """One code of a variable that holds several groupings side by side, and the keys it stands for.

    Its codes overlap and are never summed. A key that is not in `words` holds its `constant`.
    """

    code: str
    words: Mapping[str, str]


@dataclass(frozen=True)
class Series:
    """Contents codes that all stand for the same words of some keys, and our column of each.

    For publishers whose code says at once what is measured and for whom. A key that is not in
    `words` holds its `constant`.
    """

    words: Mapping[str, str]
    codes: Mapping[str, str]


@dataclass(frozen=True)
class Dataset:
    """One dataset of one publisher; see ``datasets.toml`` for the meaning of each field."""

    id: str
    publisher: Publisher
    table_id: str
    name_sv: str
    name_en: str
    register_sv: str
    register_en: str
    definition_sv: str
    definition_en: str
    frequency: Literal["M", "Q", "Y"]
    first_period: str
    status: Literal["final", "preliminary"]
    places: tuple[str, ...]
    default_age: str
    noise_variance: float
    noise_sd: float
    revision_pp: float
    measures: tuple[str, ...]
    url: str
    keys: Mapping[str, KeyVariable]
    contents_variable: str
    counts: Mapping[str, str]
    published_rates: Mapping[str, str]
    rates: Mapping[str, str]
    amounts: Mapping[str, str]
    fixed: Mapping[str, str]
    margins: Mapping[str, str]
    grouping_variable: str
    groupings: tuple[Grouping, ...]
    series: tuple[Series, ...] = ()
    flags: bool = False
    ended: bool = False

    def name(self, lang: Language = "sv") -> str:
        """Name of the dataset in Swedish or English."""
        return self.name_sv if lang == "sv" else self.name_en

    def register(self, lang: Language = "sv") -> str:
        """Name of the register behind it, as a source line gives it."""
        return self.register_sv if lang == "sv" else self.register_en

    def definition(self, lang: Language = "sv") -> str:
        """What the figures are and what they are not, in Swedish or English."""
        return self.definition_sv if lang == "sv" else self.definition_en

    @property
    def extra_keys(self) -> tuple[str, ...]:
        """Key columns beyond place, period, sex, birth_region and age."""
        usual = {"place", "period", "sex", "birth_region", "age"}
        return tuple(key for key in self.keys if key not in usual)

    @property
    def additive(self) -> bool:
        """Whether totals may be summed: all its columns are counts."""
        return not self.rates and not self.amounts


@dataclass(frozen=True)
class Measure:
    """A rate: numerator and denominator, which way is better, and its words.

    Every word exists as ``…_sv`` and ``…_en``; `words(lang)` gives the ones of a language
    without the suffix.
    """

    id: str
    numerator: str
    denominator: str
    better: Better
    text: Mapping[str, str]

    def words(self, lang: Language = "sv") -> Mapping[str, str]:
        """Words of one language: name, definite, unit, gap, counted, base, definition, trap."""
        suffix = f"_{lang}"
        return {
            key.removesuffix(suffix): value
            for key, value in self.text.items()
            if key.endswith(suffix)
        }


@dataclass(frozen=True)
class Break:
    """A break in a series: from `first_period` on, figures mean something else.

    Empty `measures`, `ages` or `places` mean all. `effect` is ``blocks`` (no comparison across
    it) or ``notes`` (to be said beside the figure). A break with `months` concerns only figures
    of these calendar months.
    """

    id: str
    datasets: tuple[str, ...]
    measures: tuple[str, ...]
    ages: tuple[str, ...]
    places: tuple[str, ...]
    first_period: str
    effect: Literal["blocks", "notes"]
    text_sv: str
    text_en: str
    evidence: str
    url: str
    months: tuple[int, ...] = ()

    def text(self, lang: Language = "sv") -> str:
        """What the break is, in Swedish or English."""
        return self.text_sv if lang == "sv" else self.text_en

    def between(self, early: Any, late: Any) -> bool:
        """Whether a comparison of monthly figures of these two periods can meet it at all."""
        return not self.months or early.month in self.months or late.month in self.months

    def concerns(self, *, dataset: str, measure: str, age: str, place: str) -> bool:
        """Whether the break lies in this dataset, measure, age and place."""
        return (
            any(_matches(pattern, dataset) for pattern in self.datasets)
            and (not self.measures or measure in self.measures)
            and (not self.ages or age in self.ages)
            and (not self.places or place in self.places)
        )


@dataclass(frozen=True)
class Place:
    """Sweden, a county or a municipality; `body` is the public body that decides there.

    Places abroad are there to stand beside a Swedish one; their codes begin with ``dk:`` or
    ``eu:``.
    """

    code: str
    kind: Literal[
        "country", "county", "municipality", "dk-country", "dk-municipality", "eu-country"
    ]
    name: str
    name_en: str
    county: str
    body: str
    aliases: tuple[str, ...]

    @property
    def key(self) -> str:
        """What the column `place` holds: the code."""
        return self.code

    @property
    def members(self) -> tuple[str, ...]:
        """The place itself."""
        return (self.code,)

    @property
    def abroad(self) -> bool:
        """Whether its figures are of another publisher than the Swedish ones."""
        return ":" in self.code

    def label(self, lang: Language = "sv") -> str:
        """Name in Swedish or English."""
        return self.name if lang == "sv" else self.name_en


@dataclass(frozen=True)
class Group:
    """A named group of municipalities; its figures are pooled from its members' counts."""

    id: str
    name: str
    name_en: str
    kind: str
    source: str
    as_of: str
    members: tuple[str, ...]
    url: str = ""

    @property
    def key(self) -> str:
        """What the column `place` holds: ``group:`` and the id."""
        return f"group:{self.id}"

    @property
    def body(self) -> str:
        """Who would decide for the group."""
        return self.name

    def label(self, lang: Language = "sv") -> str:
        """Name in Swedish or English."""
        return self.name if lang == "sv" else self.name_en


def _matches(pattern: str, text: str) -> bool:
    return text.startswith(pattern[:-1]) if pattern.endswith("*") else pattern == text


@dataclass(frozen=True)
class Source:
    """Where a figure comes from: what a source line, a data sheet and the provenance file say.

    `obtained` is ``fetched`` (then `fetched_at` says when), ``carried over`` (then `note_sv` and
    `note_en` say from where), ``saved by hand`` or ``unknown``. `sha256` are the raw files.
    """

    dataset: Dataset
    vintage: str
    obtained: Literal["fetched", "carried over", "saved by hand", "unknown"] = "unknown"
    fetched_at: str | None = None
    note_sv: str = ""
    note_en: str = ""
    sha256: tuple[str, ...] = ()

    @property
    def updated(self) -> str:
        """Date of the publisher's update, as 2026-08-28."""
        return self.vintage.partition(".")[0]

    def note(self, lang: Language = "sv") -> str:
        """How the figures were obtained when they were not fetched."""
        return self.note_sv if lang == "sv" else self.note_en
