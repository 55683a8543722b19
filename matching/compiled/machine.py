"""Loops as machine code (numba), kept beside the sources so that they are made once; and which bit of a word is the lowest."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

Loop = TypeVar("Loop", bound=Callable[..., Any])

_NEVER_ZERO = ir.Constant(ir.IntType(1), 1)


def compiled(loop: Loop) -> Loop:
    """The loop compiled at its first call; it lets go of the interpreter while it runs."""
    try:
        made = numba.njit(nogil=True, cache=True)(loop)
    except RuntimeError:
        # There is no folder to keep it in: it is made anew in each process.
        made = numba.njit(nogil=True)(loop)
    return cast(Loop, made)


@intrinsic
def _lowest_bit(_context: Any, bits: Any) -> Any:
    def instruction(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        number = builder.cttz(arguments[0], _NEVER_ZERO)
        return number if bits.bitwidth == 64 else builder.zext(number, context.get_value_type(types.int64))

    return types.int64(bits), instruction


lowest_bit = cast(Callable[[Any], int], _lowest_bit)
"""Number of the lowest bit that is set in a word that is not 0; for compiled loops only."""
