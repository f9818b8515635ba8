"""The invented figures beside notebook 05 are the model's, and its mapping reads them."""

from __future__ import annotations

from pathlib import Path

import invented_stay
import pandas as pd

import integstats as ig
from integstats import table as one_table

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
HEADERS = {
    "place": "Kommun",
    "period": "År",
    "sex": "Kön",
    "birth_region": "Födelseregion",
    "age": "Ålder",
    "education": "Utbildning",
    "length_of_stay": "Vistelsetid",
    "employed": "Sysselsatta",
    "unemployed": "Arbetslösa",
    "labour_force": "Arbetskraft",
    "population": "Befolkning",
}
WORDS = {
    "sex": {"women": "kvinnor", "men": "män"},
    "birth_region": {"foreign_born": "utrikes födda", "native_born": "inrikes födda"},
    "education": {
        "pre_upper_secondary": "förgymnasial",
        "upper_secondary": "gymnasial",
        "post_secondary": "eftergymnasial",
        "total": "samtliga",
    },
    "length_of_stay": {"total": "samtliga"},
}


def model() -> pd.DataFrame:
    """What the model gives for one place, women and men apart."""
    found = invented_stay.table(("Exempelkommun A",))
    return found[(found["sex"] != "total").to_numpy()]


def as_file(table: pd.DataFrame) -> str:
    """The file: write this to ``notebooks/synthetic_stay.csv`` when the model has changed."""
    rows = table[list(HEADERS)].astype(str).to_dict("records")
    lines = [
        ";".join(WORDS.get(key, {}).get(one, one.removesuffix(".0")) for key, one in row.items())
        for row in rows
    ]
    return "\n".join([";".join(HEADERS.values()), *lines, ""])


def test_the_file_is_what_the_model_gives() -> None:
    # Bytes, so that neither the encoding nor the ends of lines can differ.
    content = (FOLDER / "synthetic_stay.csv").read_bytes()
    assert content == as_file(model()).encode("utf-8")


def test_the_mapping_reads_every_figure_of_the_model() -> None:
    read = ig.own(FOLDER / "synthetic_stay.csv", mapping=FOLDER / "synthetic_stay.toml")
    one_table.check(read)
    assert read["dataset"].astype(str).unique().tolist() == ["own-synthetic-stay"]
    keys = [key for key in HEADERS if key not in invented_stay.COUNTS]
    counts = list(invented_stay.COUNTS)
    expected = model().astype(dict.fromkeys(keys, str)).set_index(keys)[counts].sort_index()
    got = read.astype(dict.fromkeys(keys, str)).set_index(keys)[counts]
    pd.testing.assert_frame_equal(got.loc[expected.index], expected)
    # Whatever else is there was summed from them.
    rest = got.drop(expected.index).reset_index()
    assert ((rest["sex"] == "total") | (rest["birth_region"] == "total")).all()


def test_nothing_in_the_file_can_be_taken_for_a_real_place() -> None:
    read = ig.own(FOLDER / "synthetic_stay.csv", mapping=FOLDER / "synthetic_stay.toml")
    [place] = read["place"].astype(str).unique()
    assert place == "Exempelkommun A"
    assert ig.places(place).empty
