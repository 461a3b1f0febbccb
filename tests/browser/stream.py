"""What Streamlit sends to a browser that opens an address, read without a browser: for tests of what never may be sent."""

from __future__ import annotations

import re
import ssl

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from pages.plain.session import COOKIE
from tests.server import Server


def sent(server: Server, path: str, session: str | None = None) -> str:
    """Every text sent in answer to the deep link `path` ("/results-overview"), after one whole run of the script."""
    return sent_from(server.base, path, f"{COOKIE}={session}" if session else "")


def sent_from(base: str, path: str, cookie: str = "", trust: ssl.SSLContext | None = None) -> str:
    """The same from any address; `trust`: for https."""
    headers = {"Origin": base} | ({"Cookie": cookie} if cookie else {})
    address = f"{base.replace('http', 'ws', 1)}/_stcore/stream"
    ask = BackMsg()
    ask.rerun_script.page_name = path.removeprefix("/")
    pieces: list[bytes] = []
    with connect(address, additional_headers=headers, subprotocols=["streamlit"], max_size=None, ssl=trust) as socket:  # type: ignore[list-item]
        socket.send(ask.SerializeToString())
        while True:
            piece = socket.recv(timeout=60, decode=False)
            pieces.append(piece)
            message = ForwardMsg.FromString(piece)
            if message.WhichOneof("type") == "script_finished":
                assert message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY, path
                break
    text = b"".join(pieces).decode("utf-8", "replace")
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text)  # JSON inside
