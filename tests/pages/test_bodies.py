"""What may be sent: bounded in size, depth and time on every route, and who may send files."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from bootstrap import Settings, build
from survey.access import OPERATOR, Role
from tests.fuzzing import GROWTH, post_all, targets
from tests.server import Server, serving
from tests.small_world import add_account, answers, draft_wave

GOOD = "bon tu khong lien quan"
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return {
        "LANGNGHE_DATA_DIR": str(tmp_path_factory.mktemp("bodies")),
        "LANGNGHE_COOKIE_KEY": "a long secret, only for tests, 32+",
        "LANGNGHE_INVITATIONS_OVER_HTTP": "for-tests",
    }


@pytest.fixture(scope="module")
def codes(stores: dict[str, str]) -> list[str]:
    services = build(Settings.read(stores))
    codes = draft_wave(services, today=services.clock.today() + timedelta(days=1))
    services.fieldwork.open_wave(OPERATOR, "2026")
    add_account(services, "tochuc", Role.ORGANIZER, GOOD)
    add_account(services, "lanhdao", Role.LEADER, GOOD, "t.a")
    services.close()
    return codes["Sở A"]


@pytest.fixture(scope="module")
def server(stores: dict[str, str], codes: list[str]) -> Iterator[Server]:
    with serving(stores, Path(stores["LANGNGHE_DATA_DIR"])) as running:
        yield running


def rss(server: Server) -> int:
    return int(psutil.Process(server.process.pid).memory_info().rss)


def chunked(server: Server, path: str, size: int, method: str = "POST", **headers: str) -> tuple[int, bytes]:
    """`size` bytes in pieces, without saying beforehand how many; what is answered, and how soon."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as line:
        said = {"Host": f"127.0.0.1:{server.port}", "Origin": server.base, "Transfer-Encoding": "chunked", **headers}
        head = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in said.items()), "", ""]
        line.sendall("\r\n".join(head).encode())
        piece = f"{MIB:x}\r\n".encode() + b"x" * MIB + b"\r\n"
        try:
            for _ in range(size // MIB):
                line.sendall(piece)
            line.sendall(b"0\r\n\r\n")
        except OSError:
            pass
        answer = http.client.HTTPResponse(line)
        answer.begin()
        return answer.status, answer.read()


PATHS = ["/p/open", "/p/submit", "/i/open", "/i/collect", "/session/open", "/session/close", "/answer", "/nothing/here"]


@pytest.mark.parametrize("path", PATHS)
def test_three_hundred_megabytes_are_refused_at_once_with_a_sentence(server: Server, path: str) -> None:
    before = rss(server)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.putrequest("POST", path)
    connection.putheader("Content-Length", str(300 * MIB))
    connection.putheader("Origin", server.base)
    connection.endheaders()
    answer = connection.getresponse()  # nothing of the body has been sent
    assert answer.status == 413 and "Chưa có gì được lưu" in json.loads(answer.read())["message"]
    connection.close()
    status, content = chunked(server, path, 300 * MIB)
    assert status == 413 and "Chưa có gì được lưu" in json.loads(content)["message"]
    assert rss(server) - before < 20 * MIB


def test_a_slow_body_is_given_up(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=120) as line:  # kept for ever: a TimeoutError here
        line.sendall(b"POST /p/submit HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        answer = http.client.HTTPResponse(line)
        answer.begin()
        assert answer.status == 408 and "quá chậm" in json.loads(answer.read())["message"]


def test_no_body_breaks_a_route(server: Server, codes: list[str]) -> None:
    services = build(Settings.read({"LANGNGHE_DATA_DIR": str(server.log.parent)}))
    questionnaire = services.design.questionnaires(OPERATOR)[0]
    services.close()
    found = post_all(server, targets(codes[0], answers(questionnaire)), count=300)
    assert found.sent == 8 * 300
    assert not found.wrong, "\n".join(found.wrong[:10])
    assert found.grown < GROWTH  # an answer that does not come is a TimeoutError of post_all's
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("POST", "/p/submit", json.dumps({"code": codes[1], "attempt": "ab" * 16, "answers": answers(questionnaire)}))
    assert json.loads(connection.getresponse().read())["status"] == "received"
    connection.close()


def session_of(server: Server, name: str) -> str:
    environment = {"LANGNGHE_DATA_DIR": str(server.log.parent), "LANGNGHE_COOKIE_KEY": "a long secret, only for tests, 32+"}
    services = build(Settings.read(environment))
    session = services.signing_in.redeem(services.signing_in.sign_in(name, GOOD)[1])
    services.close()
    assert session is not None
    return session


@pytest.mark.parametrize("who", ["", "lanhdao"])
def test_files_are_taken_from_those_who_organize_alone(server: Server, who: str) -> None:
    cookie = f"langnghe_session={session_of(server, who) if who else 'guessed'}"
    before = rss(server)
    for number in range(4):
        status, content = chunked(server, f"/_stcore/upload_file/x/{number}", 49 * MIB, "PUT", Cookie=cookie)
        assert status == 403 and "đăng nhập" in json.loads(content)["message"]
    assert rss(server) - before < 20 * MIB


def test_a_file_of_an_organizer_reaches_streamlit_within_the_bound(server: Server) -> None:
    cookie = f"langnghe_session={session_of(server, 'tochuc')}"
    status, content = chunked(server, "/_stcore/upload_file/x/1", 1 * MIB, "PUT", Cookie=cookie)
    assert b"XSRF" in content or status == 400  # Streamlit's own answer: this session has no page open
    status, content = chunked(server, "/_stcore/upload_file/x/1", 300 * MIB, "PUT", Cookie=cookie)
    assert status in (400, 403, 413)
