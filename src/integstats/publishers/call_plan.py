"""The fewest calls that bring a selection of a table, when each may hold so many cells only."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from integstats.errors import SourceChangedError, UsageError
from integstats.publishers.table_meta import TableMeta


@dataclass(frozen=True, slots=True)
class Call:
    """One block of the selected cube.

    Attributes
    ----------
    selection
        The codes per variable, in the order of the cube.
    offset
        Where the block begins in the selected cube, per variable: the values of the answer,
        reshaped to :attr:`shape`, belong at ``cube[offset[0] : offset[0] + shape[0], …]``.
    """

    selection: Mapping[str, tuple[str, ...]]
    offset: tuple[int, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """How many codes per variable."""
        return tuple(len(codes) for codes in self.selection.values())

    @property
    def cells(self) -> int:
        """How many values the answer must have."""
        return math.prod(self.shape)


@dataclass(frozen=True, slots=True)
class Plan:
    """The calls that together bring a selection, each cell once, in the order of the cube.

    Attributes
    ----------
    table
        What was asked of.
    selection
        All codes per variable, expanded, each once, in the order of the cube.
    eliminated
        The variables that were left out: the publisher sums them out and the answer lacks them.
    calls
        The blocks. If only the first of the variables longer than one is split, their answers one
        after the other are the cube; else each belongs at its :attr:`Call.offset`.
    max_cells
        The limit per call.
    seconds
        The least time the publisher's rate limit allows for these calls (answers not counted).
    """

    table: TableMeta
    selection: Mapping[str, tuple[str, ...]]
    eliminated: tuple[str, ...]
    calls: tuple[Call, ...]
    max_cells: int
    seconds: float

    @property
    def shape(self) -> tuple[int, ...]:
        """How many codes per variable."""
        return tuple(len(codes) for codes in self.selection.values())

    @property
    def cells(self) -> int:
        """How many values all calls bring."""
        return math.prod(self.shape)

    @property
    def lower_bound(self) -> int:
        """The fewest calls that so many cells could come in, however they were divided."""
        return -(-self.cells // self.max_cells)


def plan_calls(
    table: TableMeta,
    selection: Mapping[str, Sequence[str]],
    *,
    max_cells: int,
    calls_per_window: int,
    window: float,
    pinned: bool = False,
) -> Plan:
    """Expand a selection to codes and divide it into the fewest calls.

    Nothing is left to the publisher's default selection: every variable is either selected here or
    one that may be left out.

    Parameters
    ----------
    table
        The metadata the codes are looked up in.
    selection
        Codes and expressions per variable, see :meth:`TableMeta.resolve`; a single text is one
        expression. Repeated codes are asked for once, and order does not matter.
    max_cells
        The most cells one call may hold.
    calls_per_window, window
        The rate limit: so many calls in so many seconds.
    pinned
        Whether the codes come from a catalogue, see :meth:`TableMeta.resolve`.

    Raises
    ------
    UnknownCodeError
        When the table lacks a variable or code (`SourceChangedError` if ``pinned``).
    UsageError
        When a variable that may not be left out is, no variable is selected at all, a variable is
        selected twice or with no code, or an expression cannot be read.
    """
    asked: dict[str, Sequence[str]] = {}
    for name, expressions in selection.items():
        code = table.variable(name, pinned=pinned).code
        if code in asked:
            raise UsageError(
                f"{code} of table {table.id} is selected twice, spelled in two ways. Name it once."
            )
        asked[code] = (expressions,) if isinstance(expressions, str) else expressions
    if not asked:
        raise UsageError(
            f"Nothing is selected of table {table.id}, and the publisher's default selection is "
            f"not the whole table. Select {', '.join(v.code for v in table.variables)}."
        )
    chosen: dict[str, tuple[str, ...]] = {}
    eliminated = []
    for variable in table.variables:
        if variable.code in asked:
            wanted = {
                code
                for expression in asked[variable.code]
                for code in table.resolve(variable.code, expression, pinned=pinned)
            }
            if not wanted:
                raise UsageError(
                    f"No code of {variable.code} is selected of table {table.id}. Name some, '*' "
                    "for all, or leave the variable out where that is allowed."
                )
            chosen[variable.code] = tuple(code for code in variable.codes if code in wanted)
        elif variable.elimination:
            eliminated.append(variable.code)
        else:
            raise _left_out(table, variable.code, variable.codes, pinned)
    calls = _blocks(chosen, best_grid([len(codes) for codes in chosen.values()], max_cells))
    return Plan(
        table=table,
        selection=chosen,
        eliminated=tuple(eliminated),
        calls=calls,
        max_cells=max_cells,
        seconds=(len(calls) - 1) // calls_per_window * window,
    )


def best_grid(sizes: Sequence[int], max_cells: int) -> tuple[int, ...]:
    """Return into how many pieces to cut each dimension so that the blocks are fewest.

    Exact: over all dimensions, the fewest blocks of which the largest holds at most ``max_cells``.
    Among the equally few, the one that cuts the fewest dimensions, and the earliest of those.

    What is left to decide after some dimensions depends only on how many cells the others may still
    hold, of which there are at most 2√max_cells different numbers; so each is decided once.

    Parameters
    ----------
    sizes
        The length of each dimension.
    max_cells
        The most cells of one block.

    Examples
    --------
    A limit of 150,000 cells, and 290 municipalities × 2 sexes × 2 birth regions × 78 months × 7
    contents:

    >>> best_grid([290, 2, 2, 7, 78], 150_000)
    (5, 1, 1, 1, 1)

    6,000,000 cells in 40 calls, the fewest possible, though neither dimension alone suffices:

    >>> import math
    >>> math.prod(best_grid([1, 2000, 3000], 150_000))
    40
    """
    if max_cells < 1:
        raise UsageError(f"No call can hold {max_cells} cells. Give a limit of at least 1.")
    decided: dict[tuple[int, int], tuple[int, int, tuple[int, ...]]] = {}

    def best(dimension: int, room: int) -> tuple[int, int, tuple[int, ...]]:
        """Blocks, dimensions cut, and minus the pieces of each: the least is the best."""
        if dimension == len(sizes):
            return 1, 0, ()
        if math.prod(sizes[dimension:]) <= room:
            return 1, 0, (-1,) * (len(sizes) - dimension)
        known = decided.get((dimension, room))
        if known is None:
            options = []
            for pieces, longest in _cuts(sizes[dimension]):
                if longest <= room:
                    blocks, cut, rest = best(dimension + 1, room // longest)
                    options.append((pieces * blocks, cut + (pieces > 1), (-pieces, *rest)))
            known = decided[dimension, room] = min(options)
        return known

    return tuple(-pieces for pieces in best(0, max_cells)[2])


def _cuts(size: int) -> list[tuple[int, int]]:
    """Return every (pieces, longest piece) where fewer pieces would make the longest longer."""
    cuts = []
    pieces = 1
    while pieces <= size:
        longest = -(-size // pieces)
        cuts.append((pieces, longest))
        if longest == 1:
            break
        pieces = -(-size // (longest - 1))
    return cuts


def _blocks(chosen: Mapping[str, tuple[str, ...]], grid: Sequence[int]) -> tuple[Call, ...]:
    starts = [
        [len(codes) * piece // pieces for piece in range(pieces + 1)]
        for codes, pieces in zip(chosen.values(), grid, strict=True)
    ]
    return tuple(
        Call(
            {
                code: codes[edges[piece] : edges[piece + 1]]
                for (code, codes), edges, piece in zip(chosen.items(), starts, block, strict=True)
            },
            tuple(edges[piece] for edges, piece in zip(starts, block, strict=True)),
        )
        for block in product(*(range(pieces) for pieces in grid))
    )


def _left_out(
    table: TableMeta, code: str, codes: Sequence[str], pinned: bool
) -> SourceChangedError | UsageError:
    message = (
        f"Table {table.id} needs a selection for {code}, which may not be left out. Give some of "
        f"its {len(codes)} codes ({', '.join(codes[:5])}{', …' if len(codes) > 5 else ''})."
    )
    return SourceChangedError(message) if pinned else UsageError(message)
