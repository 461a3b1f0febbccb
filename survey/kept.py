"""What was made last stays at hand, up to so much of it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar

Made = TypeVar("Made")


class Kept:
    """`most`: how much may be held, in the measure of whoever puts it in; what nobody has asked for longest goes first.

    Two threads that ask for the same at once may both make it; neither waits for the other.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[Hashable, tuple[object, int]] = OrderedDict()
        self._weight = 0
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._held)

    @property
    def weight(self) -> int:
        return self._weight

    def get(self, key: Hashable, make: Callable[[], Made], weight: Callable[[Made], int]) -> Made:
        """What was made under this key, or made now. What weighs more than all that may be held is handed over and not kept."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key][0]  # type: ignore[return-value]
        made = make()
        weighs = weight(made)
        with self._lock:
            if key not in self._held and weighs <= self._most:
                self._held[key] = (made, weighs)
                self._weight += weighs
                while self._weight > self._most:
                    _key, (_gone, freed) = self._held.popitem(last=False)
                    self._weight -= freed
        return made
