"""Whole answers through `/answer`, in Streamlit's own protocol: a window opened, a code typed, a form sent, its receipt seen.

In turn with the build before, and with what people would write instead: a form of 39 `st.radio` with one button, which
writes a line into SQLite. One process each; 8 people at a time.
"""

from __future__ import annotations

import gzip
import http.client
import json
import os
import secrets
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks import Row
from benchmarks.before import trees
from benchmarks.plain import running
from benchmarks.stores import environment, new_folder
from benchmarks.window import Window, component_of, data_of
from survey.design.questionnaire_file import shipped_questionnaires
from tests.server import Server, at_rest, serving
from tests.small_world import answers

CLIENTS, SECONDS, ROUNDS = 8, 4.0, 3
PLAIN = """
import json, sqlite3
import streamlit as st

ITEMS, OPTIONS = json.load(open("form.json", encoding="utf-8"))
store = sqlite3.connect("answers.db")
store.execute("create table if not exists answer (given text)")
with st.form("form"):
    given = [st.radio(item, OPTIONS, index=None, horizontal=True) for item in ITEMS]
    if st.form_submit_button("Gửi"):
        with store:
            store.execute("insert into answer values (?)", [json.dumps(given)])
        st.success("received")
"""


_FIELD = """
import json, shutil, sys
from benchmarks.stores import in_the_field
field = in_the_field(staff=int(sys.argv[2]))
field.services.close()
shutil.move(field.folder, sys.argv[1])
print(json.dumps([code for code, _unit in field.codes]))
"""


@dataclass(frozen=True)
class Went:
    """Of one round: answers a second, milliseconds of the server's processor and bytes it sent for each."""

    rate: float
    processor: float
    bytes: float


Way = Callable[[str, dict[str, Any]], int]
Answering = Callable[[], int]  # one whole answer; bytes that the server has sent


def rows() -> list[Row]:
    with ExitStack() as open_:
        ways: dict[str, tuple[Server, Answering]] = {}
        here, before = (open_.enter_context(_ours(tree)) for tree in trees().values())
        ways |= {"now": here(answered), "websocket alone": here(by_triggers), "before": before(by_triggers)}
        for name, options in (("plain", ()), ("plain, without a collection after every run", ("--runner.postScriptGC=false",))):
            ways[name] = open_.enter_context(_plain(*options))
        for server, answer in ways.values():
            _round(server, answer, 1.0)  # imports, first runs
        found: dict[str, list[Went]] = {name: [] for name in ways}
        for _turn in range(ROUNDS):
            for name, (server, answer) in ways.items():
                found[name].append(_round(server, answer, SECONDS))
                print(f"{name}: {found[name][-1]}", file=sys.stderr)
    middle = {name: _middle(went) for name, went in found.items()}
    now = middle["now"]
    return [Row(f"`/answer`, {CLIENTS} people at a time: answers a second; processor, bytes sent for each", _said(now), "3 x the build before")] + [
        Row(f"the same, {name}", f"{_said(one)}: {now.rate / one.rate:.1f} x the answers, {one.processor / now.processor:.1f} x less processor, {one.bytes / now.bytes:.1f} x fewer bytes now")
        for name, one in middle.items() if name != "now"
    ]  # fmt: skip


@contextmanager
def _ours(tree: Path) -> Iterator[Callable[[Way], tuple[Server, Answering]]]:
    """A server of that build, and how somebody who has not answered yet answers there in some way."""
    folder, codes = field_of(tree)
    form, left = given(), iter(codes)
    with serving(environment(folder), folder, tree) as server:
        at_rest(server)
        yield lambda way: (server, lambda: way(server.base, {"code": next(left), "attempt": secrets.token_hex(16), **form}))


def field_of(tree: Path, staff: int = 40) -> tuple[Path, list[str]]:
    """A folder of stores with an open wave, and its codes, both made by that build: the one before knows no later kind of them."""
    folder = new_folder() / "field"
    command = [sys.executable, "-c", _FIELD, str(folder), str(staff)]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(tree)}, cwd=tree, stdout=subprocess.PIPE, text=True, check=True)
    codes: list[str] = json.loads(done.stdout)
    return folder, codes


def given() -> dict[str, dict[str, Any]]:
    """What somebody answers who answers everything."""
    questionnaire = shipped_questionnaires()[0]
    return {
        "answers": answers(questionnaire),
        "comments": {one.id: "Bộ phận một cửa cần thêm chỗ ngồi chờ cho người dân." for one in questionnaire.open_questions},
        "breakdowns": {one.id: str(one.categories[0].value) for one in questionnaire.breakdowns},
    }


def answered(base: str, form: dict[str, Any]) -> int:
    """As the browser does: the page over Streamlit's websocket, the code and the form where /p's go too."""
    with Window(base, "answer") as window:
        component_of(window.run())
        line = http.client.HTTPConnection(base.removeprefix("http://"))
        sizes = [window.bytes]
        for path, sent, wanted in (("/p/open", {"code": form["code"], "lang": "vi"}, b'"form"'), ("/p/submit", form, b'"received"')):
            line.request("POST", path, json.dumps(sent), {"Content-Type": "application/json", "Accept-Encoding": "gzip, deflate, br"})
            answer = line.getresponse()
            body = answer.read()
            said = gzip.decompress(body) if answer.headers["Content-Encoding"] == "gzip" else body
            if wanted not in said:
                raise RuntimeError(said.decode())
            sizes.append(len(body) + len(str(answer.headers)))
        line.close()
        return sum(sizes)


def by_triggers(base: str, form: dict[str, Any]) -> int:
    """All of it over the websocket: what the browser did before, and does where posts are not let through."""
    with Window(base, "answer") as window:
        drawn = component_of(window.run())
        opened = data_of(window.fired(drawn, "open", {"code": form["code"], "request": 1}))["reply"]["value"]
        if "form" not in opened:
            raise RuntimeError(str(opened))
        said = data_of(window.fired(drawn, "send", {**form, "request": 2}))["reply"]["value"]
        if said["status"] != "received":
            raise RuntimeError(str(said))
        return window.bytes


@contextmanager
def _plain(*options: str) -> Iterator[tuple[Server, Answering]]:
    folder = new_folder()
    questionnaire = shipped_questionnaires()[0]
    points = [point.vi for point in questionnaire.scales["agree5"].points]
    (folder / "form.json").write_text(json.dumps([[item.vi for item in questionnaire.items], points]), encoding="utf-8")
    with running(PLAIN, folder, *options) as server:
        yield server, lambda: filled_in(server.base, points)


def filled_in(base: str, points: list[str]) -> int:
    """The plain form, answered."""
    with Window(base) as window:
        shown = [one.new_element for one in window.run()]
        states = [WidgetState(id=one.radio.id, string_value=points[3]) for one in shown if one.WhichOneof("type") == "radio"]
        send = next(one.button.id for one in shown if one.WhichOneof("type") == "button")
        after = window.run([*states, WidgetState(id=send, trigger_value=True)])
        if not any(one.new_element.alert.body == "received" for one in after):
            raise RuntimeError("not received")
        return window.bytes


def _round(server: Server, answer: Answering, seconds: float) -> Went:
    process, sent, refused = psutil.Process(server.process.pid), list[int](), list[Exception]()
    before, began = sum(process.cpu_times()[:2]), time.perf_counter()

    def client() -> None:
        try:
            while time.perf_counter() - began < seconds:
                sent.append(answer())
        except Exception as error:
            refused.append(error)

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took, used = time.perf_counter() - began, sum(process.cpu_times()[:2]) - before
    if refused:
        raise refused[0]
    return Went(len(sent) / took, 1000 * used / len(sent), sum(sent) / len(sent))


def _middle(went: list[Went]) -> Went:
    return Went(*(statistics.median(getattr(one, name) for one in went) for name in ("rate", "processor", "bytes")))


def _said(one: Went) -> str:
    return f"{one.rate:.0f} /s; {one.processor:.1f} ms, {one.bytes / 1000:.0f} kB"
