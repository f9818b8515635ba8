"""The labels of a workbook's rows, and what the catalogue says they mean.

Nothing is guessed: a label that was not foreseen stops the reading, for a group of countries taken
for another would be counted among the wrong ones.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from integstats.catalogue import Dataset, KeyVariable, workbooks
from integstats.errors import SchemaError

Codes: TypeAlias = npt.NDArray[np.signedinteger[Any]]
NATIVE_BORN, UNKNOWN = "native_born", "unknown"


def labels(column: pd.Series) -> tuple[Codes, list[str]]:
    """Return the codes and the labels of a column; the last one, of missing cells, is empty."""
    texts = [*map(str, column.array.categories), ""]
    codes = column.array.codes.astype(np.int32)
    return np.where(codes < 0, np.int32(len(texts) - 1), codes), texts


def words(
    frame: pd.DataFrame, dataset: Dataset, layout: workbooks.Layout, name: str
) -> tuple[Codes, tuple[str, ...]]:
    """Return the codes of a key's rows, and our word for each: a group abroad keeps its label.

    Raises
    ------
    SchemaError
        When a label is one that the catalogue does not know, or none is Sweden's, so that nothing
        says that the others are abroad.
    """
    key = dataset.keys[name]
    codes, texts = labels(frame[key.variable])
    found: list[str] = []
    place = np.full(len(texts), -1, dtype=np.int16)
    for at in np.flatnonzero(np.bincount(codes, minlength=len(texts))).tolist():
        word = _word(" ".join(texts[at].split()), key, dataset, layout.abroad)
        if word not in found:
            found.append(word)
        place[at] = found.index(word)
    if name == "birth_region" and NATIVE_BORN not in found:
        raise SchemaError(
            f"The column {key.variable} of {dataset.id} has no label for {NATIVE_BORN}, expected "
            f"{_pattern(key.codes[NATIVE_BORN])}; it has: {', '.join(map(repr, texts[:-1]))}. "
            f"{_unseen(dataset)}"
        )
    return place[codes], tuple(found)


def _word(label: str, key: KeyVariable, dataset: Dataset, abroad: Sequence[str]) -> str:
    folded = label.casefold()
    for word, code in key.codes.items():
        if re.search(_pattern(code), folded):
            return word
    if key.key == "birth_region" and any(
        re.match(rf"{one}\b(?!.*\binkl)", folded) for one in abroad
    ):
        return label
    known = [f"{_pattern(code)} ({word})" for word, code in key.codes.items()]
    if key.key == "birth_region" and abroad:
        known.append(f"groups of countries that begin with {', '.join(abroad)}")
    raise SchemaError(
        f"The column {key.variable} of {dataset.id} has {label!r}, which the catalogue does not "
        f"know; expected {'; '.join(known)}. {_unseen(dataset)}"
    )


def _pattern(code: str) -> str:
    return code.removeprefix("label:")


def _unseen(dataset: Dataset) -> str:
    return (
        "The labels were written down before any original file was seen: look up in the workbook "
        f"what it stands for and add it to {dataset.id} in the catalogue (workbooks.toml, "
        "datasets_arbetsformedlingen.toml); until then nothing of the file is used."
    )
