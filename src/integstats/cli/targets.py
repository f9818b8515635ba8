"""The command that follows all targets of a file, and the file to begin with."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd

from integstats import catalogue, loading
from integstats.catalogue import is_own
from integstats.cli import output
from integstats.cli.selection import meant
from integstats.errors import IntegstatsError, OutputError, TargetError, UsageError
from integstats.store import atomic_write
from integstats.targets.ranks import RankPosition, rank
from integstats.targets.target import Target
from integstats.targets.target_file import WrittenTarget, read_targets
from integstats.targets.track import Track, track
from integstats.targets.verdict import Status
from integstats.wording import quantities
from integstats.wording.reading_sentences import by_chance
from integstats.wording.track_values import DECIMALS
from integstats.wording.verdict_sentences import verdict_line
from integstats.wording.verdict_symbols import NOT_FOLLOWED, SYMBOLS

DEFAULT_FILE = "targets.toml"
EXAMPLES, TEMPLATE = "targets.toml", "new_targets.toml"
COUNTRY = "00"
TESTED: tuple[Status, ...] = (
    "worse",
    "no_certain_change",
    "ahead",
    "not_distinct",
    "behind",
    "far_behind",
)
"""The verdicts that rest on whether a change is certain."""
WORDS: Mapping[str, tuple[str, str]] = {
    "target": ("mål", "target"),
    "place": ("plats", "place"),
    "verdict": ("bedömning", "verdict"),
    "now": ("nu", "now"),
    "goal": ("målnivå", "target level"),
    "deadline": ("måldatum", "deadline"),
    "missing": ("Ofullständigt. Saknas: {}.", "Incomplete. Left out: {}."),
    "own": (
        "Följs inte: egna uppgifter ({}) som inte är lagrade här.",
        "Not followed: own figures ({}) that are not stored here.",
    ),
    "says": ("Texten säger: ”{}”", "The text says: “{}”"),
    "open": ("Öppet: {}", "Left open: {}"),
    "examples": (
        "Ingen targets.toml här: exemplen visas. Egna mål: integstats target --new targets.toml",
        "No targets.toml here: the examples are shown. Your own: integstats target --new "
        "targets.toml",
    ),
}


@dataclass(frozen=True)
class Followed:
    """One entry of the file and what became of it; `error` is why it could not be followed."""

    written: WrittenTarget
    track: Track | None = None
    position: RankPosition | None = None
    error: IntegstatsError | None = None


def run(options: argparse.Namespace) -> int:
    """List, check and follow the targets of a file.

    Returns 7 when an entry is wrong, 3 when figures have to be fetched; a target that is merely
    incomplete, or rests on own figures that are not here, is no error, and neither is anything in
    the shipped examples.
    """
    text, shipped = text_of(options.file)
    written = [one for one in read_targets(text) if _concerns(one, options)]
    if not written and options.places:
        raise TargetError(
            f"No target of the file concerns {', '.join(options.places)}. "
            "Without --place all are listed."
        )
    if shipped and not options.quiet:
        print(_word("examples", options), file=sys.stderr)
    found = _follow(written, options)
    if options.json:
        output.print_json([_record(one) for one in found])
    elif not options.quiet:
        _print(found, options)
    if shipped:
        return 0
    if any(one.written.problem for one in found):
        return TargetError.exit_code
    return max((one.error.exit_code for one in found if one.error is not None), default=0)


def new(path: str) -> int:
    """Print the file to fill in, or write it; an existing file is never overwritten."""
    text = _package_text(TEMPLATE)
    if path == "-":
        sys.stdout.write(text)
        return 0
    if Path(path).exists():
        raise OutputError(f"{path} is there already and is left as it is. Name another file.")
    atomic_write(Path(path), text.encode("utf-8"))
    return 0


def text_of(file: str | None) -> tuple[str, bool]:
    """Return the text of the file, and whether it is that of the shipped examples."""
    path = Path(file or DEFAULT_FILE)
    if file is None and not path.exists():
        return _package_text(EXAMPLES), True
    try:
        return path.read_text(encoding="utf-8-sig"), False
    except FileNotFoundError:
        raise UsageError(
            f"There is no file {path}. Make one to fill in: integstats target --new {path}"
        ) from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not written as UTF-8. Save it as UTF-8.") from None


def _package_text(name: str) -> str:
    return files("integstats.catalogue").joinpath(name).read_text(encoding="utf-8")


def _concerns(one: WrittenTarget, options: argparse.Namespace) -> bool:
    if not options.places:
        return True
    if one.target is None:
        return False
    wanted = {place.key for place in meant(options.places, quiet=True)}
    return bool(wanted & {*one.target.places, *one.target.members})


def _follow(written: Sequence[WrittenTarget], options: argparse.Namespace) -> list[Followed]:
    stored = [
        one.target for one in written if one.target is not None and not is_own(one.target.dataset)
    ]
    tables = {
        name: _figures(name, [one for one in stored if one.dataset == name], options)
        for name in dict.fromkeys(one.dataset for one in stored)
    }
    return [_followed(one, tables, options) for one in written]


def _figures(
    dataset: str, targets: Sequence[Target], options: argparse.Namespace
) -> pd.DataFrame | IntegstatsError:
    """Load once what all targets of a dataset need and what is stored of it."""
    have = loading.stored_places(dataset, data_dir=options.data_dir)
    wanted = [COUNTRY, *(code for one in targets for code in one.members)]
    if any(one.kind == "rank" for one in targets):
        wanted += sorted(have)
    known = [code for code in dict.fromkeys(wanted) if code in have] or wanted
    try:
        return loading.load(dataset, places=known, data_dir=options.data_dir)
    except IntegstatsError as error:
        return error


def _followed(
    one: WrittenTarget,
    tables: Mapping[str, pd.DataFrame | IntegstatsError],
    options: argparse.Namespace,
) -> Followed:
    table = None if one.target is None else tables.get(one.target.dataset)
    if one.target is None or table is None:
        return Followed(one)
    if isinstance(table, IntegstatsError):
        return Followed(one, error=table)
    try:
        if one.target.kind == "rank":
            return Followed(one, position=rank(one.target, table))
        sources = loading.sources(table, data_dir=options.data_dir)
        return Followed(one, track=track(one.target, table, sources=sources))
    except IntegstatsError as error:
        return Followed(one, error=error)


def _record(one: Followed) -> dict[str, Any]:
    written = one.written
    found: dict[str, Any] = {
        "name": written.name,
        "status": one.track.verdict.status if one.track else None,
        "missing": written.missing,
        "problem": written.problem or (str(one.error) if one.error else ""),
        "says": written.says,
        "said_by": written.said_by,
        "said_on": written.said_on,
        "left_open": written.left_open,
    }
    if one.track:
        found["facts"] = one.track.facts()
    if one.position:
        fields = ("period", "goal", "rank", "rank_low", "rank_high", "ranked")
        found["position"] = {name: getattr(one.position, name) for name in fields}
    return found


def _print(found: Sequence[Followed], options: argparse.Namespace) -> None:
    columns = ("target", "place", "verdict", "now", "goal", "deadline")
    rows = [["", *(_word(name, options) for name in columns)], *(_row(f, options) for f in found)]
    frame = pd.DataFrame(rows[1:], columns=range(len(rows[0])))
    output.print_table(frame.set_axis(rows[0], axis=1))
    judged = [one.track for one in found if one.track and one.track.verdict.status in TESTED]
    chance = by_chance(len(judged), lang=options.lang)
    if chance:
        print(chance.text)
    for one in found:
        lines = _details(one, options)
        if lines:
            print(f"\n{one.written.name}")
            for line in lines:
                print(f"  {line}")


def _row(one: Followed, options: argparse.Namespace) -> list[str]:
    target = one.written.target
    where = (
        ""
        if target is None
        else ", ".join(catalogue.place_label(place, options.lang) for place in target.places)
    )
    name = one.written.name
    if one.track is None:
        deadline = "" if target is None else target.deadline
        return [NOT_FOLLOWED if one.position is None else "#", name, where, "", "", "", deadline]
    found = one.track
    levels = [
        ""
        if value != value
        else quantities.level(value, found.unit, DECIMALS[found.unit], options.lang, sign=True)
        for value in (found.latest.value, found.goal)
    ]
    word = verdict_line(found, lang=options.lang).text
    return [SYMBOLS[found.verdict.status], name, where, word, *levels, found.target.deadline]


def _details(one: Followed, options: argparse.Namespace) -> list[str]:
    written = one.written
    lines = []
    if written.says:
        who = ", ".join(filter(None, (written.said_by, written.said_on)))
        lines.append(_word("says", options).format(written.says) + (f" ({who})" if who else ""))
    if written.missing:
        lines.append(_word("missing", options).format(", ".join(written.missing)))
    if written.problem or one.error is not None:
        lines.append(written.problem or str(one.error))
    if one.position is not None:
        lines.append(one.position.sentence(options.lang))
    if written.target is not None and is_own(written.target.dataset):
        lines.append(_word("own", options).format(written.target.dataset))
    lines += [_word("open", options).format(point) for point in written.left_open]
    if written.target is not None:
        lines += [
            f"{made.field} = {made.value}: {made.reason(options.lang)}"
            for made in written.target.assumptions
        ]
    return lines


def _word(name: str, options: argparse.Namespace) -> str:
    return WORDS[name][0 if options.lang == "sv" else 1]
