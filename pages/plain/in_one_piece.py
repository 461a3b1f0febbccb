"""What is written to a connection at one moment leaves together: the head of an answer with its body, and the messages with which
Streamlit draws a page. uvicorn writes each by itself, which is a packet and a call of the kernel for each."""

from __future__ import annotations

import asyncio
from typing import Any

A_MOMENT = 0.001  # seconds between the messages of one drawing, or less
_MOST = 64 * 1024  # bytes held


class InOnePiece:
    """A connection's transport that holds what is written until the turn of the loop ends (`moment`: so many seconds), or until it is told to send."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._held: list[bytes] = []
        self._size = 0
        self.moment = 0.0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        if not self._held:
            _ = self._loop.call_later(self.moment, self.send) if self.moment else self._loop.call_soon(self.send)
        self._held.append(data)
        self._size += len(data)
        if self._size > _MOST:
            self.send()

    def send(self) -> None:
        held, self._held, self._size = self._held, [], 0
        if held and not self._transport.is_closing():  # lost meanwhile: nobody is there to read it
            self._transport.writelines(held)

    def close(self) -> None:
        self.send()
        self._transport.close()
