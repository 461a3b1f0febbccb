"""What is made when it is first asked for: a command pays for the parts of the product it uses, and imports no other."""

from __future__ import annotations

from functools import cached_property
from threading import RLock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    once = cached_property
else:

    class once(cached_property):
        """As functools.cached_property, but made once whoever asks: threads that ask meanwhile wait for the one that makes it."""

        def __init__(self, make):
            super().__init__(make)
            self._making = RLock()

        def __get__(self, instance, owner=None):
            if instance is None:
                return self
            with self._making:
                return super().__get__(instance, owner)
