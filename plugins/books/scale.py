"""Which amounts get a line in a drawing: the round ones, a few of them."""

from collections.abc import Iterator

_ROUND = (1, 2, 5)


def step(span: int, most: int) -> int:
    """The smallest round number of minor units of which ``span`` holds no more than ``most``."""
    power = 1
    while True:
        for one in _ROUND:
            if one * power * most >= span:
                return one * power
        power *= 10


def ticks(lowest: int, highest: int, most: int) -> Iterator[int]:
    """The round amounts between two, the lowest first; zero is among them if it lies there."""
    wide = step(highest - lowest, most)
    yield from range(-(-lowest // wide) * wide, highest + 1, wide)
