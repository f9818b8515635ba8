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
# # Unemployment changed: into work, or elsewhere?
#
# When fewer are unemployed, more may be in work, but they may also study, be sick, have stopped
# looking, turned 65 or moved away. Everybody aged 20–64 has one of six statuses: employed
# (sysselsatt), unemployed (arbetslös), student (studerande), retired (pensionär), sick (sjuk) or
# other (övrig); who has two of them, working and studying, counts as the first in this order. The
# changes of the six add up to the change of the population (befolkning), which therefore has a bar
# of its own.
#
# Set the place and the language and run all cells. The embedded snapshot has Sweden (`riket`), all
# 21 counties, Stockholm, Göteborg and Malmö; for any other place the first cell says which command
# fetches it. A group of municipalities is pooled from its members' counts.

# %% tags=["parameters"]
PLACE = "Malmö"
LANG = "sv"

# %%
import integstats as ig

bas = ig.load("scb-bas-month", places=[PLACE])
if bas["place"].nunique() > 1:
    bas = ig.pool(bas, PLACE)
latest = bas["period"].max()
foreign_born = bas.loc[bas["birth_region"] == "foreign_born"]
for source in ig.sources(bas):
    print(source.dataset.register(LANG), source.dataset.table_id, source.updated, source.obtained)

# %% [markdown]
# ## The last twelve months
#
# The same month a year earlier, so that the season is the same at both ends. Each bar begins where
# the one above it ends; *avvikelse* is what the publisher's disclosure noise leaves over.

# %%
year = ig.charts.status_waterfall(
    ig.status_changes(foreign_born, start=latest - 12, end=latest), lang=LANG
)
year

# %%
print(year.description.text)

# %% [markdown]
# The same in figures. The last column is arithmetic, not explanation: what the rate would have done
# if that status alone had changed, all others the same. More people in work, in studies or outside
# the labour force lower the rate; a larger population with no more people in the other statuses
# raises it. The unemployed themselves stand at 0, since they are what is being accounted for.

# %%
columns = ["sex", "component", "count_start", "count_end", "change", "contribution_pp", "note"]
ig.readable(year.data, columns=columns, lang=LANG)

# %% [markdown]
# The contributions and what is left over add up to the change of the rate, exactly. What is left
# over must lie within what disclosure noise can make (the tolerance); otherwise something is wrong
# with the figures.

# %%
whole = ["sex", "rate_start", "rate_end", "change_pp", "residual_pp", "tolerance_pp"]
ig.readable(year.data.drop_duplicates("sex"), columns=whole, lang=LANG)

# %% [markdown]
# ## The last two years
#
# A longer time shows what one year's ups and downs hide, and lets the population change more: over
# two years more people have arrived, left, turned 20 and turned 65.

# %%
two_years = ig.charts.status_waterfall(
    ig.status_changes(foreign_born, start=latest - 24, end=latest), lang=LANG
)
two_years

# %%
print(two_years.description.text)

# %%
ig.readable(two_years.data, columns=columns, lang=LANG)

# %%
ig.readable(two_years.data.drop_duplicates("sex"), columns=whole, lang=LANG)

# %% [markdown]
# ## The levels beside it
#
# Headcounts rise where a population grows, whatever becomes of its members. Three rates
# keep them honest: unemployment (arbetslöshet), employment (sysselsättningsgrad, of the whole
# population) and participation (arbetskraftsdeltagande). Where unemployment falls while employment
# stands still, fewer are looking for work, not more in it. The native-born stand beside, since the
# labour market of the place moves for everybody.

# %%
rates = ig.rates(bas.loc[bas["birth_region"] != "total"])
moments = rates.loc[(rates["sex"] != "total") & rates["period"].isin([latest - 24, latest])]
ig.readable(
    moments.sort_values(["birth_region", "sex", "period"], ascending=[False, False, True]),
    columns=[
        *("birth_region", "sex", "period"),
        *("unemployment_rate", "employment_rate", "participation_rate", "population"),
    ],
    lang=LANG,
)

# %% [markdown]
# ## What may be said, and what may not
#
# The figures are two headcounts of whoever lived in the place at the time. They are net.
#
# This may be said:
#
# - "Antalet arbetslösa minskade netto med N, och antalet sysselsatta ökade netto med M."
# - "Befolkningen i åldern ökade med N." In a larger population there can be more unemployed and
#   more employed at the same time.
# - "Sysselsättningsgraden ökade samtidigt, från A till B procent."
# - "Antalet arbetslösa är i stort sett oförändrat", where the text above says so.
#
# This may not:
#
# - "N arbetslösa fick arbete." Nobody knows here which persons moved between which statuses; some
#   of the employed have just moved in.
# - "De nya invånarna är arbetslösa." The status of those who arrived is not known here.
# - "Insatserna minskade arbetslösheten." Nothing here says why; see `07_programme_results`.
# - A difference of a few persons as a change: disclosure noise alone can make it.
#
# How many went from one status to another (flöden) can only be counted on individuals, and is not
# in this table.
#
# ## What this does not show
#
# - Not *why* anything changed, and not who: a person who moved out and one who moved in may both
#   be among the changes.
# - Not what the jobs are: neither hours nor pay are known here.
# - Not the time between the two months, nor other months: the answer may differ with another end.
# - The figures are preliminary and will be revised. Known breaks that concern a status stand in
#   the table's last column.
