"""A server that starts: asked until it answers."""

from __future__ import annotations

import subprocess
import time
import urllib.request
from pathlib import Path


def answered(address: str, server: subprocess.Popen[bytes], log: Path) -> str:
    for _attempt in range(240):
        try:
            with urllib.request.urlopen(address, timeout=120) as answer:
                return str(answer.read().decode())
        except OSError:
            assert server.poll() is None, log.read_text(errors="replace")
            time.sleep(0.25)
    raise AssertionError(log.read_text(errors="replace"))
