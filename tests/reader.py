"""Workbooks for tests that are not about starting who reads them: survey/workbook_process.py in a copy of a process that has
imported its modules.

Nearly all that reading a small workbook takes is starting Python. One process imports, reads nothing, and is copied (fork)
for each workbook. A copy runs the program from its first line, under the same bounds, and ends with it.
"""

from __future__ import annotations

import atexit
import json
import os
import socket
import subprocess
from collections.abc import Sequence
from functools import cache
from threading import Lock

TimeoutExpired = subprocess.TimeoutExpired
_WAITING = """
import datetime, functools, html, io, json, os, re, resource, socket, sys, zipfile
program, place, line = sys.argv[1], sys.argv[2], socket.socket(fileno=int(sys.argv[3]))
sys.path.append(place)
import python_calamine
sys.path.remove(place)
with open(program, encoding="utf-8") as file:
    code = compile(file.read(), program, "exec")
while True:
    asked, files, _, _ = socket.recv_fds(line, 65536, 2)
    if not asked:
        break
    copy = os.fork()
    if not copy:
        for ours, theirs in zip(files, (0, 1)):
            os.dup2(ours, theirs)
        sys.argv = [program, *json.loads(asked)]
        ended = 1
        try:
            exec(code, {"__name__": "__main__"})
            sys.stdout.flush()
            ended = 0
        finally:
            os._exit(ended)
    for one in files:
        os.close(one)
    line.sendall(str(os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1])).encode())
"""
_one_at_a_time = Lock()


def run(program: Sequence[str], *, input: bytes, timeout: float, **_captured: bool) -> subprocess.CompletedProcess[bytes]:
    """As survey.workbook calls subprocess.run."""
    python, alone, bare, path, place, *arguments = program
    with _one_at_a_time, os.fdopen(os.memfd_create("workbook"), "wb+") as given, os.fdopen(os.memfd_create("rows"), "rb+") as said:
        given.write(input)
        given.seek(0)  # which writes it, too
        line = _reader((python, alone, bare), path, place)
        line.settimeout(timeout)
        socket.send_fds(line, [json.dumps([place, *arguments]).encode()], [given.fileno(), said.fileno()])
        try:
            ended = int(line.recv(16))
        except TimeoutError:
            _reader.cache_clear()  # it ends when it has read this one
            line.close()
            raise TimeoutExpired(program, timeout) from None
        said.seek(0)
        return subprocess.CompletedProcess(program, ended, said.read())


@cache
def _reader(python: Sequence[str], path: str, place: str) -> socket.socket:
    """One for each process of the tests; it ends with it."""
    ours, theirs = socket.socketpair()
    with theirs:
        command = [*python, "-c", _WAITING, path, place, str(theirs.fileno())]
        process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    atexit.register(process.wait)
    atexit.register(ours.close)  # first
    return ours
