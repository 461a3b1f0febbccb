"""Files as disks, mails and people damage them: seeded, so that what was found once is found again."""

from __future__ import annotations

import gzip
import io
import random
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from survey.errors import SurveyError

# What has broken readers before: ends of strings, numbers without end, other people's syntax.
TOKENS = (
    b"\0", b"\x0b", b"\x1b[31m", b"\xff\xfe", b"\xed\xa0\x80", b'"', b"'", b";", b",", b"\t", b"\r", b"\n\n", b"=1+1", b"../../x", b"<b>x</b>", b"-1",
    b"9" * 400, b"1e999", b".nan", b".inf", b"null", b"~", b"true", b"2025-02-31", b"2025-02-30T10:00:00", b"1:2:3", b"0x" + b"f" * 60, b"[", b"{", b"- ",
    b"[" * 500, b"? ", b"*a", b"&a ", b"<<: ", b"!!int x", b"!!float x", b"!!timestamp x", b"!!binary x", b"!!set {a}", b"!!omap [a]", b"!!python/name:os.x ",
    b": ", b"#", b"---\n", b"%YAML 9.9\n", b'"\\ud800"', b'"\\0"', b"\xe2\x80\xae", "Đ".encode("cp1258"), "Đắk".encode(), b"x" * 40_000, b"\\u0000", b"[]", b"{}",
)  # fmt: skip


def mutations(
    content: bytes, count: int, seed: int, inside: Callable[[bytes], tuple[bytes, Callable[[bytes], bytes]]] | None = None
) -> Iterator[bytes]:
    """`count` damaged forms of a file. `inside` opens an archive: every second damage is done to what is packed in it."""
    chance = random.Random(seed)
    for number in range(count):
        if inside is not None and number % 2:
            part, packed = inside(content)
            yield packed(_damaged(part, chance))
        else:
            yield _damaged(content, chance)


def _damaged(content: bytes, chance: random.Random) -> bytes:
    for _time in range(chance.choice((1, 1, 1, 2, 5))):
        content = chance.choice(DAMAGES)(content, chance)
    return content


def _truncated(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _flipped(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _bit in range(min(len(content), chance.choice((1, 1, 8)))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _doubled(content: bytes, chance: random.Random) -> bytes:
    start, end = sorted(chance.randrange(len(content) + 1) for _ in range(2))
    return content[:end] + content[start:]


def _inserted(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(content) + 1)
    return content[:place] + chance.choice(TOKENS) + content[place:]


def _word_replaced(content: bytes, chance: random.Random) -> bytes:
    """A word between separators becomes something else: the damage that keeps the file's form."""
    marks = [place for place, byte in enumerate(content) if byte in b";,:\n >\"'"]
    if len(marks) < 2:
        return content
    which = chance.randrange(len(marks) - 1)
    return content[: marks[which] + 1] + chance.choice(TOKENS) + content[marks[which + 1] :]


def _line_moved(content: bytes, chance: random.Random) -> bytes:
    lines = content.splitlines(keepends=True)
    if lines:
        line = lines.pop(chance.randrange(len(lines)))
        for _copy in range(chance.randrange(3)):
            lines.insert(chance.randrange(len(lines) + 1), line)
    return b"".join(lines)


DAMAGES = (_truncated, _flipped, _doubled, _inserted, _word_replaced, _line_moved)


def in_gzip(content: bytes) -> tuple[bytes, Callable[[bytes], bytes]]:
    return gzip.decompress(content), lambda changed: gzip.compress(changed, 1)


def in_zip(member: str) -> Callable[[bytes], tuple[bytes, Callable[[bytes], bytes]]]:
    """Opens one part of a workbook."""

    def opened(content: bytes) -> tuple[bytes, Callable[[bytes], bytes]]:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}

        def packed(changed: bytes) -> bytes:
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
                for name, part in parts.items():
                    made.writestr(name, changed if name == member else part)
            return out.getvalue()

        return parts[member], packed

    return opened


@dataclass
class Outcome:
    """What became of the damaged files of one kind."""

    name: str
    read: int = 0
    refused: int = 0
    escaped: list[tuple[str, bytes]] = field(default_factory=list)  # what was raised that no person can act on
    written: int = 0  # refusals that left something behind
    slowest: float = 0.0
    mebibytes: float = 0.0

    @property
    def tries(self) -> int:
        return self.read + self.refused + len(self.escaped)


def attack(name: str, contents: Iterator[bytes], take: Callable[[bytes], object], state: Callable[[], object]) -> Outcome:
    """Give every damaged file to `take`; `state` tells what is stored."""
    found = Outcome(name)
    for content in contents:
        before, began = state(), time.perf_counter()
        try:
            take(content)
            found.read += 1
        except SurveyError as error:
            found.refused += 1
            str(error).encode()
            found.written += state() != before
        except Exception as error:
            found.escaped.append((f"{type(error).__name__}: {error}"[:300], content))
        found.slowest = max(found.slowest, time.perf_counter() - began)
    return found


def memory_of(take: Callable[[bytes], object], content: bytes) -> float:
    """Peak mebibytes that Python allocated while one file was read."""
    tracemalloc.start()
    try:
        take(content)
    except SurveyError:
        pass
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak / 2**20
