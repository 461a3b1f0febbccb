"""A page that is imported when it is first opened, or read ahead, and not before the server can answer anybody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True)
class Later:
    """Called like the function `name` of `module`."""

    module: str
    name: str = "render"

    def load(self) -> Callable[..., Any]:
        found: Callable[..., Any] = getattr(import_module(self.module), self.name)
        return found

    def __call__(self, *arguments: Any) -> Any:
        return self.load()(*arguments)
