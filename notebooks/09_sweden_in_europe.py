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
# # How does Sweden look beside its neighbours, by country of birth and sex?
#
# Two kinds of figures, never in one line. SCB's register (BAS) counts everybody and has
# municipalities, but no other country has it. Eurostat's figures are a sample survey
# (arbetskraftsundersökning; for Sweden it is AKU) with one definition for all of Europe, but
# without municipalities. Between countries compare the *gaps*: whether a level is high depends on
# what counts as employed, and that differs between a register and a survey.
#
# Out of the box only the register is stored: Sweden, its counties and the three largest cities. The
# rest is fetched once:
#
#     integstats fetch eurostat-employment --places Danmark Norge Finland Tyskland eu:SE
#     integstats fetch eurostat-participation --places Danmark Norge Finland Tyskland eu:SE
#     integstats fetch eurostat-unemployment --places Danmark Norge Finland Tyskland eu:SE
#     integstats fetch dst-ras200 --places Odense Danmark
#     integstats fetch scb-bas-november --places Malmö riket --age 16-64
#
# Eurostat calls Sweden `eu:SE`; with `--all` all countries come.

# %% tags=["parameters"]
PLACE = "Malmö"
LANG = "sv"
OTHERS = ["Danmark", "Norge", "Finland", "Tyskland"]
ABROAD = "Odense"

# %%
import integstats as ig

bas = ig.load("scb-bas-month", places=[PLACE, "riket"])
rates = ig.rates(bas)
for source in ig.sources(bas):
    print(source.dataset.register(LANG), source.dataset.table_id, source.updated, source.obtained)

# %% [markdown]
# ## Sweden by birth and sex, in the register
#
# Women and men are shown apart, since the gap of the one is not the gap of the other.

# %%
sweden = ig.charts.dumbbell(ig.gaps(rates, "employment_rate"), lang=LANG)
sweden

# %%
print(sweden.description)

# %% [markdown]
# The same for participation (arbetskraftsdeltagande) and unemployment, in the latest month: a gap
# in employment can be one of taking part, one of finding work, or both.

# %%
from integstats.table import concat

three = ["employment_rate", "participation_rate", "unemployment_rate"]
gaps = concat([ig.gaps(rates, one).assign(measure=one) for one in three])
ig.readable(
    gaps[(gaps["place"] == "00") & (gaps["period"] == gaps["period"].max())],
    columns=[
        "measure",
        "sex",
        "rate_foreign_born",
        "rate_native_born",
        "gap_pp",
        "gap_low",
        "gap_high",
    ],
    lang=LANG,
)

# %% [markdown]
# ## Sweden beside other countries, in the survey
#
# Eurostat publishes rates without the persons behind them, so there is no interval, and the charts
# say "utan bedömning av osäkerhet". Foreign-born (utrikes födda) are born in another country, as in
# Sweden. Where something is not stored, the next cell says what to fetch, and the charts below it
# stay empty.

# %%
from integstats.errors import SnapshotMissingError

europe = {}
for name in ("employment", "participation", "unemployment"):
    try:
        europe[name] = ig.rates(
            ig.load(f"eurostat-{name}", places=["eu:SE", *OTHERS], start="2005")
        )
    except SnapshotMissingError as missing:
        print(missing)

# %%
ig.charts.dumbbell(
    ig.gaps(europe["employment"], "employment_rate_eu"), measure="employment_rate_eu", lang=LANG
) if "employment" in europe else None

# %%
ig.charts.dumbbell(
    ig.gaps(europe["unemployment"], "unemployment_rate_eu"),
    measure="unemployment_rate_eu",
    lang=LANG,
) if "unemployment" in europe else None

# %% [markdown]
# How the level of foreign-born women has moved, country by country. In January 2021 the surveys of
# all EU countries were redesigned: years before and after are not one series, and the lines are cut
# there.

# %%
ig.charts.small_multiples(
    europe["employment"], measure="employment_rate_eu", sex="women", lang=LANG
) if "employment" in europe else None

# %% [markdown]
# The gaps of the three measures in the latest year of each:

# %%
found = [
    ig.gaps(table, f"{name}_rate_eu")
    .query("period == period.max() and sex != 'total'")
    .assign(measure=f"{name}_rate_eu")
    for name, table in europe.items()
]
ig.readable(
    concat(found),
    columns=[
        "place",
        "measure",
        "sex",
        "period",
        "rate_foreign_born",
        "rate_native_born",
        "gap_pp",
    ],
    lang=LANG,
) if found else None

# %% [markdown]
# ## A Danish municipality beside a Swedish one
#
# Statistics Denmark (Danmarks Statistik) has the employment rate of Odense (`dk:461`) every
# November. To stand beside Malmö three things must agree, and two of them can: the month (November,
# `scb-bas-november`) and the ages (16–64, fetched with `--age 16-64`). The third cannot, the group:

# %%
from integstats import catalogue

for one in catalogue.breaks():
    if one.id == "dst-herkomst":
        print(one.text(LANG))

# %% [markdown]
# So the nearest to the foreign-born are the Danish immigrants (invandrare), and the nearest to the
# native-born those of Danish origin (dansk herkomst). Descendants (efterkommande) are in neither.
# What can be compared is the distance within each place, not the level across the border.

# %%
try:
    danish = ig.load("dst-ras200", places=[ABROAD, "Danmark"])
    swedish = ig.load("scb-bas-november", places=[PLACE, "riket"], age="16-64")
except SnapshotMissingError as missing:
    danish = None
    print(missing)

# %% [markdown]
# The Danish gap under the names of the Swedish one, so that both can stand in one chart; its footer
# says whom each counts.

# %%
same = {
    "rate_immigrants": "rate_foreign_born",
    "rate_danish": "rate_native_born",
    "n_immigrants": "n_foreign_born",
    "n_danish": "n_native_born",
}
groups = {"by": "origin", "group": "immigrants", "reference": "danish"}
beside = danish is not None and concat(
    [
        ig.gaps(ig.rates(danish), "employment_rate_dk", **groups).rename(columns=same),
        ig.gaps(ig.rates(swedish), "employment_rate"),
    ]
)
ig.charts.dumbbell(
    beside, period=min(danish["period"].max(), swedish["period"].max()), lang=LANG
) if danish is not None else None

# %% [markdown]
# ## What this does not show
#
# - Not why the gap is larger in one country than in another. Who has come, when, from where and for
#   what reason differs between countries, and none of it is in these figures.
# - Not levels that can be compared between the register and the survey: for Sweden they differ by
#   definition, age and source (notebook `06_sources_and_breaks`).
# - Not how sure the survey's figures are. Eurostat marks the least reliable with *u* and breaks
#   with *b*; small groups in small countries move a lot from year to year.
# - Not Odense and Malmö by the same group. The Danish immigrants leave out some who were born
#   abroad, and their comparison group leaves out descendants.
# - Nothing of other Danish measures: the catalogue has the employment rate alone.
