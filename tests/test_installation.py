"""Settings that are made on a page: under the environment, in every process, refused whole where one is wrong."""

from __future__ import annotations

import base64
import io
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from bootstrap import Services, Settings, build
from survey.access import OPERATOR, Role, Viewer
from survey.errors import NotAllowed, SurveyError
from survey.mark import KEPT, data_address
from tests.command_line import Line

NAME = "Sở Nội vụ tỉnh Đắk Nông"


def test_what_is_set_on_the_page_holds_in_every_process(settings: Settings, services: Services) -> None:
    wanted = {
        "organisation": f" {NAME} ",
        "address": "https://khaosat.example.gov.vn",
        "timezone": "Europe/Berlin",
        "contact": "Phòng CCHC",
    }
    assert set(services.installing.save(OPERATOR, wanted)) == set(wanted)
    now = services.up_to_date()
    assert now is not services and now.up_to_date() is now
    assert (now.settings.organisation, now.settings.address, now.clock.zone.key) == (
        NAME,
        "https://khaosat.example.gov.vn",
        "Europe/Berlin",
    )
    again = build(settings)
    assert again.settings.contact == "Phòng CCHC" and str(again.clock.zone) == "Europe/Berlin"
    again.close()
    assert services.installing.save(OPERATOR, wanted) == ()
    services.installing.save(OPERATOR, {"timezone": "", "address": ""})
    back = now.up_to_date()
    assert (back.settings.timezone, back.settings.address) == ("Asia/Ho_Chi_Minh", "http://127.0.0.1:8501")
    lines = [entry for entry in services.access_log.entries(OPERATOR) if entry.action == "installation-changed"]
    assert [line.about["settings"] for line in lines] == ["address,timezone", "address,contact,organisation,timezone"]


def test_the_environment_of_the_server_is_stronger(tmp_path_factory: pytest.TempPathFactory) -> None:
    environment = {"LANGNGHE_DATA_DIR": str(tmp_path_factory.mktemp("stores")), "LANGNGHE_ADDRESS": "https://of.the.server"}
    services = build(Settings.read(environment))
    assert services.installing.fixed == {"address"}
    assert services.installing.save(OPERATOR, {"address": "https://of.the.page", "contact": "x"}) == ("contact",)
    assert services.up_to_date().settings.address == "https://of.the.server"
    services.close()


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"timezone": "Hanoi"}, "setting-timezone"),
        ({"address": "khaosat.gov.vn"}, "web-address"),
        ({"address": "javascript:alert(1)"}, "web-address"),
        ({"address": "https://x.vn/p?code=1"}, "web-address"),
        ({"address": "https://x.vn/#a"}, "web-address"),
        ({"address": "https://[1::2"}, "web-address"),
        ({"address": "https://x.vn:999999"}, "web-address"),
        ({"address": "https://x y.vn"}, "web-address"),
        ({"mail_server": "mail.gov.vn", "mail_sender": "a@b.vn"}, "setting-mail-server"),
        ({"mail_server": "smtp://mail.gov.vn:99999", "mail_sender": "a@b.vn"}, "setting-mail-server"),
        ({"mail_server": "smtp://mail.gov.vn"}, "setting-mail-sender"),
        ({"mail_sender": "a@b.vn"}, "setting-mail-server"),
        ({"organisation": "x" * 121}, "setting-text"),
        ({"organisation": "Sở\x07"}, "setting-text"),
    ],
)
def test_a_wrong_setting_keeps_none(services: Services, wanted: dict[str, str], code: str) -> None:
    with pytest.raises(SurveyError) as refused:
        services.installing.save(OPERATOR, {"contact": "Phòng CCHC", **wanted})
    assert refused.value.code == code and services.installing.settings(OPERATOR) == {}


@pytest.mark.parametrize("viewer", [None, Viewer(name="x.y", role=Role.LEADER), Viewer(name="x.y", role=Role.CUSTODIAN)])
def test_only_organizers_see_and_change_them(services: Services, viewer: Viewer | None) -> None:
    with pytest.raises(NotAllowed):
        services.installing.settings(viewer)
    with pytest.raises(NotAllowed):
        services.installing.save(viewer, {"organisation": NAME})


SECRET = "a long secret of this very test's own"
MAIL = {"mail_server": "smtps://khaosat:bi-m@t@mail.gov.vn:465", "mail_sender": "khaosat@mail.gov.vn"}
SHOWN = "smtps://khaosat:•••@mail.gov.vn:465"


def with_key(settings: Settings, key: str = SECRET) -> Services:
    return build(replace(settings, cookie_key=key))


def test_the_password_of_the_mail_server_is_kept_and_shown_to_nobody(settings: Settings) -> None:
    services = with_key(settings)
    services.installing.save(OPERATOR, MAIL)
    shown = dict(services.installing.settings(OPERATOR))
    assert shown == {"mail_server": SHOWN, "mail_sender": MAIL["mail_sender"]}
    assert "bi-m@t" not in repr(services.access_log.entries(OPERATOR))
    assert services.installing.save(OPERATOR, {**shown, "contact": "x"}) == ("contact",)
    assert services.installing.save(OPERATOR, {**MAIL, "contact": "x"}) == ()
    assert services.up_to_date().settings.mail_server == MAIL["mail_server"] and not services.installing.password_lost(OPERATOR)
    with pytest.raises(SurveyError) as refused:  # whoever moves it to a server of his own is not sent it
        services.installing.save(OPERATOR, {"mail_server": "smtps://khaosat:•••@elsewhere.example:465"})
    assert refused.value.code == "setting-mail-password"
    services.installing.save(OPERATOR, {"mail_server": "smtp://mail.gov.vn"})
    assert services.up_to_date().settings.mail_server == "smtp://mail.gov.vn"
    assert "mail_password" not in services.stores.installation.settings()
    services.close()


def test_neither_the_stores_nor_a_backup_hold_the_password(settings: Settings, tmp_path: Path) -> None:
    services = with_key(settings)
    services.installing.save(OPERATOR, MAIL)
    assert found("bi-m@t", services, tmp_path / "sealed") == []
    services.stores.installation.keep({"mail_server": MAIL["mail_server"], "mail_password": ""})  # the control: as an earlier version did
    assert found("bi-m@t", services, tmp_path / "plain") == ["langnghe.db", "store"]
    services.close()
    services = with_key(settings)  # which the next start puts right
    assert found("bi-m@t", services, tmp_path / "again") == []
    assert services.settings.mail_server == MAIL["mail_server"]
    services.close()


def found(secret: str, services: Services, folder: Path) -> list[str]:
    """Where it lies: files of a backup, and the rows themselves."""
    Line(services.settings).done("backup", folder)
    files = [path.name for path in folder.iterdir() if secret.encode() in path.read_bytes()]
    return sorted(files + ["store"] * (secret in repr(services.stores.installation.settings())))


def test_under_another_key_the_password_is_lost_and_said_to_be(settings: Settings) -> None:
    services = with_key(settings)
    services.installing.save(OPERATOR, MAIL)
    services.stores.installation.keep({"mail_server": SHOWN.replace("mail.gov.vn", "elsewhere.example")})  # by somebody with the database
    assert services.up_to_date().settings.mail_server == ""
    services.stores.installation.keep({"mail_server": SHOWN})
    services.close()
    other = with_key(settings, "b" * 40)
    assert other.settings.mail_server == "" and other.installing.password_lost(OPERATOR)
    other.installing.save(OPERATOR, MAIL)
    assert other.up_to_date().settings.mail_server == MAIL["mail_server"] and not other.installing.password_lost(OPERATOR)
    other.close()


def test_without_a_key_of_its_own_a_server_keeps_no_password(services: Services) -> None:
    with pytest.raises(SurveyError) as refused:
        services.installing.save(OPERATOR, MAIL)
    assert refused.value.code == "setting-mail-secret" and services.installing.settings(OPERATOR) == {}
    assert services.installing.save(OPERATOR, {**MAIL, "mail_server": "smtp://mail.gov.vn"})


# The mark


def png(width: int, height: int, noise: bool = False) -> bytes:
    picture, out = Image.effect_noise((width, height), 90) if noise else Image.new("RGB", (width, height), "#0F5C63"), io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def kept(content: bytes) -> bytes:
    return base64.b64decode(data_address(content).partition(",")[2])


EVIL = b"""<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9" onload="alert(1)">
<script>alert(2)</script><style>@import "http://evil.example/x.css";</style><image href="http://evil.example/x.png"/>
<foreignObject><b xmlns="http://www.w3.org/1999/xhtml" onclick="alert(3)">x</b></foreignObject><use xlink:href="http://evil.example/#a"/>
<a xlink:href="javascript:alert(4)"><rect width="1" height="1"/></a><animate attributeName="href" values="javascript:alert(5)"/>
<path d="M0 0h9v9z" fill="url(http://evil.example/p)" stroke="url(#g)" style="fill:#0F5C63;background:url(http://evil.example/b)"/></svg>"""


def test_an_svg_keeps_shapes_and_colours_and_nothing_that_acts_or_asks() -> None:
    left = kept(EVIL)
    assert all(word not in left for word in (b"script", b"alert", b"evil", b"href", b"onload", b"style", b"image", b"foreign", b"<use"))
    path = next(one for one in ElementTree.fromstring(left).iter() if one.tag.endswith("path"))
    assert path.attrib == {"d": "M0 0h9v9z", "fill": "#0F5C63", "stroke": "url(#g)"}
    assert b"evil" in EVIL  # the control: kept as it came, it would ask elsewhere


def test_a_png_keeps_its_points_alone_and_is_made_small() -> None:
    large = png(2000, 1000)
    small = kept(large[:-12] + b"\0\0\0\x10tEXtComment\0<secret>" + b"\0\0\0\0" + large[-12:])
    assert len(small) <= KEPT and b"secret" not in small
    assert Image.open(io.BytesIO(small)).size == (256, 128)
    assert len(kept(png(900, 900, noise=True))) <= KEPT


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "mark-kind"),
        (b"GIF89a", "mark-kind"),
        (b"\xff\xd8\xff\xe0 jpeg", "mark-kind"),
        (b"\x89PNG\r\n\x1a\n broken", "mark-kind"),
        (b"<html><svg/></html>", "mark-kind"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"><path d="&a;"/></svg>', "mark-kind"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><text>x</text></svg>', "mark-empty"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><path d="' + b"1" * 30_000 + b'"/></svg>', "mark-detailed"),
        (b" " * 1_000_001, "mark-large"),
    ],
)
def test_what_is_no_mark_is_refused_with_a_cure(content: bytes, code: str) -> None:
    with pytest.raises(SurveyError) as refused:
        data_address(content)
    assert refused.value.code == code


def test_a_png_of_too_many_points_is_not_unpacked() -> None:
    with pytest.raises(SurveyError) as refused:
        data_address(png(6000, 5000))
    assert refused.value.code == "mark-large"
