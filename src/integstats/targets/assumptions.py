"""What the text of a target leaves open, and how it is filled from the catalogue."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from integstats import catalogue
from integstats.catalogue import Language, is_own, workbooks
from integstats.errors import TargetError, UnknownCodeError
from integstats.targets.requirements import (
    READINGS,
    frequency,
    known_better,
    require_measure,
)

REASONS = {
    "dataset": (
        "Ingen källa angiven: den första i katalogen som har måttet.",
        "No source given: the first in the catalogue that has the measure.",
    ),
    "sex": (
        "Inget kön angivet: kvinnor och män tillsammans.",
        "No sex given: women and men together.",
    ),
    "birth_region": (
        "Ingen födelseregion angiven: alla, och för ett gap utrikes födda.",
        "No region of birth given: everybody, and for a gap the foreign-born.",
    ),
    "age": (
        "Ingen ålder angiven: källans vanliga åldersspann.",
        "No age given: the usual span of the source.",
    ),
    "reading": (
        "Inte angivet hur serien läses av: källans hela år räknas, så att säsongen inte stör.",
        "Not said how the series is read: over whole years, so that the season does not disturb.",
    ),
    "path": (
        "Ingen väg till målet angiven: lika stor förändring varje period.",
        "No path to the target given: the same change in every period.",
    ),
    "comparator": (
        "Ingen jämförelsegrupp angiven: inrikes födda av samma kön.",
        "No comparator given: the native-born of the same sex.",
    ),
}
"""Why each field is filled as it is, in Swedish and English."""
_REQUIRED = ("kind", "measure", "places", "amount", "baseline", "deadline")


@dataclass(frozen=True)
class Assumption:
    """One field that the author left open: its value, and why that one."""

    field: str
    value: str
    reason_sv: str
    reason_en: str

    def reason(self, lang: Language = "sv") -> str:
        """Why it was filled so, in Swedish or English."""
        return self.reason_sv if lang == "sv" else self.reason_en

    def sentence(self, lang: Language = "sv") -> str:
        """Say the field, what it was filled with and why, in Swedish or English."""
        from integstats.wording.footer_sentences import assumption_text

        return assumption_text(self, lang=lang).text


def assumption(field: str, value: object) -> Assumption:
    """Return the assumption about one field of a target."""
    if field not in REASONS:
        raise TargetError(
            f"The field {field!r} of a target is never assumed. Fields that may be left out: "
            f"{', '.join(REASONS)}."
        )
    return Assumption(field, str(value), *REASONS[field])


def fill(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return all fields of a target; what is left out is filled and named in ``assumed``.

    Raises
    ------
    TargetError
        When a field is left out that nobody else can fill.
    UnknownCodeError
        When the dataset or a place does not exist, or no dataset has the measure.
    """
    values = {name: value for name, value in given.items() if value not in (None, "", (), [])}
    missing = [name for name in _REQUIRED if name not in values]
    if missing:
        raise TargetError(
            f"A target needs {', '.join(missing)}; got: {', '.join(values) or 'nothing'}."
        )
    for name in ("baseline", "deadline", "decided_on"):
        if isinstance(values.get(name), date | int):
            values[name] = str(values[name])
    places = values["places"]
    values["places"] = (places,) if isinstance(places, str) else tuple(places)
    if "dataset" not in values:
        values["dataset"] = _dataset_of(values["measure"])
    require_measure(values["dataset"], values["measure"])
    # A comparator that is named but empty still says that the target is about a gap.
    has_gap = values["kind"] in ("gap_pp", "ratio") or "comparator" in given
    age = _usual_age(values["dataset"], values["deadline"])
    defaults = {
        "sex": "total",
        "birth_region": "foreign_born" if has_gap else "total",
        "age": age,
        "reading": READINGS[frequency(values["dataset"], values["baseline"])][0],
        "path": "linear",
    }
    if has_gap:
        defaults["comparator"] = "same_sex"
    if age is None and "age" not in values:
        raise TargetError(f"A target on {values['dataset']} must name its age, as age='20-64'.")
    listed = values.get("assumed", ())
    assumed = tuple(
        name
        for name in REASONS
        if name in {"dataset", *defaults} and (name in listed or given.get(name) in (None, ""))
    )
    values = {**defaults, **values}
    if "better" not in values:
        values["better"] = known_better(values["measure"], values["kind"], values.get("comparator"))
    if values["better"] is None:
        raise TargetError(
            f"Nothing says whether more or fewer of {values['measure']!r} is better: "
            "add better='up' or better='down'."
        )
    return {"id": _name(values), **values, "assumed": assumed}


def _dataset_of(measure: str) -> str:
    for one in catalogue.datasets().values():
        if measure in one.measures or measure in one.counts:
            return one.id
    catalogue.measure(measure)
    raise TargetError(f"No dataset in the catalogue has {measure!r}; name the dataset.")


def _usual_age(dataset: str, deadline: str) -> str | None:
    if is_own(dataset):
        return None
    return workbooks.age_at(dataset, catalogue.dataset(dataset).default_age, deadline)


def _name(values: Mapping[str, Any]) -> str:
    places = place_keys(values["places"], dataset=values["dataset"])
    first = catalogue.place_label(places[0])
    parts = [
        values["kind"],
        values["measure"],
        first if len(places) == 1 else f"{first} and {len(places) - 1} more",
        values["sex"],
        values["birth_region"],
        values["baseline"],
        values["deadline"],
    ]
    return re.sub(r"[^a-z0-9]+", "-", catalogue.fold(" ".join(parts)))


def place_keys(names: Sequence[str], *, dataset: str) -> tuple[str, ...]:
    """Return the keys of places, each once.

    Own and invented figures may have places that the catalogue does not know, and the places of
    other countries have a prefix (``dk:461``): these stay as they are written.
    """
    keys = []
    for name in names:
        prefix, colon, _ = name.partition(":")
        if colon and prefix != "group":
            keys.append(name)
            continue
        try:
            keys.append(catalogue.resolve(name).key)
        except UnknownCodeError:
            if not is_own(dataset):
                raise
            keys.append(name)
    if not keys:
        raise TargetError("A target needs at least one place.")
    return tuple(dict.fromkeys(keys))


def member_codes(keys: Sequence[str]) -> tuple[str, ...]:
    """Return the keys of places with each group replaced by its members."""
    found: dict[str, None] = {}
    for key in keys:
        known = key in catalogue.places() or key.startswith("group:")
        members = catalogue.place_or_group(key).members if known else (key,)
        found.update(dict.fromkeys(members))
    return tuple(found)
