"""INVENTED figures by length of stay, education and age: a model with a seed, not statistics.

No published figures of this shape are embedded, so that charts and notebooks on length of stay
use these. The places do not exist, the dataset id says ``synthetic``, and no parameter was
estimated from real data. They were chosen so that what the field knows in outline holds:
employment is higher with longer stay, with longer education and in the middle of working life;
the difference between women and men is largest shortly after immigration; native-born are
employed to a larger share than foreign-born of the same education and age; the foreign-born are
younger, and more of them have short education.

The model, for each place, year, sex, birth region, education, age and (foreign-born) length of
stay:

- persons are Poisson with mean ``PERSONS[birth region] × size of the place × growth ×
  share of stay × share of education × share of age``; the share of education depends on the birth
  region, the share of age on the birth region and the stay;
- the employed are binomial of the persons, the logit of the share being the sum of ``LEVEL``,
  ``WOMEN`` (by stay), ``STAY``, ``EDUCATION``, ``AGE``, ``YEAR`` a year and an effect of the
  place;
- the unemployed are binomial of those not employed, with the share ``SEEKING`` by birth region.

Every total (``total``, ``20-64``) is the sum of its parts, so that shares can be decomposed
exactly. Each place has a stream of random numbers of its own: another place changes nothing.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from itertools import product

import numpy as np
import pandas as pd

DATASET = "synthetic-stay"
VINTAGE = "2026-01-01.00000000"
YEARS = range(2019, 2025)
COUNTS = ("employed", "unemployed", "labour_force", "population")
STAYS = ("0-1", "2-3", "4-9", "10-")
EDUCATIONS = ("pre_upper_secondary", "upper_secondary", "post_secondary")
AGES = ("20-34", "35-49", "50-64")

PERSONS = {"foreign_born": 4_000, "native_born": 14_000}
"""Women, and as many men, aged 20-64 in a place of size 1 in the first year."""
GROWTH = {"foreign_born": 0.03, "native_born": 0.002}
SHARE_OF_STAY = (0.09, 0.10, 0.27, 0.54)
SHARE_OF_EDUCATION = {
    "foreign_born": (0.30, 0.34, 0.36),
    "native_born": (0.09, 0.47, 0.44),
}
SHARE_OF_AGE = {
    "0-1": (0.66, 0.28, 0.06),
    "2-3": (0.58, 0.34, 0.08),
    "4-9": (0.44, 0.41, 0.15),
    "10-": (0.24, 0.38, 0.38),
    "total": (0.35, 0.32, 0.33),
}
"""By length of stay; ``total`` is the native-born, who have none."""
LEVEL = {"foreign_born": 1.25, "native_born": 1.75}
STAY = {"0-1": -1.65, "2-3": -1.00, "4-9": -0.30, "10-": 0.0, "total": 0.0}
WOMEN = {"0-1": -0.80, "2-3": -0.60, "4-9": -0.35, "10-": -0.20, "total": -0.05}
EDUCATION = (-0.95, 0.0, 0.45)
AGE = (-0.10, 0.25, -0.15)
YEAR = 0.03
SEEKING = {"foreign_born": 0.42, "native_born": 0.20}


def table(
    places: Sequence[str] = ("Exempelkommun A", "Exempelkommun B"), *, seed: int = 20_241_231
) -> pd.DataFrame:
    """Return the one table of invented counts.

    Parameters
    ----------
    places
        Names of places that do not exist; each gets a size and an effect of its own.
    seed
        Another seed gives other figures of the same model.

    Returns
    -------
    pandas.DataFrame
        One row per place × year × sex (``women``, ``men``, ``total``) × birth region × age
        (``AGES``, ``20-64``) × ``education`` (``EDUCATIONS``, ``total``) × ``length_of_stay``
        (``STAYS``, ``total``; the native-born only ``total``), with the counts ``employed``,
        ``unemployed``, ``labour_force`` and ``population`` (persons) and ``status``. Totals stand
        beside their parts: select one of them before anything is summed.

    Examples
    --------
    >>> found = table(("Exempelkommun A",))
    >>> one = found[(found["sex"] == "women") & (found["education"] == "total")
    ...             & (found["age"] == "20-64") & (found["period"] == "2024")
    ...             & (found["birth_region"] == "foreign_born")].set_index("length_of_stay")
    >>> (one["employed"] / one["population"]).round(2).to_dict()
    {'0-1': 0.32, '2-3': 0.47, '4-9': 0.69, '10-': 0.77, 'total': 0.68}
    """
    cells = pd.concat([_cells(place, seed) for place in places], ignore_index=True)
    keys = [name for name in cells.columns if name not in COUNTS]
    for key, total in (
        ("sex", "total"),
        ("age", "20-64"),
        ("education", "total"),
        ("length_of_stay", "total"),
    ):
        parts = cells[(cells[key] != total).to_numpy()]
        sums = parts.assign(**{key: total}).groupby(keys, sort=False, as_index=False)
        cells = pd.concat([cells, sums[list(COUNTS)].sum()], ignore_index=True)
    whole = cells.assign(dataset=DATASET, vintage=VINTAGE, status="final")
    order = ["dataset", "vintage", "place", "period", "sex", "birth_region", "age"]
    whole = whole[[*order, "education", "length_of_stay", *COUNTS, "status"]]
    categories = [name for name in whole.columns if name not in (*COUNTS, "period")]
    return whole.astype(dict.fromkeys(categories, "category"))


def _cells(place: str, seed: int) -> pd.DataFrame:
    """The smallest cells of one place: one row per combination of keys, without any total."""
    random = np.random.default_rng([seed, zlib.crc32(place.encode())])
    size, effect = random.uniform(0.7, 1.6), random.normal(0.0, 0.12)
    keys = [
        (year, sex, birth, education, age, stay)
        for year, sex, birth in product(YEARS, ("women", "men"), PERSONS)
        for education, age in product(range(len(EDUCATIONS)), range(len(AGES)))
        for stay in (STAYS if birth == "foreign_born" else ("total",))
    ]
    mean, logit, seeking = (np.array(one) for one in zip(*map(_parameters, keys), strict=True))
    population = random.poisson(mean * size)
    employed = random.binomial(population, 1 / (1 + np.exp(-(logit + effect))))
    unemployed = random.binomial(population - employed, seeking)
    years, sexes, births, educations, ages, stays = zip(*keys, strict=True)
    return pd.DataFrame(
        {
            "place": place,
            "period": pd.PeriodIndex([str(year) for year in years], freq="Y"),
            "sex": sexes,
            "birth_region": births,
            "age": [AGES[one] for one in ages],
            "education": [EDUCATIONS[one] for one in educations],
            "length_of_stay": stays,
            "employed": employed.astype(float),
            "unemployed": unemployed.astype(float),
            "labour_force": (employed + unemployed).astype(float),
            "population": population.astype(float),
        }
    )


def _parameters(key: tuple[int, str, str, int, int, str]) -> tuple[float, float, float]:
    """Mean number of persons, logit of the employed, and share of the rest who seek work."""
    year, sex, birth, education, age, stay = key
    after = year - YEARS[0]
    share = SHARE_OF_STAY[STAYS.index(stay)] if stay in STAYS else 1.0
    persons = PERSONS[birth] * (1 + GROWTH[birth]) ** after * share
    persons *= SHARE_OF_EDUCATION[birth][education] * SHARE_OF_AGE[stay][age]
    logit = LEVEL[birth] + STAY[stay] + EDUCATION[education] + AGE[age] + YEAR * after
    return persons, logit + WOMEN[stay] * (sex == "women"), SEEKING[birth]
