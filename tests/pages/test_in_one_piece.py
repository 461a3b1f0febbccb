"""What is written to a connection at one moment leaves as one piece, in its order, and nothing is held longer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import create_autospec, patch

import pytest

from pages.plain.in_one_piece import _MOST, A_MOMENT, InOnePiece


class Sent(list[bytes]):
    """What a connection was given to send, each time."""

    lost = False

    def on(self, loop: asyncio.AbstractEventLoop) -> InOnePiece:
        real = create_autospec(asyncio.Transport, instance=True)
        real.is_closing.side_effect = lambda: self.lost or b"closed" in self
        real.writelines.side_effect = lambda pieces: self.append(b"".join(pieces))
        real.close.side_effect = lambda: self.append(b"closed")
        return InOnePiece(real, loop)


def sent(writing: Callable[[InOnePiece, Sent], Awaitable[None]], moment: float = 0.0) -> list[bytes]:
    async def go() -> list[bytes]:
        found = Sent()
        line = found.on(asyncio.get_running_loop())
        line.moment = moment
        await writing(line, found)
        return found

    with ThreadPoolExecutor(1) as beside:  # in this thread a browser's loop may run
        return beside.submit(lambda: asyncio.run(go())).result()


async def _head_and_body(line: InOnePiece, found: Sent) -> None:
    line.write(b"head ")
    line.write(b"body")
    assert found == []
    await asyncio.sleep(0)
    line.write(b"next")
    await asyncio.sleep(0)


async def _bit_by_bit(line: InOnePiece, found: Sent) -> None:
    loop = asyncio.get_running_loop()
    with patch.object(loop, "time", return_value=loop.time()):  # a busy machine takes longer than a moment from one to the next
        for bit in (b"a", b"b", b"c"):
            line.write(bit)
            await asyncio.sleep(0)
    await asyncio.sleep(4 * A_MOMENT)


async def _much(line: InOnePiece, found: Sent) -> None:
    line.write(b"a" * _MOST)
    assert not found
    line.write(b"b")
    assert found == [b"a" * _MOST + b"b"]
    await asyncio.sleep(4 * A_MOMENT)


async def _to_the_end(line: InOnePiece, found: Sent) -> None:
    line.write(b"last words ")
    line.write(b"of all")
    line.close()
    await asyncio.sleep(4 * A_MOMENT)


async def _to_nobody(line: InOnePiece, found: Sent) -> None:
    line.write(b"too late")
    found.lost = True
    await asyncio.sleep(4 * A_MOMENT)


@pytest.mark.parametrize(
    ("writing", "moment", "expected"),
    [
        (_head_and_body, 0.0, [b"head body", b"next"]),
        (_bit_by_bit, A_MOMENT, [b"abc"]),
        (_bit_by_bit, 0.0, [b"a", b"b", b"c"]),
        (_much, A_MOMENT, [b"a" * _MOST + b"b"]),
        (_to_the_end, 0.0, [b"last words of all", b"closed"]),
        (_to_the_end, A_MOMENT, [b"last words of all", b"closed"]),
        (_to_nobody, A_MOMENT, []),
    ],
)
def test_what_is_written_at_one_moment_leaves_together(
    writing: Callable[[InOnePiece, Sent], Awaitable[None]], moment: float, expected: list[bytes]
) -> None:
    assert sent(writing, moment) == expected
