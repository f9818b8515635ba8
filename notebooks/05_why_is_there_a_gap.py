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
# # Why is there a gap? What composition accounts for, and what it does not
#
# Two groups can differ in two ways. They can be *composed* differently (sammansättning): one is
# younger, has been here a shorter time or has shorter education. And people *alike* in that respect
# can be employed to a different extent (andelar inom grupperna). A decomposition (uppdelning)
# splits the difference into the two, exactly. It is arithmetic: it says what a difference consists
# of, and nothing about its causes (orsaker). "Räknemässigt" in the texts means just that.
#
# The embedded figures have no length of stay (vistelsetid), education or age groups. The first part
# therefore uses real figures with what they have, birth region and sex; the second shows the whole
# method on *invented* figures (påhittade tal) of a place that does not exist, Exempelkommun A; the
# third does the same on real figures as soon as they are fetched:
#
#     integstats fetch scb-bas-education --places Malmö
#     integstats fetch scb-integration-municipality --places Malmö
#     integstats fetch scb-bas-month --places Malmö --age 20-24 25-29 30-34 35-39 \
#         40-44 45-49 50-54 55-59 60-64
#
# (`scb-integration-county` and `scb-integration-country` have the counties and Sweden.)

# %% tags=["parameters"]
PLACE = "Malmö"
LANG = "sv"
SEX = "women"

# %%
import integstats as ig
from integstats.catalogue import resolve

place = resolve(PLACE)
bas = ig.load("scb-bas-month", places=[PLACE, "riket"])
for source in ig.sources(bas):
    print(source.dataset.register(LANG), source.dataset.table_id, source.updated, source.obtained)

# %% [markdown]
# ## Real figures: the place beside the country
#
# How much of the difference in unemployment between the place and the whole country goes with
# another mix of women and men, native- and foreign-born, and how much remains between people of the
# same group (Kitagawa 1955)? For the country itself there is nothing to compare, and the cell stays
# empty.

# %%
parts = bas[(bas["sex"] != "total") & (bas["birth_region"] != "total")]
last = parts["period"].max()
unemployed = {"numerator": "unemployed", "denominator": "labour_force"}
by_group = {"groups": ["birth_region", "sex"], **unemployed}
places = {"population": "place", "first": "00", "second": place.key}

beside = (
    ig.charts.decomposition_bars(
        ig.kitagawa(parts[parts["period"] == last], **places, **by_group),
        measure="unemployment_rate",
        lang=LANG,
        **places,
    )
    if place.key != "00"
    else None
)
beside

# %%
print(beside.description if beside else "")

# %% [markdown]
# ## Real figures: the place then and now
#
# The same for the change since five years before, in the same calendar month. A group that has
# become larger moves the total even if nothing has changed for anybody in it.

# %%
own = parts[parts["place"] == place.key]
years = {"population": "period", "first": str(last - 60), "second": str(last)}

change = ig.charts.decomposition_bars(
    ig.kitagawa(own, **years, **by_group), measure="unemployment_rate", lang=LANG, **years
)
change

# %%
print(change.description)

# %% [markdown]
# ## Invented figures: length of stay
#
# From here to the next heading that says *real*, nothing is statistics. The figures were drawn by a
# model with a seed, whose parameters were chosen and not estimated
# (`tests/support/invented_stay.py` describes it); they lie beside the notebook in
# `synthetic_stay.csv` and are read like a municipality's own figures, through a mapping. The charts
# carry a watermark, and `ig.publish` refuses them unless it is told `allow_synthetic=True`.

# %%
from integstats.reports.notebook import notebooks

folder = notebooks()["05_why_is_there_a_gap"].parent
invented = ig.own(folder / "synthetic_stay.csv", mapping=folder / "synthetic_stay.toml")

whole = invented[(invented["age"] == "20-64") & (invented["education"] == "total")]
by_sex = whole[(whole["sex"] != "total") & (whole["birth_region"] != "total")]
each = by_sex[(by_sex["length_of_stay"] != "total") | (by_sex["birth_region"] == "native_born")]
ig.charts.stay_lines(ig.rates(each, "employment_rate"), lang=LANG)

# %% [markdown]
# The lines are groups and not persons followed over time: those who came last year are others than
# those who came ten years ago, and some of these have moved on.
#
# ## Invented figures: education and age together
#
# The gap between native- and foreign-born of one sex, with the composition by education
# (utbildningsnivå) and age at once. *Sammansättning* is what goes with the different shares of the
# subgroups, each taken at the mean of its two rates; *andelar inom grupperna* is what stands
# between people of the same education and age, each subgroup taken at the mean of its two shares.

# %%
cells = invented[
    (invented["education"] != "total")
    & (invented["age"] != "20-64")
    & (invented["length_of_stay"] == "total")
]
cells = cells[
    (cells["sex"] == SEX)
    & (cells["birth_region"] != "total")
    & (cells["period"] == cells["period"].max())
]
births = {"population": "birth_region", "first": "foreign_born", "second": "native_born"}
employed = {"numerator": "employed", "denominator": "population"}

split = ig.kitagawa(cells, **births, groups=["education", "age"], **employed)
gap = ig.charts.decomposition_bars(
    split, measure="employment_rate", keys={"age": "20-64"}, lang=LANG, **births
)
gap

# %% [markdown]
# A single group's bar depends on the level of all rates and is read together with the others. The
# shares and rates behind them; *första gruppen* are the foreign-born, *andra gruppen* the
# native-born:

# %%
ig.readable(
    split.groups,
    columns=["education", "age", "share_first", "share_second", "rate_first", "rate_second"],
    lang=LANG,
)

# %% [markdown]
# ## Invented figures: which part goes with education, which with age?
#
# Das Gupta (1993) splits the composition further, into one part for each characteristic, so that no
# order of them is preferred. Two parts can have opposite signs and still add up to the same total.

# %%
rated = ig.rates(cells, "employment_rate")
parted = ig.das_gupta(
    rated,
    population="birth_region",
    factors=["employment_rate"],
    groups=["education", "age"],
    size="population",
)
said = {"dataset": "own-synthetic-stay", "place": "Exempelkommun A", "age": "20-64"}
said |= {"sex": SEX, "period": str(cells["period"].max()), "vintage": cells["vintage"].iloc[0]}
words = {"sv": "andelar inom grupperna", "en": "rates within the groups"}
ig.charts.decomposition_bars(
    parted,
    measure="employment_rate",
    keys=said,
    names={"employment_rate": words[LANG]},
    lang=LANG,
    **births,
)

# %% [markdown]
# ## Real figures, once they are fetched
#
# What is not stored is named with the command that fetches it, and the charts below stay empty
# until then.

# %%
from integstats.errors import SnapshotMissingError

spans = ["20-24", "25-29", "30-34", "35-39", "40-44", "45-49", "50-54", "55-59", "60-64"]
asked = {
    "age": {"dataset": "scb-bas-month", "age": spans},
    "education": {"dataset": "scb-bas-education"},
    "length_of_stay": {"dataset": f"scb-integration-{place.kind}"},
}
stored = {}
for name, one in asked.items():
    try:
        table = ig.load(**one, places=[PLACE])
        stored[name] = table[(table["birth_region"].isin(["native_born", "foreign_born"]))]
    except SnapshotMissingError as missing:
        print(missing)

# %% [markdown]
# Composition by age, and by education, each by itself: the monthly tables have one at a time. Two
# such parts may not be added, since age and education go together.

# %%
charts = {}
for name in ("age", "education"):
    if name in stored:
        latest = stored[name].query("sex == @SEX and period == period.max()")
        charts[name] = ig.charts.decomposition_bars(
            ig.kitagawa(latest, **births, groups=[name], **employed),
            measure="employment_rate",
            keys={"age": "20-64"},
            lang=LANG,
            **births,
        )
charts.get("age")

# %%
charts.get("education")

# %% [markdown]
# Length of stay. The publisher gives rates without the persons behind them, so that there are no
# intervals; small groups are not shown.

# %%
stay = stored.get("length_of_stay")
lines = (
    stay is not None
    and stay[
        (stay["education"] == "total")
        & (stay["reason"] == "total")
        & (stay["sex"] != "total")
        & ((stay["length_of_stay"] != "total") | (stay["birth_region"] == "native_born"))
    ]
)
ig.charts.stay_lines(ig.rates(lines, "employment_rate"), lang=LANG) if stay is not None else None

# %% [markdown]
# ## What this does not show
#
# - Not why. "Composition" is no explanation: that a group has shorter education says neither why it
#   has, nor what longer education would have meant for these persons.
# - Not discrimination, and not its absence. What remains between people of the same group is
#   everything that is not in the table: language, health, networks, how education from abroad is
#   valued, how employers choose, where the jobs are.
# - Not what would happen if the composition were changed. Each subgroup's rate is taken as given.
# - Not more than the groups chosen. Another division gives another split; state it every time.
# - Nothing of any real place in the parts on invented figures: replace them before anything is
#   decided.
