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
# # How far ahead can unemployment be foreseen, and is the target within reach?
#
# A forecast (prognos) is worth what forecasts like it have been worth before. So they are made
# again from every month of the past, with only what was known then, and held against what came:
# that is the *backtest*. Its errors (prognosfel) make the intervals, and the probability that a
# target is reached.
#
# Two forecasts stand side by side throughout. *Seasonal naive* (säsongsnaiv): the last year repeats
# itself. *Seasonal level*: today's level stays, with the usual season. Where the second has not
# been better on this very series, the first is used.
#
# Set the place and the language and run all cells. The embedded snapshot has Sweden (`riket`), all
# 21 counties, Stockholm, Göteborg and Malmö; for any other place the cell that loads says which
# command fetches it.

# %% tags=["parameters"]
PLACE = "Malmö"
LANG = "sv"

# %%
SEX = "women"

# %%
import integstats as ig

bas = ig.load("scb-bas-month", places=[PLACE])
if bas["place"].nunique() > 1:
    bas = ig.pool(bas, PLACE)
latest = bas["period"].max()
rates = ig.rates(bas, "unemployment_rate")
group = rates.loc[(rates["sex"] == SEX) & (rates["birth_region"] == "foreign_born")]
unemployment = group.set_index("period")["unemployment_rate"]
for source in ig.sources(bas):
    print(source.dataset.register(LANG), source.dataset.table_id, source.updated, source.obtained)

# %% [markdown]
# ## What would have been said of the latest month?
#
# Two years, one year, six, three and one month before it, with only what was known then. Read as
# twelve-month means (tolvmånadersmedel), as targets are. The error (prognosfel) is the outcome
# minus the forecast. First seasonal level, then seasonal naive.

# %%
ahead = [1, 3, 6, 12, 24]
tried = ig.rolling_origin(unemployment, "seasonal_level", horizons=ahead, reading="mean_12m")
ig.readable(
    tried.loc[tried["period"] == latest],
    columns=["horizon", "period", "forecast", "actual", "error"],
    unit="share",
    lang=LANG,
)

# %%
naive = ig.rolling_origin(unemployment, "seasonal_naive", horizons=ahead, reading="mean_12m")
ig.readable(
    naive.loc[naive["period"] == latest],
    columns=["horizon", "period", "forecast", "actual", "error"],
    unit="share",
    lang=LANG,
)

# %% [markdown]
# ## The forecast, two years ahead
#
# The method, and why it was chosen; then the forecast with its intervals. The intervals are as wide
# as the errors made before, as far ahead. Where the 95 per cent interval is no wider than the 80
# per cent one, that one is the largest error ever made already; where it ends (`..`), fewer than
# four of the errors could be independent. Forecasts made every month share most of the months they
# foresee, so that thirty of them twelve months ahead are worth three or four.

# %%
found = ig.forecast(unemployment, horizon=24, reading="mean_12m")
print(found.method.replace("_", " "), "–", found.reason.replace("_", " "))

# %%
steps = [1, 3, 6, 9, 12, 18, 24]
ig.readable(
    found.frame.loc[found.frame["horizon"].isin(steps)],
    columns=[
        *("period", "horizon", "point", "low_80", "high_80", "low_95", "high_95"),
        *("naive", "errors"),
    ],
    unit="share",
    lang=LANG,
)

# %% [markdown]
# ## What such forecasts have been worth here
#
# The mean error in percentage points (procentenheter), and how often the 80 per cent interval given
# at the time held the outcome (täckning, coverage): it should be in 80 per cent of the cases. The
# bounds of the coverage count only forecasts that share no months. Where those are few, nobody
# knows what the intervals are worth, whatever the coverage says. First the method chosen, then
# seasonal naive.

# %%
scores = found.backtest.loc[found.backtest["horizon"].isin(steps)]
is_80 = scores["confidence"] == 0.8
in_words = {
    "columns": [
        *("horizon", "mae", "origins", "intervals", "coverage"),
        *("independent", "coverage_low", "coverage_high"),
    ],
    "unit": "share",
    "lang": LANG,
}
ig.readable(scores.loc[is_80 & (scores["method"] == found.method)], **in_words)

# %%
ig.readable(scores.loc[is_80 & (scores["method"] == "seasonal_naive")], **in_words)

# %% [markdown]
# The 95 per cent intervals of the method chosen, as far ahead as any could be checked.

# %%
checked = ~is_80 & (scores["method"] == found.method) & (scores["intervals"] > 0)
ig.readable(scores.loc[checked], **in_words)

# %% [markdown]
# ## How probable is it that the target is met?
#
# A *räkneexempel*: halved unemployment among foreign-born women (or men: `SEX`) from June 2024
# until nine months after the latest figures. The probability comes from the errors above, taken
# with both signs: that unemployment has mostly fallen is no reason for it to fall again.
#
# With few independent errors neither "never" nor "always" can be said. Where no past error is as
# large as the distance from the forecast to the target there is only a bound: "högst 18 procent"
# with not quite five independent errors, however far away the target is. It means "has never been
# seen", not "one chance in six".

# %%
common = {
    "places": [PLACE],
    "sex": SEX,
    "birth_region": "foreign_born",
    "baseline": "2024-06",
    "deadline": str(latest + 9),
}
halving = ig.Target.halve("unemployment_rate", **common)
track = ig.track(halving, bas)
outlook = ig.outlook(halving, bas)
print(outlook.sentence(LANG))

# %%
ig.charts.outlook(outlook, track, lang=LANG) if not outlook.reason else None

# %% [markdown]
# A tenth less instead of a half, for comparison. Where this says the same bound as the text above,
# no past error was large enough for either.

# %%
tenth = ig.Target.reduce("unemployment_rate", 0.1, **common)
nearer = ig.outlook(tenth, bas)
print(nearer.sentence(LANG))

# %%
ig.charts.outlook(nearer, ig.track(tenth, bas), lang=LANG) if not nearer.reason else None

# %% [markdown]
# And for any level: the bounds of how probable it is to be there, or lower, twelve months after the
# latest figures. The levels are today's, and 5, 10, 20 and 50 per cent less. Bounds that begin with
# 0 say that no past error was so large: "at most".

# %%
from integstats.wording import numbers

for share in (1, 0.95, 0.9, 0.8, 0.5):
    reached = ig.probability_reached(found, share * track.latest.value, period=latest + 12)
    print(
        numbers.period(reached.period, lang=LANG),
        numbers.percent(reached.level, lang=LANG).rjust(8),
        "→",
        numbers.percent_interval(reached.low, reached.high, decimals=0, lang=LANG),
        "%",
    )

# %% [markdown]
# ## How good such forecasts are elsewhere
#
# The history of one place is short. The same method was tried on 14 longer monthly series,
# registered unemployment (inskrivna arbetslösa) in Sweden and Linköping 2008–2026, cut to windows
# as long as this register's history. Twelve-month means, errors in percentage points
# (`docs/forecast-evaluation.md` has all of it):
#
# | months ahead | mean error | seasonal naive | held by the 80 % interval | by the 95 % interval |
# | ---: | ---: | ---: | ---: | ---: |
# | 1 | 0.01 | 0.05 | 81 % | 96 % |
# | 3 | 0.04 | 0.14 | 88 % | 95 % |
# | 6 | 0.11 | 0.28 | 89 % | 92 % |
# | 12 | 0.33 | 0.53 | 87 % | – |
# | 18 | 0.56 | 0.72 | 80 % | – |
# | 24 | 0.74 | 0.84 | 73 % | – |
#
# Two years ahead there is little between the two. More elaborate models (SARIMA) were worse than
# seasonal naive at that distance: a mean error of 2.08–2.36 percentage points against 1.68, on the
# single months of the foreign-born. The probabilities were cautious: of what was said to be 5–20
# per cent probable (11 on average), 4 per cent came true; of 80–95 per cent (89), 99 per cent.
#
# ## What this does not show
#
# - Not what will be done, decided or happen: the forecast knows nothing but the series. A crisis
#   such as that of 2020 is in its errors only if it is in its history.
# - Not certainty. Two years ahead the 80 per cent intervals have held 73 per cent of the outcomes,
#   and the 95 per cent ones, where the history was long enough for any, 83. Say so beside the
#   figure.
# - Known breaks that are only noted (the dotted line, tidsseriebrott) lie in the history and in
#   the errors. A break that blocks comparison cuts the series.
# - A low probability is no verdict on the target, and a high one is no credit to anybody.
# - The figures are preliminary: revisions move the last months by up to a few tenths of a
#   percentage point, about as much as the mean error half a year ahead.
