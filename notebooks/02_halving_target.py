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
# # Is the place on the way to its target?
#
# "Halve unemployment among foreign-born women" (halvera arbetslösheten bland utrikes födda kvinnor)
# is a sentence, not yet a target: it names no source, no ages, no baseline (utgångsläge), no
# deadline (måldatum) and no way of reading the figures. Here it becomes one that can be followed,
# and what had to be assumed is printed beside the verdict (bedömning).
#
# Set the place and the language, and below them the target, and run all cells. The embedded
# snapshot has Sweden (`riket`), all 21 counties, Stockholm, Göteborg and Malmö; for any other place
# the cell that loads says which command fetches it.

# %% tags=["parameters"]
PLACE = "Malmö"
LANG = "sv"

# %% [markdown]
# A target that nobody has decided is a *räkneexempel*, an illustrative example, and every chart and
# text says so. Who decided it, and when, is written here in `DECIDED_BY` ("kommunfullmäktige") and
# `DECIDED_ON` ("2024-06-19"): only with both is it treated as decided. An empty `DEADLINE` means
# nine months after the latest figures, so that some of the time is always still ahead.

# %%
SEX = "women"
BASELINE = "2024-06"
DEADLINE = ""
DECIDED_BY = ""
DECIDED_ON = ""
URL = ""

# %%
import integstats as ig

bas = ig.load("scb-bas-month", places=[PLACE, "riket"])
latest = bas["period"].max()
for source in ig.sources(bas):
    print(source.dataset.register(LANG), source.dataset.table_id, source.updated, source.obtained)

# %% [markdown]
# ## The sentence, and what it leaves open
#
# This is how a target stands in a file `targets.toml` (`integstats target --new` writes one with
# explanations in Swedish). As the sentence is usually put, two things are missing that only its
# author can fill: from when, and until when. "Within two years" (inom två år) does not say it
# either, as long as nobody says which month the two years begin with.

# %%
[written] = ig.read_targets(
    f"""
    [[target]]
    name = "halvering"
    source_text = "halvera arbetslösheten"
    measure = "unemployment_rate"
    kind = "relative_reduction"
    amount = 0.5
    places = ["{PLACE}"]
    birth_region = "foreign_born"
    sex = "{SEX}"
    """
)
print(written.sentence(LANG))

# %% [markdown]
# The same target, complete. The source, the ages, the way of reading and the path (målbana) may be
# left out; each is then filled with what is usual, and the line says what and why. To decide
# otherwise, give the argument: `age="16-64"`, `reading="same_month"`, `path="geometric"`.

# %%
common = {
    "places": [PLACE],
    "birth_region": "foreign_born",
    "baseline": BASELINE,
    "deadline": DEADLINE or str(latest + 9),
    "decided_by": DECIDED_BY,
    "decided_on": DECIDED_ON,
    "url": URL,
}
target = ig.Target.halve("unemployment_rate", sex=SEX, **common)
track = ig.track(target, bas)
for assumption in target.assumptions:
    print("-", assumption.sentence(LANG))

# %% [markdown]
# ## Before it is decided: has such a change been seen, and could it be seen?
#
# The *base rate* counts all windows as long as the target's, in the place, in its county and in
# every place stored: in how many was so large a change reached? The windows overlap, so their
# number is no probability; but a change that was never seen deserves a reason before it is
# promised.

# %%
everywhere = ig.load("scb-bas-month", vintage=str(bas["vintage"].iloc[0]))
before = ig.base_rate(target, everywhere)
ig.charts.base_rate(before, lang=LANG) if before.own.windows else None

# %%
print(before.sentence(LANG))

# %% [markdown]
# *Detectability* asks whether the place has enough people for the change to be told from chance:
# the smallest change that would show, and from when on the target can be judged. Where they are
# too few, several municipalities can share a target, or the period can be longer.

# %%
[shows] = ig.detectability(target, bas)
print(shows.sentence(LANG))

# %% [markdown]
# ## Where it stands
#
# The thick line is the twelve-month mean (tolvmånadersmedel) that is judged, the thin one the
# single months. The dashed line is the path that the verdict uses. Figures after the deadline
# never change the verdict.

# %%
ig.charts.target_path(track, lang=LANG)

# %% [markdown]
# The whole paragraph, for a decision paper. The persons are net: so many fewer must be unemployed
# if the labour force (arbetskraften) stays as large as it is.

# %%
print(track.summary(LANG))

# %% [markdown]
# ## Women, men, and both together
#
# The same target for each. What is decided for one of them is not decided for the others: those
# rows are räkneexempel.

# %%
undecided = {**common, "decided_by": "", "decided_on": ""}
groups = [
    track
    if sex == SEX
    else ig.track(ig.Target.halve("unemployment_rate", sex=sex, **undecided), bas)
    for sex in ("women", "men", "total")
]
ig.charts.target_table(groups, lang=LANG)

# %%
ig.readable(
    ig.charts.target_table(groups, lang=LANG).data,
    columns=["sex", "decided", "latest", "path", "goal", "n", "lacking", "verdict_note"],
    lang=LANG,
)

# %% [markdown]
# ## Does the verdict depend on how the target is read?
#
# Unemployment can be read as a rate (andel), as a headcount (antal) or as the gap to the
# native-born, by single months or over whole years. An author who has not said which may have meant
# any of them; the first row is the target's own. Where the verdict flips, decide on the reading
# before the next follow-up, not after. For a räkneexempel the words mean "om målet hade gällt"
# (had the target applied): say so wherever the table is pasted.

# %%
readings = ig.reading_table(target, bas)
ig.readable(
    readings.frame,
    columns=["followed", "reading", "baseline", "latest", "goal", "unit", "share_done", "status"],
    lang=LANG,
)

# %%
print(readings.sentence(LANG))

# %% [markdown]
# ## How probable is it that the target is met?
#
# Only while the deadline is ahead. The probability rests on the errors that such forecasts have
# made on this very series, and stands beside the simplest forecast there is: that the last year
# repeats itself. Where none of those errors is as large as the distance to the target, only a bound
# can be said ("högst 18 procent"), the same however far away the target is (`08_forecast` shows
# why, and how good forecasts have been). Two years ahead and more there are too few past errors,
# and no probability is stated.

# %%
outlook = ig.outlook(target, bas)
print(outlook.sentence(LANG))

# %%
ig.charts.outlook(outlook, track, lang=LANG) if not outlook.reason else None

# %% [markdown]
# ## What this does not show
#
# - Not *why* the figures moved, and nothing about what the place has done: people move, age and
#   change status, and the whole country's labour market moves with them (the grey line).
# - Not where the people went. Notebook `03_into_work_or_elsewhere` shows that.
# - Two readings are treated as if they were of different persons. The same persons recur, so the
#   verdict is more cautious than it need be.
# - Figures marked preliminary are revised by up to a few tenths of a percentage point, and a
#   verdict "med liten marginal" may change with them.
# - A räkneexempel is no commitment of anybody's. Fill in `DECIDED_BY` and `DECIDED_ON` only with a
#   body and a date that can be found in its minutes, and `URL` with where.
