"""The command that holds the sentences of a published chart or report against today's figures."""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from integstats import loading
from integstats.catalogue import Language
from integstats.charts import target_path
from integstats.cli import output
from integstats.errors import RevisionWarning, SchemaError, UsageError
from integstats.reports.provenance import SCHEMA_VERSION
from integstats.targets.target import Target
from integstats.targets.track import track
from integstats.wording.claims import Claim, Text
from integstats.wording.sentences import read_text

COUNTRY = "00"
TARGET_CHART = "target_path"


def run(options: argparse.Namespace) -> int:
    """List the sentences that contradict their own claims, or that today's figures do not say.

    Warns where there are any, so that ``--strict`` returns 9.
    """
    record = _record(Path(options.check))
    charts = record["charts"]
    stored = _texts([record, *charts])
    found = [
        {"sentence": text.text, "today": "", "why": problem}
        for text in stored
        for problem in text.problems()
    ]
    followed = [one for one in charts if one["chart"] == TARGET_CHART]
    # The charts of targets stand in the order of the targets.
    for chart, target in zip(followed, record["targets"], strict=False):
        found += _outdated(_texts([chart]), _today(chart, target, record["language"], options))
    compared = bool(followed and record["targets"])
    sentences = sum(len(text.claims) for text in stored)
    if options.json:
        output.print_json({"sentences": sentences, "compared": compared, "no_longer": found})
    elif not options.quiet:
        for one in found:
            print(f"- {one['sentence']}")
            print(f"  {one['why']}{': ' + one['today'] if one['today'] else ''}")
        told = f"{len(found)} of {sentences} sentences no longer hold."
        if not compared:
            told += " No chart follows a target: only the file's own claims were checked."
        elif len(charts) > len(followed):
            told += " Today's figures were asked for the charts of targets only."
        print(told)
    if found:
        warnings.warn(
            f"{len(found)} of {sentences} sentences of {options.check} no longer hold; publish it "
            "anew.",
            RevisionWarning,
            stacklevel=1,
        )
    return 0


def _record(path: Path) -> dict[str, Any]:
    try:
        found = orjson.loads(path.read_bytes())
    except FileNotFoundError:
        raise UsageError(
            f"There is no file {path}. Name the .json beside a published chart."
        ) from None
    except orjson.JSONDecodeError as error:
        raise SchemaError(f"{path} is no JSON: {error}. Name the .json of a chart.") from None
    version = found.get("schema_version") if isinstance(found, dict) else None
    if version != SCHEMA_VERSION:
        raise SchemaError(
            f"{path} is not the provenance of a chart or report of this version (schema_version "
            f"{SCHEMA_VERSION}); got {version!r}. Name the .json beside a published chart, or "
            "publish it anew."
        )
    return dict(found)


def _texts(spoken: Sequence[dict[str, Any]]) -> list[Text]:
    return [read_text(text) for one in spoken for text in one.get("texts", ())]


def _today(
    chart: dict[str, Any], followed: dict[str, Any], lang: Language, options: argparse.Namespace
) -> tuple[Text, ...]:
    """Write the chart's texts anew, on the newest stored figures."""
    target = Target.from_dict(followed["target"])
    stored = loading.stored_places(target.dataset, data_dir=options.data_dir)
    extra = [COUNTRY] if COUNTRY in stored else []
    places = list(dict.fromkeys([*target.members, *extra]))
    table = loading.load(target.dataset, places=places, data_dir=options.data_dir)
    sources = loading.sources(table, data_dir=options.data_dir)
    return target_path(track(target, table, sources=sources), lang=lang, size=chart["size"]).texts


def _outdated(stored: Sequence[Text], today: Sequence[Text]) -> list[dict[str, str]]:
    """Return the stored sentences that today's texts do not have, word for word.

    Where the figures came from, and who processed them, is not compared.
    """
    now = [claim for text in today for claim in text.claims]
    lang = stored[0].lang if stored else "sv"
    said = {claim.render(lang) for claim in now}
    found: dict[str, dict[str, str]] = {}
    for text in stored:
        for claim in text.claims:
            if claim.predicate.id.startswith(("processing.", "source.")) or not claim.holds():
                continue
            sentence = claim.render(text.lang)
            if sentence not in said:
                found[sentence] = {"sentence": sentence, **_instead(claim, now, text)}
    return list(found.values())


def _instead(claim: Claim, now: Sequence[Claim], text: Text) -> dict[str, str]:
    for one in now:
        if one.predicate.id == claim.predicate.id:
            return {"today": one.render(text.lang), "why": "today's figures say"}
    return {"today": "", "why": "today's figures do not say so"}
