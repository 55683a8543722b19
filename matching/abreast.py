"""Work on many blocks with all cores: numpy lets go of the interpreter in long operations, so threads are enough.

What each block answers must hang on the block alone; then the answers are the same however many cores there are.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")

_MOST_HANDS = 4
"""Each hand holds a block's arrays in memory."""


def abreast(work: Callable[[Item], Answer], items: Iterable[Item]) -> Iterator[Answer]:
    """The answers in the order of the items, as `map` gives them; at most so many items are taken ahead as there are hands."""
    hands = min(_MOST_HANDS, len(os.sched_getaffinity(0)))
    if hands < 2:
        yield from map(work, items)
        return
    with ThreadPoolExecutor(hands) as pool:
        waiting: deque[Future[Answer]] = deque()
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > hands:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
