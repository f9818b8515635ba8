"""What there is and what it means: datasets, measures, breaks, places and groups.

The facts lie in TOML and CSV files beside this reader; everything returned is frozen. Nothing
here reads other folders or the network, and nothing heavy is imported.
"""

from __future__ import annotations

import csv
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

from integstats.errors import UnknownCodeError, did_you_mean

_DATASETS = (
    "datasets.toml",
    "datasets_arbetsformedlingen.toml",
    "datasets_kolada.toml",
    "datasets_statbank.toml",
    "datasets_eurostat.toml",
)

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
    it) or ``notes`` (to be said beside the figure).
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

    def text(self, lang: Language = "sv") -> str:
        """What the break is, in Swedish or English."""
        return self.text_sv if lang == "sv" else self.text_en

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


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__name__).joinpath(name).read_text(encoding="utf-8"))


def _frozen(mapping: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(dict(mapping))


@cache
def publishers() -> Mapping[str, Publisher]:
    """All publishers by id."""
    return _frozen({key: Publisher(id=key, **row) for key, row in _toml("publishers.toml").items()})


@cache
def datasets() -> Mapping[str, Dataset]:
    """All datasets by id."""
    rows = {key: row for name in _DATASETS for key, row in _toml(name).items()}
    return _frozen({key: _dataset(key, row) for key, row in rows.items()})


def _dataset(name: str, row: dict[str, Any]) -> Dataset:
    contents = row.pop("contents")
    grouping = row.pop("grouping", {"variable": "", "codes": []})
    groupings = tuple(
        Grouping(words.pop("code"), _frozen(words)) for words in map(dict, grouping["codes"])
    )
    keys = {key: _key(key, spec) for key, spec in row.pop("keys").items()}
    for key in {key: None for one in groupings for key in one.words}:
        constant = keys[key].constant if key in keys else "total"
        words = dict.fromkeys([constant, *(w.words[key] for w in groupings if key in w.words)], "")
        keys[key] = KeyVariable(key, "", _frozen(words), constant)
    columns: dict[str, dict[str, str]] = {
        kind: dict(contents.get(kind, {}))
        for kind in ("counts", "published_rates", "rates", "amounts")
    }
    series = []
    for one in row.pop("series", []):
        own = {kind: one.pop(kind, {}) for kind in ("counts", "rates")}
        for kind, codes in own.items():
            columns[kind] = {**codes, **columns[kind]}
        series.append(Series(_frozen(one), _frozen({**own["counts"], **own["rates"]})))
    for key in {key: None for one in series for key in one.words}:
        constant = keys[key].constant if key in keys else "total"
        words = dict.fromkeys([constant, *(w.words[key] for w in series if key in w.words)], "")
        keys[key] = KeyVariable(key, "", _frozen(words), constant)
    return Dataset(
        id=name,
        publisher=publishers()[row.pop("publisher")],
        places=tuple(row.pop("places")),
        measures=tuple(row.pop("measures")),
        keys=_frozen(keys),
        contents_variable=contents["variable"],
        fixed=_frozen(row.pop("fixed", {})),
        margins=_frozen(row.pop("margins", {})),
        grouping_variable=grouping["variable"],
        groupings=groupings,
        series=tuple(series),
        counts=_frozen(columns["counts"]),
        published_rates=_frozen(columns["published_rates"]),
        rates=_frozen(columns["rates"]),
        amounts=_frozen(columns["amounts"]),
        **row,
    )


def _key(name: str, spec: Mapping[str, Any]) -> KeyVariable:
    constant = spec.get("constant", "")
    return KeyVariable(
        key=name,
        variable=spec.get("variable", ""),
        codes=_frozen({constant: ""} if constant else spec.get("codes", {})),
        constant=constant,
        single_years=spec.get("single_years", False),
        prefix=spec.get("prefix", ""),
    )


def years_of(age: str) -> tuple[str, ...]:
    """Return the single years of an age span, as tables with single years write them.

    Raises
    ------
    UnknownCodeError
        When it is no span of years.

    Examples
    --------
    >>> years_of("20-24")
    ('20', '21', '22', '23', '24')
    """
    first, dash, last = age.partition("-")
    if first.isdecimal() and (last.isdecimal() or not dash):
        years = tuple(str(year) for year in range(int(first), int(last or first) + 1))
        if years:
            return years
    raise UnknownCodeError(f"Not an age span: {age!r}. Write it as 20-64, or a single year as 20.")


@cache
def measures() -> Mapping[str, Measure]:
    """All measures by id."""
    own = ("numerator", "denominator", "better")
    return _frozen(
        {
            key: Measure(
                id=key,
                text=_frozen({word: text for word, text in row.items() if word not in own}),
                **{word: row[word] for word in own},
            )
            for name in ("measures.toml", "measures_elsewhere.toml")
            for key, row in _toml(name).items()
        }
    )


@cache
def unsummable() -> frozenset[str]:
    """Names of the columns that are never summed: rates, their margins of error, amounts."""
    amounts = {name for one in datasets().values() for name in one.amounts}
    return frozenset({*measures(), *(f"{name}_margin" for name in measures()), *amounts})


@cache
def breaks() -> tuple[Break, ...]:
    """All known breaks, in the order of the file."""
    lists = ("datasets", "measures", "ages", "places")
    found = []
    for row in _toml("breaks.toml")["break"]:
        row.update({key: tuple(row[key]) for key in lists})
        found.append(Break(**row))
    return tuple(found)


@cache
def places() -> Mapping[str, Place]:
    """Sweden, the counties and the municipalities by code."""
    return _places("places.csv")


@cache
def places_abroad() -> Mapping[str, Place]:
    """Countries and municipalities abroad that other publishers have figures for, by code."""
    return _places("places_abroad.csv")


def _places(name: str) -> Mapping[str, Place]:
    text = files(__name__).joinpath(name).read_text(encoding="utf-8")
    found = {}
    for row in csv.DictReader(text.splitlines()):
        aliases = tuple(alias for alias in row.pop("aliases").split(";") if alias)
        found[row["code"]] = Place(aliases=aliases, **row)  # type: ignore[arg-type]
    return _frozen(found)


@cache
def groups() -> Mapping[str, Group]:
    """Named groups of municipalities by id."""
    fields = ("name", "name_en", "kind", "source", "as_of")
    return _frozen(
        {
            key: Group(
                id=key,
                members=tuple(row["members"]),
                url=row.get("url", ""),
                **{field: row[field] for field in fields},
            )
            for key, row in _toml("groups.toml").items()
        }
    )


PEER_TOPICS = ("labour_market", "socioeconomy", "overall")
"""What municipalities are alike in, in Kolada's groups of similar ones."""


@cache
def _peer_groups() -> Mapping[str, Group]:
    words = {
        "labour_market": ("arbetsmarknad", "labour market", " arbetsmarknad"),
        "socioeconomy": ("socioekonomi", "socioeconomy", " socioekonomi"),
        "overall": ("övergripande", "overall", ", övergripande"),
    }
    text = files(__name__).joinpath("peer_groups.csv").read_text(encoding="utf-8")
    found = {}
    for row in csv.DictReader(text.splitlines()):
        own = places()[row["place"]].name
        swedish, english, title = words[row["topic"]]
        name = f"peers-{row['topic'].replace('_', '-')}-{row['place']}"
        found[name] = Group(
            id=name,
            name=f"Kommuner som liknar {own} ({swedish})",
            name_en=f"Municipalities similar to {own} ({english})",
            kind="peers",
            source=f"Kolada {row['kolada_id']} (Liknande kommuner{title}, {own}, {row['year']})",
            as_of=row["as_of"],
            members=tuple(row["members"].split(";")),
        )
    return _frozen(found)


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
    _require_known(topic, dict.fromkeys(PEER_TOPICS), "topic of similarity")
    place = resolve(name)
    found = _peer_groups().get(f"peers-{topic.replace('_', '-')}-{place.key}")
    if found is None:
        raise UnknownCodeError(
            f"Only municipalities have similar ones; {place.label()} is not one of Sweden's 290."
        )
    return found


def dataset(name: str) -> Dataset:
    """Return the dataset of that id.

    Raises
    ------
    UnknownCodeError
        With the near ids.
    """
    _require_known(name, datasets(), "dataset")
    return datasets()[name]


def measure(name: str) -> Measure:
    """Return the measure of that id.

    Raises
    ------
    UnknownCodeError
        With the near ids.
    """
    _require_known(name, measures(), "measure")
    return measures()[name]


def _require_known(name: str, known: Mapping[str, Any], what: str) -> None:
    if name not in known:
        raise UnknownCodeError(
            f"Unknown {what}: {name!r}.{did_you_mean(name, known)} Known: {', '.join(known)}."
        )


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
    return _frozen(merged)


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
    peer = _peer_groups().get(name.strip().removeprefix("group:"))
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
        for named in (groups(), _peer_groups()):
            if key[6:] in named:
                return named[key[6:]]
    for known in (places(), places_abroad()):
        if key in known:
            return known[key]
    raise UnknownCodeError(f"Unknown place code: {key!r}. Search with: integstats places TEXT")


def place_label(key: str, lang: Language = "sv") -> str:
    """Return the name of a value of the column `place`, or the value itself when unknown."""
    try:
        return place_or_group(key).label(lang)
    except UnknownCodeError:
        return key


def is_own(dataset: str) -> bool:
    """Whether the figures are the user's own, or invented: then the catalogue has no entry.

    Examples
    --------
    >>> is_own("own-placements"), is_own("synthetic-arrivals"), is_own("scb-bas-month")
    (True, True, False)
    """
    return dataset.startswith("own-") or "synthetic" in dataset


def breaks_for(
    *, dataset: str, measure: str, age: str, place: str, effect: str | None = None
) -> tuple[Break, ...]:
    """Return the breaks that concern these figures, optionally of one effect only."""
    return tuple(
        one
        for one in breaks()
        if one.concerns(dataset=dataset, measure=measure, age=age, place=place)
        and effect in (None, one.effect)
    )


def resolve_all(names: Iterable[str]) -> tuple[Place | Group, ...]:
    """Resolve several names, each once, in the order given."""
    return tuple({one.key: one for one in map(resolve, names)}.values())


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


@cache
def _carried_over() -> Mapping[tuple[str, str], Mapping[str, Any]]:
    rows = _toml("carried_over.toml").get("carried_over", [])
    return MappingProxyType({(row["dataset"], row["vintage"]): _frozen(row) for row in rows})


def sources_of(pairs: Iterable[tuple[str, str]]) -> tuple[Source, ...]:
    """Return the sources behind values of the columns `dataset` and `vintage`.

    This is what can be said without looking at the stored files; `integstats.sources` adds the
    time of fetching and the checksums. Where a transform joined two, each is listed.

    Parameters
    ----------
    pairs
        Pairs of dataset and vintage; each may hold several, joined by ``;`` in the same order.

    Examples
    --------
    >>> [one.updated for one in sources_of([("scb-bas-month", "2026-08-28.00000000")])]
    ['2026-08-28']
    """
    found: dict[tuple[str, str], Source] = {}
    for joined_names, joined_vintages in pairs:
        for name, vintage in zip(joined_names.split(";"), joined_vintages.split(";"), strict=True):
            row = _carried_over().get((name, vintage))
            found[name, vintage] = Source(
                dataset=dataset(name),
                vintage=vintage,
                obtained="carried over" if row else "unknown",
                note_sv=row["note_sv"] if row else "",
                note_en=row["note_en"] if row else "",
            )
    return tuple(found.values())
