"""The symbols that stand in, or beside, a cube's figures."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from integstats.errors import SchemaError


class Symbols(Mapping[int, str]):
    """Symbols of the cells that have one, by flat row-major position.

    Reads as a mapping from position to symbol that holds only the marked cells, and stores one
    small integer per cell, so that a table of symbols costs no more than a table of numbers.

    Attributes
    ----------
    codes
        One integer per cell: 0 where there is no symbol, n for ``symbols[n - 1]``.
    symbols
        The distinct symbols.

    Examples
    --------
    >>> marks = Symbols.at(4, [3, 1], ["..", "."])
    >>> dict(marks), marks.codes
    ({1: '.', 3: '..'}, array([0, 2, 0, 1], dtype=int8))
    """

    __slots__ = ("codes", "symbols")

    def __init__(self, codes: npt.NDArray[Any], symbols: Sequence[str]) -> None:
        self.codes: npt.NDArray[Any] = codes.reshape(-1)
        self.symbols = tuple(symbols)

    @classmethod
    def at(cls, size: int, positions: npt.ArrayLike, symbols: Collection[str]) -> Symbols:
        """Return the symbols of a cube of `size` cells that stand at these positions.

        Raises
        ------
        SchemaError
            A position is not one of the cube's cells.
        """
        distinct = tuple(dict.fromkeys(symbols))
        if not distinct:
            return cls(np.broadcast_to(np.int8(0), size), ())
        where = np.asarray(positions, dtype=np.int64)
        outside = where[(where < 0) | (where >= size)]
        if outside.size:
            raise SchemaError(f"A symbol stands at cell {outside[0]} of a cube of {size} cells.")
        number = {symbol: n for n, symbol in enumerate(distinct, start=1)}
        codes = np.zeros(size, dtype=np.min_scalar_type(-len(distinct) - 1))
        codes[where] = [number[symbol] for symbol in symbols]
        return cls(codes, distinct)

    def __getitem__(self, position: int) -> str:
        if not 0 <= position < len(self.codes) or not self.codes[position]:
            raise KeyError(position)
        return self.symbols[int(self.codes[position]) - 1]

    def __iter__(self) -> Iterator[int]:
        return iter(np.flatnonzero(self.codes).tolist() if self.symbols else ())

    def __len__(self) -> int:
        return int(np.count_nonzero(self.codes)) if self.symbols else 0

    def __repr__(self) -> str:
        return f"Symbols({len(self)} of {len(self.codes)} cells: {', '.join(self.symbols)})"
