"""What a report about a place or a group contains: the questions in order, with their answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from integstats import catalogue
from integstats.analysis.gaps import gaps as gaps_of
from integstats.analysis.rates import rates as rates_of
from integstats.analysis.statuses import COMPONENTS, status_changes
from integstats.catalogue import Language, Source
from integstats.charts.base_rate import base_rate as base_rate_chart
from integstats.charts.chart import Chart
from integstats.charts.dumbbell import dumbbell
from integstats.charts.gap_trend import gap_trend
from integstats.charts.outlook import outlook as outlook_chart
from integstats.charts.ranked_dots import ranked_dots
from integstats.charts.status_waterfall import status_waterfall
from integstats.charts.target_path import target_path
from integstats.charts.target_table import target_table
from integstats.errors import SchemaError, TargetError
from integstats.reports.organisation import Organisation
from integstats.reports.report import Report, Section, SectionId
from integstats.reports.subject import (
    CHANGE,
    COUNTRY,
    GAP,
    YEARS,
    followed_targets,
    per_year,
    place_key,
    ranked_among,
    report_name,
    with_group,
)
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

SEXES = ("women", "men")


@dataclass(frozen=True, eq=False)
class _Subject:
    """What every section reads: the place, its figures, and how they are shown.

    `gaps` are those of all places, of women and men where the place's own are known and else of
    both together, until the latest period in which the place's own is known.
    """

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
        words = heading or report_sentences.heading(id, self.lang)
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
        The targets of the place to follow. Where none is given, a halving of unemployment among
        foreign-born women during the two years before the latest figures, as a räkneexempel,
        unless the figures do not reach so far back or do not tell of them.
    peers
        Names of the places to rank the place among, the members of a group named; all others of
        its kind in the table when left out. With fewer than three places there is no ranking.
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
        When the table lacks the place, a member of the group, or a peer that is named.
    UnknownCodeError
        When the place or a peer does not exist.
    TargetError
        When a target is not one of the place, or cannot be followed in the table.
    SchemaError
        When no gap is known, or the table has several datasets, vintages or ages.
    """
    key = place_key(place, table)
    rows = with_group(key, table)
    found = _known(gaps_of(rates_of(rows, GAP), GAP), key)
    pairs = rows[["dataset", "vintage"]].drop_duplicates().astype(str).to_numpy().tolist()
    known = [(name, vintage) for name, vintage in pairs if name in catalogue.datasets()]
    origins = tuple(sources) if sources is not None else catalogue.sources_of(known)
    about = _Subject(key, rows, found, origins, lang, Organisation.of(organisation))
    followed = tuple(_followed(key, rows, targets, origins))
    among = ranked_among(key, rows, peers)
    sections = _named_apart(tuple(_sections(about, followed, among)))
    latest = about.own["period"].max()
    year = about.own[(about.own["period"] >= latest - per_year(latest)).to_numpy()]
    lead = [*gap_trend_text(_two_sexes(year), GAP, lang=lang).lines]
    decided = [one for one in followed if one.target.decided]
    for one in decided:
        statement = target_sentences.track_lines(one, lang=lang)[0]
        lead += [statement, target_sentences.verdict_block(one, lang=lang)]
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
        peers=among,
    )


def _known(gaps: pd.DataFrame, place: str) -> pd.DataFrame:
    own = _two_sexes(gaps[(gaps["place"] == place).to_numpy()])
    own = own[own["gap_pp"].notna().to_numpy()]
    if own.empty:
        raise SchemaError(
            f"No gap of {catalogue.place_label(place)} is known: the counts are missing, or a "
            "group has too few persons for a rate. Choose a larger place, or pool several."
        )
    told = (gaps["period"] <= own["period"].max()) & gaps["sex"].isin(own["sex"].unique())
    return gaps[told.to_numpy()]


def _followed(
    place: str, table: pd.DataFrame, targets: Sequence[Target], sources: Sequence[Source]
) -> Iterator[Track]:
    for one in followed_targets(place, table, targets):
        try:
            yield track(one, table, sources=sources)
        except TargetError:
            if targets:
                raise


def _sections(
    about: _Subject, followed: Sequence[Track], peers: Sequence[str]
) -> Iterator[Section]:
    decided = [one for one in followed if one.target.decided]
    examples = [one for one in followed if not one.target.decided]
    yield _gap(about)
    yield _movement(about)
    for at, one in enumerate(decided, start=1):
        yield _target(about, one, at=at, of=len(decided))
    yield from _statuses(about, followed)
    if peers:
        yield _among_peers(about, peers)
    yield from _members(about, followed)
    yield _certainty(about, decided)
    dataset = str(about.own["dataset"].iloc[0])
    limits = report_sentences.limits_texts(about.place, dataset, (GAP, CHANGE), lang=about.lang)
    yield about.section("limits", limits)
    for at, one in enumerate(examples, start=1):
        yield _target(about, one, at=at, of=len(examples))


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


def _target(about: _Subject, followed: Track, *, at: int, of: int) -> Section:
    target = followed.target
    charts = [target_path(followed, **about.look)]
    texts = [*target_sentences.track_lines(followed, lang=about.lang)]
    texts.append(target_sentences.verdict_block(followed, lang=about.lang))
    if target.kind == "relative_reduction" and followed.goal == followed.goal:
        try:
            often = base_rate(target, about.table)
        except TargetError:  # It is longer than the history.
            months = 12 * (target.deadline_period - target.baseline_period).n
            months //= per_year(target.baseline_period)
            texts.append(report_sentences.no_base_rate_text(months, lang=about.lang))
        else:
            texts.append(base_rate_text(often, lang=about.lang))
            if often.everywhere.windows:
                charts.append(base_rate_chart(often, sources=about.sources, **about.look))
    if target.deadline_period > followed.latest.period:
        ahead = outlook(target, about.table)
        if not ahead.reason:
            charts.append(outlook_chart(ahead, followed, **about.look))
    which = "target" if target.decided else "illustrative"
    words = report_sentences.heading(which, about.lang, at=at, of=of)
    return about.section("target", texts, charts, heading=words)


def _statuses(about: _Subject, followed: Sequence[Track]) -> Iterator[Section]:
    """Whole years, so that the season does not disturb; as many as the target has run, if known."""
    if not set(COMPONENTS) <= set(about.table):
        return
    table = about.table
    own = table[
        (table["place"] == about.place).to_numpy()
        & table["sex"].isin(SEXES).to_numpy()
        & (table["birth_region"] == "foreign_born").to_numpy()
        & table[list(COMPONENTS)].notna().all(axis="columns").to_numpy()
    ]
    if own.empty:
        return
    last = own["period"].max()
    year = per_year(last)
    since = (last - followed[0].target.baseline_period).n if followed else YEARS * year
    there = set(own["period"])
    starts = (last - year * back for back in range(max(1, since // year), 0, -1))
    start = next((one for one in starts if one in there), None)
    if start is None:
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
    return about.section("peers", [], charts)


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


def _named_apart(sections: Sequence[Section]) -> tuple[Section, ...]:
    """Number charts of one name, as of two targets for one group: their files need their own."""
    seen: Counter[str] = Counter()
    found = []
    for section in sections:
        charts = []
        for chart in section.charts:
            seen[chart.name] += 1
            again = seen[chart.name]
            charts.append(chart if again == 1 else replace(chart, name=f"{chart.name}_{again}"))
        found.append(replace(section, charts=tuple(charts)))
    return tuple(found)


def _two_sexes(gaps: pd.DataFrame) -> pd.DataFrame:
    """The rows of women and men, or all rows where only both together are known."""
    rows = gaps[gaps["sex"].isin(SEXES).to_numpy()]
    return rows if rows["gap_pp"].notna().any() else gaps
