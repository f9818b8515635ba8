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
# # What can a programme's results bear?
#
# A programme (insats) reports that 16 of its 22 participants found a job. What may be said of
# that, alone, beside another programme, and beside the municipality's target? Three things decide:
# how few they were, what the source leaves open, and that nobody knows how many would have found a
# job anyway (ändå hade fått arbete) as long as there is no comparison group (jämförelsegrupp).
#
# Set the place and the language and run all cells. The place is the one whose target the programme
# is held against; the embedded snapshot has Sweden (`riket`), all 21 counties, Stockholm, Göteborg
# and Malmö, and for any other place the cell that loads says which command fetches it.

# %% tags=["parameters"]
PLACE = "Malmö"
LANG = "sv"

# %% [markdown]
# ## 16 of 22
#
# Lomma's programme M.I.N. The interval is Wilson's, made for small numbers: among so few, a few
# persons more or fewer by chance move the share by tens of percentage points. What the source does
# not say is printed; where it is known, add it: `who="…"`, `when="…"`, `counted="…"`.

# %%
import integstats as ig

lomma = ig.programmes.outcome(16, 22, name="Lomma M.I.N.")
print(lomma.sentence(LANG))

# %% [markdown]
# ## Beside another programme
#
# The second programme is invented (påhittad). Its two rounds are pooled, from their counts and
# never from their shares. It looks much worse; is it? The interval of the difference is Newcombe's.
# Even a difference that is established would not say which programme is better: who takes part in
# which is not left to chance.

# %%
rounds = [ig.programmes.outcome(4, 9), ig.programmes.outcome(6, 13)]
other = ig.programmes.pooled(rounds, name="Exempelinsats (påhittade tal)")
print(other.sentence(LANG))

# %%
ig.readable(
    ig.programmes.frame([lomma, other]),
    columns=[
        *("programme_name", "outcome_count", "outcome_participants"),
        *("outcome_share", "outcome_share_low", "outcome_share_high"),
    ],
    lang=LANG,
)

# %%
print(ig.programmes.compare(lomma, other).sentence(LANG))

# %% [markdown]
# ## Beside a target
#
# How many participants would a target take? The target is a *räkneexempel*: halved unemployment
# among foreign-born women from June 2024 until nine months after the latest figures
# (`02_halving_target` writes it down with care). Its text says how many fewer unemployed it asks
# for, net. The second text is a lower bound (undre gräns), never a plan: so many would do only if
# *none* of the participants would have found a job otherwise and every job lasts. How many more it
# takes is not known.

# %%
bas = ig.load("scb-bas-month", places=[PLACE, "riket"])
target = ig.Target.halve(
    "unemployment_rate",
    places=[PLACE],
    sex="women",
    birth_region="foreign_born",
    baseline="2024-06",
    deadline=str(bas["period"].max() + 9),
)
track = ig.track(target, bas)
print(track.summary(LANG))

# %%
if track.persons is not None and track.persons.target.lacking:
    needed = ig.programmes.participants_needed(lomma, track.persons.target.lacking)
    print(needed.sentence(LANG))

# %% [markdown]
# ## A target about an activity: Linköping's 500 places
#
# Linköping has said "500 utvecklingsplatser". It is a target about what the municipality does, not
# about who finds a job: it never stands beside unemployment as if the one measured the other. As it
# is told it cannot be followed. This is what is missing, and what else is left open:

# %%
from importlib.resources import files

examples = files("integstats.catalogue").joinpath("targets.toml").read_text(encoding="utf-8")
[linkoping] = [one for one in ig.read_targets(examples) if one.name.startswith("linkoping")]
print(f"{linkoping.said_by}: ”{linkoping.says}”")
print(linkoping.sentence(LANG))
for point in linkoping.left_open:
    print("-", point)

# %% [markdown]
# ## Following it in the municipality's own figures
#
# Numbers that the municipality keeps itself (egna uppgifter) are read from CSV or Excel where they
# lie. A small mapping says which column is what; it may also lie in a file (`docs/own-figures.md`).
# A file with personal identity numbers (personnummer) is refused.
#
# **The figures below are invented**, since Linköping's are not known here. An id with `synthetic`
# says so: the place may then be invented too ("Exempelkommun"), and everything drawn from them
# carries a watermark. With real figures: your own file and place, and an id that begins with `own-`
# and is without `synthetic`.

# %%
from pathlib import Path

file = Path("synthetic_utvecklingsplatser.csv")
file.write_text(
    "Kvartal;Platser\n"
    "2024Q4;120\n2025Q1;140\n2025Q2;163\n2025Q3;171\n2025Q4;220\n2026Q1;262\n2026Q2;322\n",
    encoding="utf-8",
)
places = ig.own(
    file,
    mapping={
        "id": "own-synthetic-utvecklingsplatser",
        "as_of": "2026-09-30",
        "keys": {"period": "Kvartal"},
        "constants": {"place": "Exempelkommun", "age": "20-64"},
        "counts": {"utvecklingsplatser": "Platser"},
    },
)

# %% [markdown]
# Baseline and deadline have to be decided before it can be followed; those here are examples, so it
# is a räkneexempel. `reading="quarter"` takes each quarter as it is.

# %%
five_hundred = ig.Target.add_count(
    "utvecklingsplatser",
    500,
    places=["Exempelkommun"],
    dataset="own-synthetic-utvecklingsplatser",
    age="20-64",
    better="up",
    baseline="2024Q4",
    deadline="2026Q4",
    reading="quarter",
)
activity = ig.track(five_hundred, places)
chart = ig.charts.target_path(activity, lang=LANG)
chart

# %%
print(activity.summary(LANG))

# %% [markdown]
# The figures of the chart (invented). The interval around a count of places says how much so many
# could vary by chance; where every place is decided by the municipality, it can be left out of the
# text.

# %%
outcome = chart.data.loc[chart.data["line"] == "outcome"]
ig.readable(outcome, columns=["place", "period", "value", "low", "high"], lang=LANG)

# %% [markdown]
# ## What this does not show
#
# - Not what a programme achieves. Without a comparison group no words that claim it may be used;
#   `ig.programmes.refuse_effect_words` refuses them in texts, Swedish and English.
# - Not whether the jobs last, what they are, or whether others lost them: the outcome is counted
#   once.
# - Not whether the same would come of 1 000 participants: those who come first are seldom like
#   those who come last.
# - A number of places says what was offered, not how many took part, and not how many found a job.
# - Invented figures are never published: `ig.publish` refuses them unless it is told to
#   (`allow_synthetic=True`).
