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
from playwright.sync_api import Browser, Page, expect

from bootstrap import Settings, build
from pages.plain.bodies import too_many
from pages.plain.session import COOKIE
from survey.access import OPERATOR, Role
from survey.i18n import Locale
from tests import nursery
from tests.browser.visitor import desk, open_tab, settled
from tests.fuzzing import GROWTH, post_all, targets
from tests.server import Server, at_rest
from tests.small_world import add_account, answers, draft_wave

GOOD = "bon tu khong lien quan"
MIB = 1024 * 1024
VI = Locale("vi")


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
    with nursery.serving(stores, Path(stores["LANGNGHE_DATA_DIR"])) as running:
        yield at_rest(running)


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


@pytest.fixture(scope="module")
def cramped(stores: dict[str, str], codes: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Another process over the same stores that keeps 3 MiB of files: what Python reads first sets its bound."""
    folder = tmp_path_factory.mktemp("cramped")
    (folder / "sitecustomize.py").write_text("from pages.plain import bodies\n\nbodies.MOST_KEPT = 3 * bodies.MIB\n")
    with nursery.serving({**stores, "PYTHONPATH": str(folder)}, Path(stores["LANGNGHE_DATA_DIR"])) as running:
        yield running


def importing(browser: Browser, server: Server, language: str) -> Page:
    """An organizer's page where a register is given."""
    context = desk(browser)
    context.add_cookies([{"name": COOKIE, "value": session_of(server, "tochuc"), "url": server.base}])
    page = context.new_page()
    page.goto(f"{server.base}/organize-units?lang={language}")
    expect(page.locator("input[type=file]").first).to_be_attached()  # what stands under the tabs has come
    page.wait_for_load_state("networkidle")
    open_tab(page, Locale(language)("Import a file"))
    return page


def give(page: Page, size: int) -> tuple[int, str]:
    with page.expect_response(lambda answer: "/upload_file/" in answer.url and answer.request.method == "PUT") as answering:
        page.locator("input[type=file]").set_input_files({"name": "donvi.csv", "mimeType": "text/csv", "buffer": b"x" * size})
    return answering.value.status, answering.value.text()


def take_back(page: Page) -> None:
    """Every file of the page, the refused too."""
    buttons = page.get_by_test_id("stFileChipDeleteBtn").get_by_role("button")
    for left in reversed(range(buttons.count())):
        buttons.last.click()
        expect(page.get_by_test_id("stFileChip")).to_have_count(left)
        settled(page)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_more_files_than_are_kept_wait_until_there_is_room(language: str, cramped: Server, browser: Browser) -> None:
    """The organizer reads why, in the page's language: Streamlit itself tells "AxiosError: ... status code 503"."""
    first, second = importing(browser, cramped, language), importing(browser, cramped, language)
    assert give(first, 2 * MIB)[0] == 204
    status, content = give(second, 2 * MIB)
    sentence = too_many().message
    assert (status, json.loads(content)["message"]) == (503, VI(sentence))
    chip = second.get_by_test_id("stFileChip")
    expect(chip.get_by_role("alert")).to_have_text(f"{Locale(language)('Error:')} {Locale(language)(sentence)}")
    seen = chip.get_by_role("alert").bounding_box()
    assert seen and seen["width"] > 200 and seen["height"] > 12  # nobody has to point at it
    chip.hover()
    expect(second.get_by_role("tooltip")).to_have_text(Locale(language)(sentence))
    expect(second.get_by_text("AxiosError")).to_have_count(0)
    take_back(first)
    assert give(second, 2 * MIB)[0] == 204
    take_back(second)  # of a page that is closed Streamlit holds it two minutes more
    for page in (first, second):
        page.context.close()
