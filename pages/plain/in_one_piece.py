"""The head of an answer and its body leave together: uvicorn writes them apart, which is two packets and two calls of the kernel."""

from __future__ import annotations

import asyncio
from typing import Any


class InOnePiece:
    """A connection's transport that holds what is written until the turn of the loop ends, or until it is told to send."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self.itself = transport
        self._loop = loop
        self._held: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.itself, name)

    def write(self, data: bytes) -> None:
        if not self._held:
            self._loop.call_soon(self.send)
        self._held.append(data)

    def send(self) -> None:
        held, self._held = self._held, []
        if held:
            self.itself.writelines(held)

    def close(self) -> None:
        self.send()
        self.itself.close()
