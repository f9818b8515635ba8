# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Which unemployment is it, and can the figures be compared?
#
# "Arbetslösheten" has at least four values at once, each right by its own definition. Before two
# figures are compared, four questions have an answer: which *source* (källa), which *vintage*
# (SCB:s uppdatering), is there a *break* in the series (tidsseriebrott) between them, and how much
# of the difference is *disclosure noise* (slumpbrus, röjandeskydd)?
#
# Out of the box only SCB's monthly BAS is stored. These commands add other unemployments. AKU is
# for Sweden alone (`PLACE = "riket"`), the file of Arbetsförmedlingen has all places at once, and
# Eurostat's figures are in notebook `09_sweden_in_europe`.
#
#     integstats fetch scb-bas-month-final --places Malmö riket
#     integstats fetch kolada-bas --places Malmö riket
#     integstats fetch af-registered-share
#     integstats fetch scb-aku-month --places riket

# %% tags=["parameters"]
PLACE = "Malmö"
LANG = "sv"

# %%
import integstats as ig

bas = ig.load("scb-bas-month", places=[PLACE])
said = ig.compare_sources(PLACE, lang=LANG)
print(len(said["dataset"].unique()), "source(s) of unemployment stored for", PLACE)

# %% [markdown]
# ## The same place in every source that is stored
#
# Each source keeps its own line: nothing is joined, and no difference between two sources is
# computed, since it would be one of definitions and not of people.

# %%
ig.charts.source_comparison(said, lang=LANG)

# %%
group = said[(said["sex"] == "total") & (said["birth_region"] == "foreign_born")]
latest = group.groupby(["dataset", "measure"], sort=False).tail(1)
ig.readable(
    latest.assign(unit="share"),
    columns=["measure", "age", "period", "value", "n", "status"],
    lang=LANG,
)

# %%
for definition in latest["definition"].unique():
    print(definition)

# %% [markdown]
# How far apart they can be: for one period in 2023 the three rates were 4.5 per cent in BAS, 6.3 at
# Arbetsförmedlingen and 7.7 in AKU. (So says the method description of this project, section 1; the
# month is not given there. Fetch the three to see the months since.) They define an unemployed
# person differently:
#
# - *BAS* (SCB): registers say that the person is unemployed and has no job in the month; of the
#   labour force of a full count. A person has one status only, and a job comes first.
# - *Arbetsförmedlingen*: registered there, openly or in a programme; of a twelve-month mean of the
#   labour force in BAS. Misses those who do not register.
# - *AKU* (SCB): says so in a survey, has looked for work and can start; of the labour force of a
#   sample. Has no municipalities, and is uncertain for small groups.
# - *Kolada*: BAS in November; as BAS. Misses eleven months of the year.
#
# Every table with an unemployment that the package can fetch; `integstats datasets --verbose` has
# their definitions and ids:

# %%
known = ig.datasets(lang=LANG).reset_index()
ig.readable(
    known[known["measures"].str.contains("unemploy")],
    columns=["name", "publisher", "table_id", "frequency", "age", "first_period"],
    lang=LANG,
)

# %% [markdown]
# ## Where do these figures come from, and of which day?
#
# A vintage (version) is everything a publisher said at one update. It is stored as it came, and
# never mixed with another: a revised figure is a new vintage, not a new month.

# %%
for source in ig.sources(bas):
    print(source.dataset.name(LANG))
    print(source.dataset.publisher.name, source.dataset.table_id, source.updated)
    print(source.note(LANG) or source.obtained, "·", source.dataset.publisher.licence)
    print("sha256", *(one[:16] for one in source.sha256))

# %% [markdown]
# ## How much have the figures been revised?
#
# That takes two stored vintages. As long as there is only one, the next cell says so, and how to
# get another; `integstats diff scb-bas-month` says the same on the command line. What is known
# without it is by how much a preliminary monthly rate of BAS has been revised:

# %%
print(ig.sources(bas)[0].dataset.revision_pp, "percentage points (procentenheter)")

# %%
from integstats.errors import SnapshotMissingError

try:
    changed = ig.diff("scb-bas-month")
except SnapshotMissingError as only_one:
    changed = None
    print(only_one)
else:
    print(changed.before, "→", changed.after)
    print("new periods:", ", ".join(changed.new_periods) or "none")
    print(changed.revised_cells, "of", changed.compared_cells, "figures revised")

# %% [markdown]
# With two vintages: the revisions by how old the month was, for this place.

# %%
revised = changed and ig.revisions_by_lag(
    ig.load("scb-bas-month", places=[PLACE], vintage=changed.before),
    ig.load("scb-bas-month", places=[PLACE], vintage=changed.after),
)
by_lag = changed and ig.readable(
    revised[revised["count"] == "unemployed"].head(12),
    columns=["lag", "cells", "revised", "mean_change", "largest", "relative"],
    lang=LANG,
)
by_lag

# %% [markdown]
# ## Where does the series break?
#
# Breaks are what publishers have said, or what has been seen in the figures; they are never looked
# for by a test, and never bridged in silence. A break that only *notes* is told beside the figure.
# A break that *blocks* parts the series in segments, and only rows of one segment may be compared.
# Students have one that concerns August alone:

# %%
students = bas[(bas["sex"] == "total") & (bas["birth_region"] == "native_born")]
marked = ig.mark_breaks(students, "students")
ig.readable(
    marked[marked["break_note"] != ""],
    columns=["place", "period", "students", "other", "segment"],
    lang=LANG,
)

# %%
from integstats import catalogue

noted = ";".join(marked["break_note"].unique()).split(";")
for one in catalogue.breaks():
    if one.id in noted:
        print(one.first_period, "·", one.text(LANG))

# %% [markdown]
# All breaks that block a comparison, in all the datasets of the catalogue:

# %%
for one in catalogue.breaks():
    if one.effect == "blocks":
        print(one.first_period, "·", one.text(LANG))

# %% [markdown]
# A comparison is asked for before it is made. Nothing blocks this one, so nothing is said; across a
# blocking break the same call stops with its name:

# %%
last = bas["period"].max()
ig.refuse_across_breaks(bas, "unemployment_rate", start=last - 24, end=last)

# %% [markdown]
# ## A longer line, on purpose
#
# Where two definitions overlap in time, the older can be lifted to the level of the newer by
# `ig.splice`, for a long line that is labelled; no verdict ever rests on it. The embedded series
# has no older sister with an overlap, so the cell below only checks the method: BAS until 2022
# spliced to BAS from 2022 is the same figures again, with the factor 1 written beside them. With
# `integstats fetch scb-rams-2019 --places Malmö` and `integstats fetch scb-bas-year-final --places
# Malmö` there is a real one to lift, RAMS of 2019; the two definitions need not have differed in
# 2019 as in 2020 and 2021.

# %%
rates = ig.rates(bas, "unemployment_rate")
women = rates[(rates["sex"] == "women") & (rates["birth_region"] == "foreign_born")]
spliced = ig.splice(
    women[women["period"] <= "2022-12"],
    women[women["period"] >= "2022-01"],
    measure="unemployment_rate",
    by="overlap_ratio",
)
ig.readable(
    spliced[spliced["period"].between("2021-10", "2022-03")],
    columns=["period", "unemployment_rate", "status", "splice_adjustment", "splice_periods"],
    lang=LANG,
)

# %% [markdown]
# ## How large is the disclosure noise?
#
# SCB changes every published count at random by a person or a few, so that nobody can be pointed
# out. How much can be measured without knowing any true figure: employed and unemployed are the
# labour force, and six statuses are everybody, so that what is missing in such a sum is noise and
# nothing else. A sum of k published counts misses by √k times the noise of one. *Standardavvikelse*
# is that of one count, *rest* the largest miss.

# %%
whole = ig.load("scb-bas-month", vintage=str(bas["vintage"].iloc[0]))
statuses = ["employed", "unemployed", "students", "retired", "sick", "other"]
within = ig.noise_in_sums(
    whole, sums={"labour_force": ["employed", "unemployed"], "population": statuses}
)
measured = [
    "measure",
    "cells",
    "mean",
    "sd",
    "variance",
    "residual",
    "tolerance",
    "beyond_tolerance",
]
ig.readable(within, columns=measured, lang=LANG)

# %% [markdown]
# The same from another side: the 21 counties against Sweden, 22 published counts in each sum.

# %%
counties = ig.places().query("kind == 'county'")["place"]
across = ig.noise_in_parts(whole, key="place", whole="00", parts=counties, counts=statuses)
ig.readable(across, columns=measured, lang=LANG)

# %% [markdown]
# What the package counts with, in every interval and verdict (persons², and its root in persons):

# %%
source = ig.sources(bas)[0].dataset
print(source.noise_variance, source.noise_sd)

# %% [markdown]
# A standard deviation of about one and a half persons is nothing in a city and something in a small
# group: of 30 unemployed it is five per cent. Women and men together are therefore taken as the
# publisher has them where it has them, and a sum of ours is marked *beräknad*.
#
# ## What this does not show
#
# - Not which source is right. Each answers its own question; say which one, every time.
# - Not why two sources differ in this place: their definitions differ, and so do the people they
#   miss.
# - Not how far the latest months will be revised. Earlier revisions are a guide, not a limit.
# - Not breaks that nobody has told of. A step in a line that no note explains is a question to the
#   publisher.
# - The noise was measured on the table that is stored (TAB6260). For the other tables of SCB that
#   carry the same note it is assumed.
