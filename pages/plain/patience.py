"""Whoever sends the head of a request too slowly or without end, or does not read what he asked for, is let go.

Bodies of requests are bodies.py's. Behind nginx this is nginx's work; uvicorn alone waits for the rest of a head for ever, keeps
as much of one as comes, and has no option for either. Websockets are asked every half minute whether they live (Streamlit).
"""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import uvicorn
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from pages.plain.in_one_piece import A_MOMENT, InOnePiece

HEAD_SECONDS = 15
HEAD_BYTES = 64 * 1024
UNREAD_SECONDS = 30
LEAST_READ = 4096  # bytes that somebody has to read meanwhile: a kilobit a second

_REFUSALS = {408: b"Request Timeout", 431: b"Request Header Fields Too Large"}


class Patient(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
    """uvicorn's connection, bounded in time and size where an application cannot bound it."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(InOnePiece(transport, self.loop))
        self._came = 0  # bytes of a head that is not complete
        self._unread, self._reads = 0, False
        self._reading: asyncio.TimerHandle | None = None
        self._head: asyncio.TimerHandle | None = self.loop.call_later(HEAD_SECONDS, self._head_is_late)

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_is_here()
        if self._reading:
            self._reading.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if not self._waits_for_a_head():
            self._head_is_here()
            return
        self._came += len(data)
        if self._head is None:
            self._head = self.loop.call_later(HEAD_SECONDS, self._head_is_late)
        if self._came > HEAD_BYTES and not (self.cycle and self.cycle.more_body):  # else it is what is left of a body
            self._refuse(431)

    def _waits_for_a_head(self) -> bool:
        if self.transport.is_closing() or self.transport.get_protocol() is not self:  # a websocket by now
            return False
        return self.cycle is None or self.cycle.response_complete

    def _head_is_here(self) -> None:
        self._came = 0
        if self._head:
            self._head.cancel()
            self._head = None

    def _head_is_late(self) -> None:
        if self._came:
            self._refuse(408)
        else:
            self.transport.close()

    def _refuse(self, status: int) -> None:
        self.transport.write(b"HTTP/1.1 %d %s\r\nconnection: close\r\ncontent-length: 0\r\n\r\n" % (status, _REFUSALS[status]))
        self.transport.close()

    def handle_websocket_upgrade(self, *request: Any) -> None:
        self.transport.moment = A_MOMENT
        super().handle_websocket_upgrade(*request)

    # What we send

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch()

    def on_response_complete(self) -> None:
        self.transport.send()
        super().on_response_complete()
        self._watch()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._reads = True

    def _watch(self) -> None:
        left = self.transport.get_write_buffer_size()
        if left and self._reading is None:
            self._reads, self._unread = False, left
            self._reading = self.loop.call_later(UNREAD_SECONDS, self._look)

    def _look(self) -> None:
        self._reading = None
        if self._reads or self._unread - self.transport.get_write_buffer_size() >= LEAST_READ:
            self._watch()
        elif self.transport.get_write_buffer_size():
            self.transport.abort()


def be_patient() -> None:
    """From now on, for every uvicorn of this process: it chooses its connections before it imports an application."""
    startup = uvicorn.Server.startup

    async def patiently(server: uvicorn.Server, sockets: list[socket.socket] | None = None) -> Any:
        server.config.http_protocol_class = Patient
        await startup(server, sockets)

    uvicorn.Server.startup = patiently  # type: ignore[method-assign]
