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
# # How large is the employment gap, and how does it move?
#
# The *employment gap* (sysselsättningsgap) is the difference between the employment rate of
# native-born and foreign-born women, or men, in percentage points (procentenheter). It is positive
# where the foreign-born have the lower rate. A gap can also close because the native-born do worse,
# so the levels are always shown beside it.
#
# Set the place and the language below and run all cells. The embedded snapshot has Sweden
# (`riket`), all 21 counties, Stockholm, Göteborg and Malmö; for any other place the first cell says
# which command fetches it.

# %% tags=["parameters"]
PLACE = "Malmö"
LANG = "sv"

# %%
import integstats as ig

bas = ig.load("scb-bas-month", places=[PLACE, "riket"])
rates = ig.rates(bas)
for source in ig.sources(bas):
    print(source.dataset.register(LANG), source.dataset.table_id, source.updated, source.obtained)

# %% [markdown]
# ## The gap today
#
# The interval answers "could this be chance, given how few persons it is?". The register counts
# everybody, so there is no sampling error; but in a small municipality a few persons move a rate.

# %%
gaps = ig.gaps(rates, "employment_rate")
last = gaps["period"].max()
ig.readable(
    gaps.loc[gaps["period"] == last],
    columns=["place", "sex", "gap_pp", "gap_low", "gap_high", "rate_foreign_born",
             "rate_native_born", "n_foreign_born", "n_native_born"],
    lang=LANG,
)

# %% [markdown]
# ## How it has moved since 2020

# %%
ig.charts.gap_trend(gaps, place=PLACE, lang=LANG)

# %% [markdown]
# ## Women and men, foreign-born and native-born

# %%
ig.charts.dumbbell(gaps, lang=LANG)

# %% [markdown]
# ## The double gap of foreign-born women
#
# From native-born men to foreign-born women the distance is the sum of two steps, and the two
# orders of the steps need not agree: the *interaction* is what being both foreign-born and a woman
# adds beyond the two by themselves.

# %%
double = ig.double_gap(rates, "employment_rate")
ig.readable(
    double.loc[double["period"] == last],
    columns=["place", "double_gap_pp", "sex_native_pp", "birth_women_pp", "birth_men_pp",
             "sex_foreign_pp", "interaction_pp"],
    lang=LANG,
)

# %% [markdown]
# ## What this does not show
#
# Figures of a place describe who lives there, not what a programme did: people move, age and
# change status. Nothing here says what *caused* a gap or a change. The monthly figures are
# preliminary and will be revised by up to a few tenths of a percentage point.
