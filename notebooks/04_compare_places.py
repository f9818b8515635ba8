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
# # How does a place stand among others, and which differences are real?
#
# A ranking list is the most quoted and the least reliable way to compare places: somebody is always
# last, also where nothing but chance (slumpen) separates the places. Here every rank stands beside
# the ranks that the place may truly have, and every difference beside its interval
# (osäkerhetsintervall).
#
# Out of the box the places are the 21 counties (län), Stockholm, Göteborg and Malmö. To compare the
# members of a group of municipalities instead, fetch it once and write its name in `GROUP`:
#
#     integstats fetch scb-bas-month --places "Familjen Helsingborg" riket
#     integstats fetch scb-bas-month --places "Skåne läns kommuner" riket
#     integstats fetch scb-bas-month --places "Västra Götalands läns kommuner" riket
#
# `integstats places` lists the other groups, among them SKR's kinds of municipalities. `PLACE` is
# the one that stands out in the charts; it need not be a member. All are compared in the latest
# month that is stored.

# %% tags=["parameters"]
PLACE = "Malmö"
LANG = "sv"
GROUP = ""
SEX = "women"

# %%
import integstats as ig
from integstats.catalogue import resolve

counties = ig.places().query("kind == 'county'")["place"]
among = [GROUP] if GROUP else [*counties, "Stockholm", "Göteborg", "Malmö"]
bas = ig.load("scb-bas-month", places=[*among, PLACE, "riket"])
rates = ig.rates(bas)
gaps = ig.gaps(rates, "employment_rate")
for source in ig.sources(bas):
    print(source.dataset.register(LANG), source.dataset.table_id, source.updated, source.obtained)

# %% [markdown]
# The country is the yardstick and never one of the places ranked, so it cannot stand out.

# %%
place = resolve(PLACE).key
highlight = PLACE if place in set(gaps["place"]) - {"00"} else None

# %% [markdown]
# ## Who has the largest employment gap, and how sure is the order?
#
# The column *Plats* is the set of ranks that are possible when chance is counted in, for all places
# at once. Only where it is a single number is the rank established.

# %%
ranked = ig.charts.ranked_dots(gaps, sex=SEX, highlight=highlight, lang=LANG)
ranked

# %% [markdown]
# The same in words, for a decision paper (beslutsunderlag):

# %%
print(ranked.description)

# %% [markdown]
# ## On the map
#
# A map shows area, and the largest counties have the fewest people: read it beside the list, which
# has the intervals.

# %%
ig.charts.choropleth(gaps, sex=SEX, lang=LANG)

# %% [markdown]
# ## Is unemployment higher or lower than in the rest of the country?
#
# Each place is compared with the rest of Sweden, its own people taken out. With many places some
# differ by chance alone: *säkerställd skillnad* therefore says yes only where the difference stands
# after the correction for being many (Benjamini–Hochberg: at most one in twenty of the differences
# called real is expected to be false). Disclosure noise (SCB:s röjandeskydd) is counted in.

# %%
latest = rates["period"].max()
of_group = (rates["sex"] == SEX) & (rates["birth_region"] == "foreign_born")
unemployment = rates[of_group & (rates["period"] == latest)]
noise = ig.sources(bas)[0].dataset.noise_variance
counted = {"numerator": "unemployed", "denominator": "labour_force"}
named = {"rate": "unemployment_rate"}

different = ig.differences_from(unemployment, reference="00", noise_variance=noise, **counted)
ig.readable(
    different.rename(columns=named).sort_values("difference_pp", ascending=False),
    columns=[
        "place",
        "unemployment_rate",
        "difference_pp",
        "difference_low_pp",
        "difference_high_pp",
        "labour_force",
        "differs",
    ],
    lang=LANG,
)

# %% [markdown]
# ## Which rank may a place have?
#
# Rank 1 is the lowest unemployment. *Bästa* and *sämsta möjliga rang* are what chance allows.

# %%
places = unemployment[unemployment["place"] != "00"]
ranks = ig.rank_places(places, better="down", noise_variance=noise, **counted)
ig.readable(
    ranks.rename(columns=named).sort_values("rank"),
    columns=["place", "unemployment_rate", "rank", "rank_low", "rank_high", "labour_force", "base"],
    lang=LANG,
)

# %% [markdown]
# ## Does the place stand out, given how few or many people it has?
#
# A funnel (trattdiagram) shows the level against the number of persons. The centre line is the
# level of the whole country; the limits are how far from it chance usually takes a place of that
# size. Counties are so large that chance explains little, and most lie outside. In a group of small
# municipalities it is the other way round: most differences in a list are then no more than chance.

# %%
country = unemployment.loc[unemployment["place"] == "00", "unemployment_rate"].item()
beyond = ig.funnel(places, target=country, **counted)
funnel = ig.charts.funnel(beyond, measure="unemployment_rate", highlight=highlight, lang=LANG)
funnel

# %%
print(funnel.description)

# %% [markdown]
# ## How has it moved in each place?
#
# All panels have the same axes, and the thin line is the whole country. One month's order is not
# the next month's: a place whose line wanders has few people behind it.

# %%
ig.charts.small_multiples(
    rates, measure="unemployment_rate", sex=SEX, birth_region="foreign_born", lang=LANG
)

# %% [markdown]
# ## What this does not show
#
# - Not *why* places differ. Who lives there, how long they have been in Sweden, their education and
#   the local labour market differ between places, and so does the number of people who neither work
#   nor look for work: a low unemployment can hide a low participation.
# - Not who has done well. A place whose native-born do unusually well has a large gap, too.
# - A city is a part of its county, so the two share people and are not independent; the charts say
#   where that is so.
# - A rank is not a measure: two places next to each other in the list can be far apart, and two far
#   apart can be alike. Name the difference in percentage points (procentenheter), not the rank.
# - The month is the latest one, preliminary, and not adjusted for season. Compare places within a
#   month, and never one place's month with another's.
