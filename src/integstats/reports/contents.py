"""What a report about a place or a group contains: the questions in order, with their answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from integstats import catalogue
from integstats.analysis.gaps import gaps as gaps_of
from integstats.analysis.groups import pool
from integstats.analysis.rates import rates as rates_of
from integstats.analysis.statuses import COMPONENTS, status_changes
from integstats.catalogue import Language, Source
from integstats.charts.base_rate import base_rate as base_rate_chart
from integstats.charts.chart import Chart, slug
from integstats.charts.dumbbell import dumbbell
from integstats.charts.gap_trend import gap_trend
from integstats.charts.outlook import outlook as outlook_chart
from integstats.charts.ranked_dots import ranked_dots
from integstats.charts.status_waterfall import status_waterfall
from integstats.charts.target_path import target_path
from integstats.charts.target_table import target_table
from integstats.errors import SnapshotMissingError
from integstats.reports.organisation import Organisation
from integstats.reports.report import Report, Section, SectionId
from integstats.table import as_category, concat
from integstats.targets.base_rate import base_rate
from integstats.targets.detectability import detectability
from integstats.targets.outlook import outlook
from integstats.targets.pooling import municipalities
from integstats.targets.target import Target
from integstats.targets.track import Track, track, track_members
from integstats.wording import report_sentences, target_sentences
from integstats.wording.base_rate_sentences import base_rate_text
from integstats.wording.claims import Text
from integstats.wording.detectability_sentences import detectability_text
from integstats.wording.footer_sentences import source_line
from integstats.wording.gap_sentences import gap_trend_text

COUNTRY = "00"
GAP = "employment_rate"
"""The measure whose gap a report is about."""
CHANGE = "unemployment_rate"
"""The measure whose change is split over statuses, and that a räkneexempel halves."""
YEARS = 2
"""Length of the räkneexempel, a halving until the newest figures."""
FEWEST_PEERS = 3
SEXES = ("women", "men")


@dataclass(frozen=True, eq=False)
class _Subject:
    """What every section reads: the place, its figures, and how they are shown."""

    place: str
    table: pd.DataFrame
    gaps: pd.DataFrame
    sources: tuple[Source, ...]
    lang: Language
    organisation: Organisation

    @property
    def own(self) -> pd.DataFrame:
        return self.gaps[(self.gaps["place"] == self.place).to_numpy()]

    @property
    def look(self) -> dict[str, Any]:
        return {"lang": self.lang, "organisation": self.organisation.name or None}

    def of(self, places: Sequence[str]) -> pd.DataFrame:
        return self.gaps[self.gaps["place"].isin(list(places)).to_numpy()]

    def section(
        self,
        id: SectionId,
        paragraphs: Sequence[Text],
        charts: Sequence[Chart] = (),
        *,
        heading: str = "",
    ) -> Section:
        words = report_sentences.heading(heading or id, self.lang)
        return Section(id, words, tuple(one for one in paragraphs if one.text), tuple(charts))


def report(
    place: str,
    table: pd.DataFrame,
    *,
    targets: Sequence[Target] = (),
    peers: Sequence[str] | None = None,
    sources: Sequence[Source] | None = None,
    organisation: Organisation | str | None = None,
    lang: Language = "sv",
) -> Report:
    """Return the report of a place or of a group: charts and texts in the order of the questions.

    How large is the gap, how has it moved, is the decided target on track and how many persons,
    into work or elsewhere, how does it compare, how sure, what cannot be said; without a decided
    target a räkneexempel stands last. A group is pooled, and every member follows by itself.

    Parameters
    ----------
    place
        Name or code of a place or group.
    table
        The one table of one dataset and age, with the six statuses of the place (for a group of
        its members, or its pooled row) and of what it is compared with: the country, the county,
        the peers. What is not there is not compared.
    targets
        The targets to follow. A halving of unemployment among foreign-born women during the two
        years before the latest figures, as a räkneexempel, where none is given.
    peers
        Names of the places to rank the place among; all others of its kind in the table when left
        out. With fewer than three places there is no ranking.
    sources
        Where the figures come from, as `integstats.sources` tells it; what the catalogue knows of
        them when left out.
    organisation
        Who publishes: a name, or an `Organisation` with logo and colour.
    lang
        Language.

    Returns
    -------
    Report
        Hand it to `integstats.publish`.

    Raises
    ------
    SnapshotMissingError
        When the table lacks the place, or a member of the group.
    UnknownCodeError
        When the place does not exist.
    TargetError
        When the target cannot be followed in the table.
    """
    key = _key(place, table)
    rows = _with_group(key, table)
    found = gaps_of(rates_of(rows, GAP), GAP)
    pairs = rows[["dataset", "vintage"]].drop_duplicates().astype(str).to_numpy().tolist()
    known = [(name, vintage) for name, vintage in pairs if name in catalogue.datasets()]
    origins = tuple(sources) if sources is not None else catalogue.sources_of(known)
    about = _Subject(key, rows, found, origins, lang, Organisation.of(organisation))
    chosen = tuple(targets) or (halving(key, rows),)
    followed = tuple(track(one, rows, sources=origins) for one in chosen)
    sections = tuple(_sections(about, followed, _peers(about, peers)))
    latest = about.own["period"].max()
    year = about.own[(about.own["period"] >= latest - _year(latest)).to_numpy()]
    lead = [*gap_trend_text(_two_sexes(year), GAP, lang=lang).lines]
    decided = [one for one in followed if one.target.decided]
    lead += [target_sentences.verdict_block(one, lang=lang) for one in decided]
    line = source_line(origins, organisation=about.organisation.name, lang=lang)
    return Report(
        name=report_name(key),
        title=report_sentences.report_title(key, latest, lang=lang),
        lead=tuple(lead),
        sections=sections,
        footer=(line.text,),
        sources=origins,
        lang=lang,
        organisation=about.organisation,
        tracks=followed,
    )


def report_name(place: str) -> str:
    """Return the stem of the file names of a place's report.

    Examples
    --------
    >>> report_name("1481")
    'rapport_molndal'
    """
    return f"rapport_{slug(catalogue.place_label(place))}"


def halving(place: str, table: pd.DataFrame) -> Target:
    """Return the räkneexempel: unemployment of foreign-born women halved in the last two years.

    Parameters
    ----------
    place
        Key of the place.
    table
        The one table with its rows.
    """
    rows = table[(table["place"] == place).to_numpy()]
    last = rows["period"].max()
    return Target.halve(
        CHANGE,
        dataset=str(rows["dataset"].iloc[0]),
        places=[place],
        sex="women",
        birth_region="foreign_born",
        age=str(rows["age"].iloc[0]),
        baseline=str(last - YEARS * _year(last)),
        deadline=str(last),
    )


def _year(period: pd.Period) -> int:
    return {"M": 12, "Q": 4}.get(period.freqstr[0], 1)


def _key(place: str, table: pd.DataFrame) -> str:
    present = set(table["place"].astype(str))
    return place if place in present else catalogue.resolve(place).key


def _with_group(key: str, table: pd.DataFrame) -> pd.DataFrame:
    present = set(table["place"].astype(str))
    if key in present:
        return table
    if not key.startswith("group:"):
        raise SnapshotMissingError(
            f"The table has no rows of {catalogue.place_label(key)}. Load them: "
            f'integstats.load(…, places=["{catalogue.place_label(key)}"]).'
        )
    plain = table
    if "missing_members" not in table:
        plain = table.assign(missing_members=as_category([""] * len(table)))
    return concat([plain, pool(table, key)])


def _peers(about: _Subject, named: Sequence[str] | None) -> tuple[str, ...]:
    """The places to rank the place among, itself included; none where there are too few."""
    present = list(dict.fromkeys(about.gaps["place"].astype(str)))
    known = catalogue.places()
    if named is None:
        kind = known[about.place].kind if about.place in known else ""
        chosen = [one for one in present if one in known and known[one].kind == kind]
        chosen = chosen or [one for one in present if one not in known and ":" not in one]
    else:
        chosen = [one.key for one in catalogue.resolve_all(named) if one.key in present]
    found = tuple(dict.fromkeys([about.place, *chosen]))
    return found if len(found) >= FEWEST_PEERS and ":" not in about.place else ()


def _sections(
    about: _Subject, followed: Sequence[Track], peers: Sequence[str]
) -> Iterator[Section]:
    decided = [one for one in followed if one.target.decided]
    yield _gap(about)
    yield _movement(about)
    for one in decided:
        yield _target(about, one)
    yield from _statuses(about, followed[0])
    if peers:
        yield _among_peers(about, peers)
    yield from _members(about, followed)
    yield _certainty(about, decided)
    dataset = str(about.own["dataset"].iloc[0])
    limits = report_sentences.limits_texts(about.place, dataset, (GAP, CHANGE), lang=about.lang)
    yield about.section("limits", limits)
    for one in followed:
        if one not in decided:
            yield _target(about, one)


def _gap(about: _Subject) -> Section:
    own = _two_sexes(about.own)
    latest = own[(own["period"] == own["period"].max()).to_numpy()]
    texts = [
        *gap_trend_text(latest, GAP, lang=about.lang).lines,
        *report_sentences.persons_texts(latest, GAP, lang=about.lang),
    ]
    known = catalogue.places()
    county = known[about.place].county if about.place in known else ""
    beside = about.of([about.place, COUNTRY, county or COUNTRY])
    chart = dumbbell(beside, measure=GAP, sources=about.sources, **about.look)
    return about.section("gap", texts, [replace(chart, name=f"{chart.name}_jamforelse")])


def _movement(about: _Subject) -> Section:
    chart = gap_trend(about.own, measure=GAP, sources=about.sources, **about.look)
    texts = gap_trend_text(_two_sexes(about.own), GAP, lang=about.lang).lines
    return about.section("movement", texts, [chart])


def _target(about: _Subject, followed: Track) -> Section:
    target = followed.target
    charts = [target_path(followed, **about.look)]
    texts = [*target_sentences.track_lines(followed, lang=about.lang)]
    texts.append(target_sentences.verdict_block(followed, lang=about.lang))
    if target.kind == "relative_reduction":
        often = base_rate(target, about.table)
        texts.append(base_rate_text(often, lang=about.lang))
        if often.everywhere.windows:
            charts.append(base_rate_chart(often, sources=about.sources, **about.look))
    if target.deadline_period > followed.latest.period:
        ahead = outlook(target, about.table)
        if not ahead.reason:
            charts.append(outlook_chart(ahead, followed, **about.look))
    return about.section(
        "target", texts, charts, heading="target" if target.decided else "illustrative"
    )


def _statuses(about: _Subject, followed: Track) -> Iterator[Section]:
    """Whole years, so that the season does not disturb, and as many as the target has run."""
    if not set(COMPONENTS) <= set(about.table):
        return
    table = about.table
    own = table[
        (table["place"] == about.place).to_numpy()
        & table["sex"].isin(SEXES).to_numpy()
        & (table["birth_region"] == "foreign_born").to_numpy()
    ]
    last = own["period"].max()
    year = _year(last)
    since = (last - followed.target.baseline_period).n
    start = last - year * max(1, since // year)
    if not (own["period"] == start).any():
        return
    changes = status_changes(own, start=start, end=last, measure=CHANGE)
    chart = status_waterfall(changes, sources=about.sources, **about.look)
    yield about.section("statuses", [chart.description], [chart])


def _among_peers(about: _Subject, peers: Sequence[str]) -> Section:
    shown = about.of([*peers, COUNTRY])
    charts = [
        ranked_dots(
            shown, measure=GAP, sex=sex, highlight=about.place, sources=about.sources, **about.look
        )
        for sex in SEXES
        if (shown["sex"] == sex).any()
    ]
    return about.section("peers", [one.description for one in charts], charts)


def _members(about: _Subject, followed: Sequence[Track]) -> Iterator[Section]:
    if not about.place.startswith("group:"):
        return
    present = set(about.gaps["place"].astype(str))
    members = [one for one in municipalities(about.place) if one in present]
    if not members:
        return
    charts = [dumbbell(about.of(members), measure=GAP, sources=about.sources, **about.look)]
    for one in followed:
        single = track_members(one.target, about.table, members=members, sources=about.sources)
        charts.append(target_table(single, **about.look))
    yield about.section("members", [], charts)


def _certainty(about: _Subject, decided: Sequence[Track]) -> Section:
    own = _two_sexes(about.own)
    dataset = catalogue.datasets().get(str(own["dataset"].iloc[0]))
    texts = [*report_sentences.certainty_texts(own, GAP, dataset, lang=about.lang)]
    for followed in decided:
        found = detectability(followed.target, about.table)
        texts += [detectability_text(one, lang=about.lang) for one in found]
    return about.section("certainty", texts)


def _two_sexes(gaps: pd.DataFrame) -> pd.DataFrame:
    """The rows of women and men, or of both together where that is all there is."""
    rows = gaps[gaps["sex"].isin(SEXES).to_numpy()]
    return rows if len(rows) else gaps
