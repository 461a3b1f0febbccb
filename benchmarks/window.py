"""A browser's window as Streamlit's server sees it: one websocket, one question after the other."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect

_DONE = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


class Window:
    """`bytes`: what the server has sent to it."""

    def __init__(self, base: str, page: str = "", cookie: str = "") -> None:
        headers = {"Origin": base} | ({"Cookie": cookie} if cookie else {})
        address = f"{base.replace('http', 'ws', 1)}/_stcore/stream"
        self._socket = connect(address, additional_headers=headers, subprotocols=["streamlit"], max_size=None)  # type: ignore[list-item]
        self._page, self._script = page, ""
        self._held: list[str] = []
        self.bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def run(self, states: Iterable[WidgetState] = (), fragment: str = "") -> list[Delta]:
        """What one run of the script, or of a fragment of it, puts on the page."""
        ask = BackMsg()
        if self._script:  # as the browser: by its name only until the page has said which it is
            ask.rerun_script.page_script_hash = self._script
        else:
            ask.rerun_script.page_name = self._page
        ask.rerun_script.fragment_id = fragment
        ask.rerun_script.cached_message_hashes.extend(self._held)
        ask.rerun_script.widget_states.widgets.extend(states)
        self._socket.send(ask.SerializeToString())
        shown: list[Delta] = []
        while True:
            piece = self._socket.recv(timeout=60, decode=False)
            self.bytes += len(piece)
            message = ForwardMsg.FromString(piece)
            if message.metadata.cacheable:
                self._held.append(message.hash)
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self._script = message.new_session.page_script_hash
            elif kind == "navigation":
                self._script = message.navigation.page_script_hash
            elif kind == "delta":
                shown.append(message.delta)
            elif kind == "script_finished":
                if message.script_finished not in _DONE:
                    raise RuntimeError(f"{self._page}: {message.script_finished}")
                return shown

    def fired(self, component: Delta, event: str, value: dict[str, Any]) -> Delta:
        """The component after a trigger of its own, as the browser fires it and `component` was drawn."""
        name = f"$$STREAMLIT_INTERNAL_KEY_{component.new_element.bidi_component.id}__events"
        state = WidgetState(id=name, json_trigger_value=json.dumps([{"event": event, "value": value}]))
        return component_of(self.run([state], component.fragment_id))


def component_of(shown: Iterable[Delta]) -> Delta:
    return next(one for one in shown if one.new_element.WhichOneof("type") == "bidi_component")


def data_of(component: Delta) -> dict[str, Any]:
    """What the page gave it."""
    given = json.loads(component.new_element.bidi_component.json)
    found: dict[str, Any] = given[0] if isinstance(given, list) else given  # an earlier build gave the object itself
    return found
