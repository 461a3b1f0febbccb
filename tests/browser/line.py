"""A telephone line between browser and server that a test can cut and mend."""

from __future__ import annotations

import asyncio
import contextlib
import threading

from tests.server import free_port


class Line:
    """Passes bytes from `port` to `target`. Cut, it breaks every connection and refuses new ones.

    `source`: the address from which the server sees its visitors come.
    """

    def __init__(self, target: int, source: str = "127.0.0.1") -> None:
        self.target = target
        self.source = source
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._open: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    def mend(self) -> None:
        self._run(self._listen())

    def cut(self) -> None:
        self._run(self._break())

    def __enter__(self) -> Line:
        self._thread.start()
        self.mend()
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def _run(self, job: object) -> None:
        asyncio.run_coroutine_threadsafe(job, self._loop).result(10)  # type: ignore[arg-type]

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)

    async def _break(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in tuple(self._open):
            writer.transport.abort()
        while self._open:
            await asyncio.sleep(0.01)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target, local_addr=(self.source, 0))
            self._open.add(far_writer)
            try:
                await asyncio.gather(_pour(reader, far_writer), _pour(far_reader, writer))
            finally:
                far_writer.transport.abort()
                self._open.discard(far_writer)
        except OSError:
            pass  # the server is down: the browser sees a broken connection
        finally:
            writer.transport.abort()
            self._open.discard(writer)


async def _pour(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while piece := await source.read(65536):
            sink.write(piece)
            await sink.drain()
    if not sink.transport.is_closing():
        with contextlib.suppress(OSError):
            sink.write_eof()
