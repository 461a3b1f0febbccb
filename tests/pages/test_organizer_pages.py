"""The organizer's pages, driven without a browser over real services on temporary SQLite stores."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from bootstrap import Services
from pages.organizer import log
from pages.organizer.imports import SCORES_EXAMPLE
from pages.widgets import organizer as desk
from survey.access import OPERATOR, Role, Viewer
from survey.access_log import Action, Entry
from survey.collect.keys import KeyShare
from survey.design.reorganisation import Kind
from survey.design.units import Unit, UnitRegister
from survey.design.wave import WaveState
from survey.disclose.release import FORMS, INDEX, Cell
from survey.errors import SurveyError
from survey.i18n import Locale
from survey.publish.doubts import Doubt
from tests.conftest import REPOSITORY
from tests.pages import looking
from tests.pages.looking import ORGANIZERS, click, said, tick, unbroken
from tests.past_world import settle_past
from tests.small_world import TODAY, UNITS, answers, draft_wave, open_wave, settle

LEADER = Viewer(name="leader", role=Role.LEADER)


Look = Callable[..., AppTest]


@pytest.fixture
def look(sqlite_services: Services) -> Look:
    def run(page: str, viewer: Viewer | None = OPERATOR, language: str = "en", **query: str) -> AppTest:
        return looking.look(f"organizer.{page}", sqlite_services, viewer, language, **query)

    return run


@pytest.mark.parametrize("page", ORGANIZERS)
def test_every_page_stands_on_empty_stores_and_refuses_a_leader(page: str, look: Look) -> None:
    at = look(page)
    assert at.title
    assert not at.error
    for viewer in (None, LEADER):
        assert "may not" in said(look(page, viewer=viewer))


def test_the_home_leads_from_nothing_to_the_first_wave(look: Look, sqlite_services: Services) -> None:
    assert [button.label for button in look("waves").button] == ["Import the units"]
    settle(sqlite_services)
    assert [button.label for button in look("waves").button] == ["Create a wave"]


def create(look: Look) -> AppTest:
    at = look("creating")
    at.text_input[0].set_value("2026-t").run()
    return click(at, "Create the wave 2026\\-t")


def test_creating_shows_the_plan_before_and_the_hash_after(look: Look, sqlite_services: Services) -> None:
    settle(sqlite_services)
    at = look("creating")
    assert [metric.value for metric in at.metric] == ["5", "140", "4"]
    assert not sqlite_services.design.waves(OPERATOR)
    create(look)
    wave = sqlite_services.design.wave(OPERATOR, "2026-t")
    assert (wave.plan.shares, wave.plan.shares_needed) == (3, 2)
    home = look("waves")
    assert wave.plan.hash[:16] in home.get("html")[0].proto.body


def test_creating_twice_is_information_not_a_crash(look: Look, sqlite_services: Services) -> None:
    settle(sqlite_services)
    first = look("creating")
    first.text_input[0].set_value("2026-t").run()
    create(look)
    again = click(first, "Create the wave 2026\\-t")
    assert "exists already" in again.info[-1].value


def test_units_without_headcount_are_named_before_a_wave_is_created(look: Look, sqlite_services: Services) -> None:
    settle(sqlite_services)
    register = sqlite_services.design.read_units(OPERATOR, source(UNITS.replace(";40", ";")))
    sqlite_services.design.save_units(OPERATOR, register)
    warned = look("creating").warning[0].value
    assert "Department A" in warned and "no slips" in warned


def source(text: str) -> Any:
    from survey.source import Source

    return Source("units.csv", text.encode())


def test_one_key_share_is_warned_about(look: Look, sqlite_services: Services) -> None:
    settle(sqlite_services)
    at = look("creating")
    at.radio[0].set_value((1, 1)).run()
    assert any("single person" in one.value for one in at.warning)


def test_slips_are_made_once_and_both_files_come_from_one_making(look: Look, sqlite_services: Services) -> None:
    settle(sqlite_services)
    create(look)
    at = tick(look("slips"), "I can save")
    click(at, "Make the codes")
    assert [one.label for one in at.get("download_button") if "Paper form" not in one.label] == [
        "Save the PDF to print", "Save the envelope sheets, one for each unit", "Save the CSV for a printing house",
    ]  # fmt: skip
    assert sum(part.given for part in sqlite_services.fieldwork.participation(OPERATOR, "2026-t") if part.node.reporting) == 140
    again = look("slips")
    assert "cannot be printed again" in again.info[0].value
    click(again, "Make extra codes")
    assert "5 slips are ready" in again.success[0].value


def test_slips_made_later_say_the_address_of_the_first_ones(look: Look, sqlite_services: Services) -> None:
    """Asked in another session, the page used to offer the settings' address: on most computers localhost."""
    settle(sqlite_services)
    create(look)
    at = tick(look("slips"), "I can save")
    at.text_input[0].set_value("https://khaosat.daknong.gov.vn").run()
    click(at, "Make the codes")
    assert sqlite_services.design.waves(OPERATOR)[0].site == "https://khaosat.daknong.gov.vn"
    again = look("slips")  # a session of its own
    assert again.text_input[0].value == "https://khaosat.daknong.gov.vn"
    click(again, "Make extra codes")
    made = again.session_state["organizer.slips"]
    assert b"https://khaosat.daknong.gov.vn/p?code=" in made["csv"] and b"127.0.0.1" not in made["csv"]
    other = look("slips")
    other.text_input[0].set_value("https://elsewhere.example").run()
    assert "khaosat" in other.warning[0].value


def test_a_draft_is_edited_on_its_page_and_what_is_refused_stays_typed(look: Look, sqlite_services: Services) -> None:
    draft = sqlite_services.design.waves
    settle(sqlite_services)
    create(look)
    before = draft(OPERATOR)[0]
    at = look("editing", wave=before.id)
    click(at, "Save the draft")
    assert "Nothing is changed yet" in said(at) and draft(OPERATOR)[0] == before
    at.text_input[2].set_value("Ms Lan, 0261").run()
    at.date_input[1].set_value(before.opens - timedelta(days=1)).run()
    assert "cannot close before" in at.error[0].value and at.text_input[2].value == "Ms Lan, 0261"
    assert draft(OPERATOR)[0] == before
    at.date_input[1].set_value(before.closes + timedelta(days=2)).run()
    at.multiselect[0].set_value(["gender"]).run()
    click(at, "Save the draft")
    after = draft(OPERATOR)[0]
    assert (after.contact, after.closes, after.plan.breakdowns) == ("Ms Lan, 0261", before.closes + timedelta(days=2), ("gender",))
    assert after.plan.hash != before.plan.hash
    sqlite_services.fieldwork.print_codes(OPERATOR, after.id)
    at = look("editing", wave=after.id)
    assert not at.multiselect and "stand for the plan" in said(at)
    at.date_input[1].set_value(after.closes + timedelta(days=1)).run()
    assert "slips are printed" in said(at)


def test_a_wrong_address_stops_the_making(look: Look, sqlite_services: Services) -> None:
    settle(sqlite_services)
    create(look)
    at = tick(look("slips"), "I can save")
    at.text_input[0].set_value("langnghe").run()
    assert next(button for button in at.button if button.label == "Make the codes").disabled
    assert "not a web address" in at.error[0].value


def test_a_draft_is_deleted_only_after_what_is_lost_has_been_said(look: Look, sqlite_services: Services) -> None:
    settle(sqlite_services)
    create(look)
    sqlite_services.fieldwork.print_codes(OPERATOR, "2026-t")
    at = look("waves")
    assert "140 codes" in at.warning[0].value
    assert next(button for button in at.button if button.label == "Delete the draft").disabled
    click(tick(at, "Yes, delete"), "Delete the draft")
    assert not sqlite_services.design.waves(OPERATOR)


PASSPHRASES = ("Một con vịt xòe ra", "hai cái cánh nó kêu", "rằng quác quác quác")


def type_passphrases(at: AppTest, first: tuple[str, ...], second: tuple[str, ...]) -> AppTest:
    for number, (one, two) in enumerate(zip(first, second, strict=True)):
        at.text_input[2 * number].set_value(one)
        at.text_input[2 * number + 1].set_value(two)
    return at


def button(at: AppTest, label: str) -> Any:
    return next(button for button in at.button if button.label == label)


def files(shares: tuple[KeyShare, ...]) -> list[tuple[str, bytes, str]]:
    return [(f"{share.number}.json", share.to_bytes(), "application/json") for share in shares]


def passphrase_of(at: AppTest, number: int) -> Any:
    return next(field for field in at.text_input if field.label.startswith(f"Share {number} of 3"))


def test_passphrases_are_typed_twice_alike_long_enough_and_unlike_each_other(look: Look, sqlite_services: Services) -> None:
    draft_wave(sqlite_services, shares=3)
    at = look("opening")
    assert all(field.proto.type == 1 for field in at.text_input), "nobody reads over a shoulder"
    one, two, three = PASSPHRASES
    for first, second, said_so in (
        (("short", two, three), ("short", two, three), "12 characters"),
        (PASSPHRASES, (one, two, "something else"), "not the same"),
        ((one, two, two), (one, two, two), "of their own"),
        (("", "", ""), ("", "", ""), "12 characters"),
    ):
        click(type_passphrases(at, first, second), "Make the key and try it")
        assert said_so in said(at)
        assert "organizer.key" not in at.session_state


def test_a_wave_opens_only_after_the_saved_shares_were_handed_over_and_tried(look: Look, sqlite_services: Services) -> None:
    services = sqlite_services
    draft_wave(services, shares=3, today=services.clock.today())
    at = click(type_passphrases(look("opening"), PASSPHRASES, PASSPHRASES), "Make the key and try it")
    assert services.design.wave(OPERATOR, "2026").state is WaveState.DRAFT
    key = at.session_state["organizer.key"]["key"]
    assert key.fingerprint in [one.value for one in at.code] and all(share.protected for share in key.shares)
    assert not any(passphrase in repr(at.session_state) for passphrase in PASSPHRASES)
    assert len(at.get("download_button")) == 6
    for number in (1, 2, 3):
        tick(at, f"Handed over to custodian {number}")
    assert button(at, "Open the wave").disabled
    at.file_uploader[0].set_value(files(key.shares[1:])).run()
    passphrase_of(at, 2).set_value(PASSPHRASES[0])
    click(at, "Check the passphrases")
    assert "passphrase of share 2 is wrong" in said(at) and button(at, "Open the wave").disabled
    passphrase_of(at, 2).set_value(PASSPHRASES[1])
    passphrase_of(at, 3).set_value(PASSPHRASES[2])
    click(click(at, "Check the passphrases"), "Open the wave")
    opened = services.design.wave(OPERATOR, "2026")
    assert opened.state is WaveState.OPEN and opened.public_key == key.public_key
    assert "organizer.key" not in at.session_state


def test_a_key_can_be_thrown_away_while_the_wave_is_a_draft(look: Look, sqlite_services: Services) -> None:
    draft_wave(sqlite_services)
    at = click(type_passphrases(look("opening"), PASSPHRASES[:1], PASSPHRASES[:1]), "Make the key and try it")
    click(at, "Throw this key away and begin again")
    assert "organizer.key" not in at.session_state and len(at.text_input) == 2
    assert sqlite_services.design.wave(OPERATOR, "2026").state is WaveState.DRAFT


def test_opening_needs_codes_and_warns_of_a_single_share(look: Look, sqlite_services: Services) -> None:
    settle(sqlite_services)
    create(look)
    assert "no codes yet" in look("opening").info[0].value
    draft_wave(sqlite_services, shares=1)
    assert any("told so" in one.value for one in look("opening", wave="2026").warning)


def test_protected_shares_close_a_wave_by_file_and_by_sheet(look: Look, sqlite_services: Services) -> None:
    services = sqlite_services
    codes = draft_wave(services, shares=3, today=services.clock.today())
    key = services.fieldwork.make_key(OPERATOR, "2026", PASSPHRASES)
    services.fieldwork.open_with(OPERATOR, "2026", key.public_key, [s.unlock(p) for s, p in zip(key.shares, PASSPHRASES, strict=True)])
    services.collect.submit(codes["Sở A"][0], {}, services.clock.today())
    at = look("close")
    assert key.fingerprint in said(at)
    at.file_uploader[0].set_value(files(key.shares[:1]))
    at.text_area[0].set_value("\n".join(key.shares[2].lines()).lower()).run()
    passphrase_of(at, 1).set_value(PASSPHRASES[0])
    passphrase_of(at, 3).set_value("a wrong passphrase")
    click(at, "Check the passphrases")
    assert "1 of 2 shares are here" in said(at) and "passphrase of share 3 is wrong" in said(at)
    passphrase_of(at, 3).set_value(PASSPHRASES[2])
    click(at, "Check the passphrases")
    click(tick(at, "I have read"), "Close the wave now")
    assert services.design.wave(OPERATOR, "2026").state is WaveState.CLOSED
    assert "Save the protocol to print and sign (PDF)" in [one.label for one in at.get("download_button")]
    assert not any(passphrase in repr(at.session_state) for passphrase in PASSPHRASES)


def test_a_close_that_asks_is_answered_by_a_tick_and_an_open_wave_has_its_ways_out(look: Look, sqlite_services: Services) -> None:
    wave, _codes, shares = open_wave(sqlite_services, today=sqlite_services.clock.today())
    at = look("close")
    click(at, "Shut the box")
    assert sqlite_services.changing.is_shut(OPERATOR, wave.id) and any("The box is shut" in one.value for one in at.warning)
    click(at, "Reopen the box")
    assert not sqlite_services.changing.is_shut(OPERATOR, wave.id)
    click(at, "Extend the wave")
    assert sqlite_services.design.wave(OPERATOR, wave.id).closes > wave.closes
    at.file_uploader[0].set_value(files(shares)).run()
    click(tick(at, "I have read"), "Close the wave now")
    assert sqlite_services.design.wave(OPERATOR, wave.id).state is WaveState.OPEN
    assert any("Nobody has answered" in one.value for one in at.warning)
    at.file_uploader[0].set_value(files(shares)).run()
    tick(at, "Close the wave without a single answer")
    click(tick(at, "I have read"), "Close the wave now")
    assert sqlite_services.design.wave(OPERATOR, wave.id).state is WaveState.CLOSED


def test_a_wave_is_closed_with_its_shares_and_published(look: Look, sqlite_services: Services) -> None:
    today = sqlite_services.clock.today()
    wave, codes, shares = open_wave(sqlite_services, today=today, shares=3)
    questionnaire = sqlite_services.design.questionnaires(OPERATOR)[0]
    for code in codes["Sở A"][:20]:
        sqlite_services.collect.submit(code, {"answers": answers(questionnaire)}, today)
    field = look("fieldwork")
    assert [metric.value for metric in field.metric] == ["10%", "22%", "140", "7"]
    assert field.multiselect[0].value == ["t.b", "t.h", "t.k"]  # with 20 people Sở C may have had four answers more, and not be behind

    at = look("close")
    other = replace(shares[1], wave="1999")
    at.file_uploader[0].set_value(
        [("one.json", shares[0].to_bytes(), "application/json"), ("two.json", other.to_bytes(), "application/json")]
    )
    at.run()
    assert "another key" in at.error[0].value
    assert next(button for button in at.button if button.label == "Close the wave now").disabled
    at.file_uploader[0].set_value([(f"{share.number}.json", share.to_bytes(), "application/json") for share in shares[:2]])
    click(tick(at.run(), "I have read"), "Close the wave now")
    assert sqlite_services.design.wave(OPERATOR, wave.id).state is WaveState.CLOSED
    release = sqlite_services.results.release(OPERATOR, wave.id)
    forms = release.cell("t", FORMS)
    assert isinstance(forms, Cell)
    assert at.metric[0].value == str(forms.base)
    assert at.code[0].value == release.hash
    click(tick(at, "The results have been checked"), "Publish")
    assert sqlite_services.design.wave(OPERATOR, wave.id).state is WaveState.PUBLISHED


def test_units_are_previewed_then_saved(look: Look, sqlite_services: Services) -> None:
    settle(sqlite_services)
    changed = UNITS.replace(";40", ";44") + "t.z;Sở Z;;so;so_ban_nganh;t;;;;12\n"
    at = look("units")
    at.file_uploader[0].set_value(("units.csv", changed.encode(), "text/csv")).run()
    assert "1 new units, 1 changed, 5 unchanged" in said(at)
    assert "t.z" not in sqlite_services.design.units(OPERATOR)
    click(at, "Save 2 units")
    register = sqlite_services.design.units(OPERATOR)
    assert (register.by_id["t.a"].headcount, register.by_id["t.z"].headcount) == (44, 12)


def units_page(look: Look, language: str = "en") -> AppTest:
    return look("units", language=language)


def chosen(at: AppTest, kind: str, label: str) -> Any:
    return next(one for one in at.get(kind) if one.label == label)


def merging(at: AppTest, day: date = date(2025, 3, 1), units: tuple[str, ...] = ("t.a", "t.b")) -> AppTest:
    chosen(at, "date_input", "First day of the new arrangement").set_value(day)
    at.run()
    chosen(at, "multiselect", "Units that merge").set_value(list(units))
    return at.run()


def test_a_merger_is_shown_on_one_click_and_stored_on_the_next(look: Look, sqlite_services: Services) -> None:
    settle(sqlite_services)
    at = merging(units_page(look))
    chosen(at, "text_input", "Vietnamese name").set_value("Sở A và B").run()
    click(at, "Show what will happen")
    rows = at.table[0].value
    assert list(rows["Staff after"]) == ["", "", "70"] and list(rows["Unit id"]) == ["t\\.a", "t\\.b", "so\\-a\\-va\\-b"]
    assert "70, the same afterwards" in said(at) and "led back over the change" in said(at)
    assert "so-a-va-b" not in sqlite_services.design.units(OPERATOR)
    click(at, "Store this reorganisation")
    register = sqlite_services.design.units(OPERATOR)
    assert register.by_id["t.a"].successors == ("so-a-va-b",) and register.by_id["so-a-va-b"].headcount == 70
    assert "Stored. Merge units on 01/03/2025." in said(at)
    assert chosen(at, "multiselect", "Units that merge").value == []
    assert sqlite_services.access_log.entries(OPERATOR)[0].about["units"] == "t.a,t.b"


def test_what_was_typed_stays_when_it_is_refused_and_another_choice_takes_the_preview_away(look: Look, sqlite_services: Services) -> None:
    settle(sqlite_services)
    at = click(merging(units_page(look)), "Show what will happen")
    assert at.error[0].value.startswith("This cannot be done so")
    assert at.table[0].value.iloc[0]["Where"] == "Vietnamese name" and "has no name" in str(at.table[0].value.iloc[0]["What is wrong"])
    assert chosen(at, "multiselect", "Units that merge").value == ["t.a", "t.b"]
    chosen(at, "text_input", "Vietnamese name").set_value("Sở A và B").run()
    click(at, "Show what will happen")
    assert any(button.label == "Store this reorganisation" for button in at.button)
    chosen(at, "text_input", "Vietnamese name").set_value("Sở B và A").run()
    assert not any(button.label == "Store this reorganisation" for button in at.button)
    assert sqlite_services.design.units(OPERATOR).by_id["t.a"].valid_to is None


def test_somebody_elses_change_in_between_is_not_overwritten(look: Look, sqlite_services: Services) -> None:
    settle(sqlite_services)
    at = merging(units_page(look))
    chosen(at, "text_input", "Vietnamese name").set_value("Sở A và B").run()
    click(at, "Show what will happen")
    sqlite_services.design.save_units(OPERATOR, sqlite_services.design.read_units(OPERATOR, source("id;name_vi\nt.z;Sở Z\n")))
    click(at, "Store this reorganisation")
    assert "changed by somebody else" in said(at) and "t.z" in sqlite_services.design.units(OPERATOR)
    assert "so-a-va-b" not in sqlite_services.design.units(OPERATOR)


def test_every_operation_can_be_chosen_and_a_wave_in_the_field_says_why_not(look: Look, sqlite_services: Services) -> None:
    open_wave(sqlite_services)
    at = merging(units_page(look), day=TODAY)
    chosen(at, "selectbox", "They become").set_value("t.a").run()
    click(at, "Show what will happen")
    assert "in the field until" in at.error[0].value
    for kind, fill in {
        Kind.SPLIT: lambda: (
            chosen(at, "selectbox", "Unit that is split").set_value("t.h"),
            chosen(at, "text_input", "Name of new unit 1").set_value("Xã Một"),
            chosen(at, "text_input", "Name of new unit 2").set_value("Xã Hai"),
        ),
        Kind.RENAME: lambda: (
            chosen(at, "selectbox", "Unit that gets another name").set_value("t.c"),
            chosen(at, "text_input", "Vietnamese name").set_value("Sở Khác"),
        ),
        Kind.TRANSFER: lambda: (
            chosen(at, "multiselect", "Units that move").set_value(["t.c"]),
            chosen(at, "selectbox", "From then on they stand under").set_value("t.h"),
        ),
        Kind.DISSOLVE: lambda: (chosen(at, "multiselect", "Units that are dissolved").set_value(["t.k"]),),
    }.items():
        chosen(at, "selectbox", "What happens").set_value(kind).run()
        chosen(at, "date_input", "First day of the new arrangement").set_value(TODAY + timedelta(days=30)).run()
        fill()
        at.run()
        click(at, "Show what will happen")
        assert not at.error and any(button.label == "Store this reorganisation" for button in at.button), kind


def test_a_reorganisation_before_a_wave_that_was_held_is_stored_only_with_a_tick(look: Look, sqlite_services: Services) -> None:
    settle_past(sqlite_services)
    at = merging(units_page(look), day=date(2025, 1, 1), units=("t.a", "t.o"))
    chosen(at, "selectbox", "They become").set_value("t.a").run()
    click(at, "Show what will happen")
    assert "Wave 2025 ran until 20/06/2025" in said(at).replace("\\", "")
    store = next(button for button in at.button if button.label == "Store this reorganisation")
    assert store.disabled
    click(tick(at, "The results of 2025 stay"), "Store this reorganisation")
    assert sqlite_services.design.units(OPERATOR).by_id["t.a"].headcount == 110


def test_a_unit_is_found_without_its_marks_under_those_it_stands_under(look: Look, sqlite_services: Services) -> None:
    settle(sqlite_services)
    at = units_page(look, "vi")
    at.text_input(key="units.find").set_value("huyen k").run()
    assert [name.strip() for name in at.dataframe[0].value["Đơn vị"]] == ["Tỉnh Thử", "Huyện K"]
    at.text_input(key="units.find").set_value("inh").run()  # within "Tỉnh", but no word begins so
    assert "Không đơn vị nào" in said(at)
    at.text_input(key="units.find").set_value("t.k").run()
    assert [name.strip() for name in at.dataframe[0].value["Đơn vị"]] == ["Tỉnh Thử", "Huyện K"]
    at.text_input(key="units.find").set_value("khong co").run()
    assert "Không đơn vị nào" in said(at)


def test_each_wave_shows_the_numbers_it_was_planned_with(look: Look, sqlite_services: Services) -> None:
    draft_wave(sqlite_services)
    sqlite_services.design.save_units(OPERATOR, sqlite_services.design.read_units(OPERATOR, source("id;headcount\nt.a;44\n")))
    numbers = units_page(look).dataframe[1].value.set_index("Unit")
    row = numbers.loc["\u2003Department A"]
    assert (row["In the list"], row["2026"]) == (44, 40)


def test_a_list_that_can_be_read_two_ways_is_asked_about_on_the_page(look: Look, sqlite_services: Services) -> None:
    settle(sqlite_services)
    at = units_page(look)
    at.file_uploader[0].set_value(("units.csv", "STT;id;name_vi;valid_from\n1;t.a;Sở A;7/1/2025\n".encode(), "text/csv")).run()
    assert "can be two days" in str(at.table[0].value.iloc[0]["What is wrong"])
    assert at.table[0].value.iloc[0]["Column"] == desk.plain("Từ ngày (valid_from)")  # as the template heads it, and as the program does
    chosen(at, "radio", "How are dates like 7/1/2025 meant?").set_value("dmy").run()
    assert not at.error and "no column for" in said(at).replace("\\", "")
    click(at, "Save 1 units")
    stored = sqlite_services.design.units(OPERATOR).by_id["t.a"]
    assert (stored.valid_from, stored.parent, stored.headcount) == (date(2025, 1, 7), "t", 40)


def test_errors_of_a_file_name_row_column_and_cure(look: Look, sqlite_services: Services) -> None:
    settle(sqlite_services)
    at = look("units")
    at.file_uploader[0].set_value(("units.csv", UNITS.replace(";40", ";many").encode(), "text/csv")).run()
    assert "refused" in at.error[0].value
    table = at.table[0].value
    assert list(table.iloc[0])[:2] == ["3", desk.plain("Số CBCCVC (headcount)")]
    assert "whole number" in table.iloc[0]["What to do"]


def test_a_questionnaire_is_read_before_it_is_saved(look: Look, sqlite_services: Services) -> None:
    from survey.design.questionnaire_file import shipped_questionnaires, write_questionnaire

    written = write_questionnaire(shipped_questionnaires()[0])
    at = look("questionnaires")
    at.file_uploader[0].set_value(("q.yaml", written, "application/yaml")).run()
    assert not sqlite_services.design.questionnaires(OPERATOR)
    click(at, "Save the questionnaire vhcs\\-core 1\\.1")
    assert len(sqlite_services.design.questionnaires(OPERATOR)) == 1
    at.file_uploader[0].set_value(("q.yaml", written, "application/yaml")).run()
    assert "stored already" in said(at)


def test_a_new_version_shows_what_it_changes_and_what_that_does_to_the_series(look: Look, sqlite_services: Services) -> None:
    from survey.design.questionnaire_file import write_questionnaire

    settle(sqlite_services)
    stored = sqlite_services.design.questionnaires(OPERATOR)[0]
    theme = stored.themes[-1]
    words = [{**one, "vi": f"Một câu hỏi khác hẳn {one['id']}?"} if one["theme"] == theme.id else one for one in stored.source["items"]]
    document = {**stored.source, "items": words}
    document["meta"] = {**document["meta"], "version": "9.9"}
    written = write_questionnaire(replace(stored, source=document)).decode()
    at = look("questionnaires")
    at.file_uploader[0].set_value(("q.yaml", written.encode(), "application/yaml")).run()
    unbroken(at)
    assert any("Một câu hỏi khác hẳn" in str(table.value.to_numpy().tolist()) for table in at.table), said(at)
    assert theme.en in said(at) and "too few questions are the same" in said(at)
    assert len(sqlite_services.design.questionnaires(OPERATOR)) == 1  # shown before anything is stored
    click(at, "Save the questionnaire vhcs\\-core 9\\.9")
    assert [one.version for one in sqlite_services.design.questionnaires(OPERATOR)] == [stored.version, "9.9"]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_questionnaire_without_an_introduction_is_read_saved_and_shown(look: Look, sqlite_services: Services, language: str) -> None:
    form = (REPOSITORY / "tests" / "data" / "cases" / "officer" / "q5_bay_gioi_tinh.xlsx").read_bytes()
    at = look("questionnaires", language=language)
    at.file_uploader[0].set_value(("q5.xlsx", form, "")).run()
    unbroken(at)
    save = next(button for button in at.button if button.label.startswith(("Save", "Lưu")))
    unbroken(save.click().run())
    assert len(sqlite_services.design.questionnaires(OPERATOR)) == 1
    unbroken(look("questionnaires", language=language))


def test_a_limesurvey_form_is_refused_with_its_list_or_read_without_what_is_on_it(look: Look, sqlite_services: Services) -> None:
    from tests.design.test_limesurvey import SMALL

    at = look("questionnaires")
    at.file_uploader[0].set_value(("phieu.lss", SMALL.encode(), "application/xml")).run()
    assert list(at.table[0].value["Column"]) == ["many", "email"] and not at.success
    tick(at, "Leave out, and list, what cannot be asked or scored here")
    assert list(at.table[0].value["Column"]) == ["many", "email"] and "can be read" in at.success[0].value
    click(at, "Save the questionnaire lime\\-55 1")
    assert [one.id for one in sqlite_services.design.questionnaires(OPERATOR)] == ["lime-55"]


def test_past_counts_are_shown_then_stored_published_and_taken_back(look: Look, sqlite_services: Services) -> None:
    questionnaire = settle(sqlite_services)
    rows = [f"2019,{unit},{item.id},{option},6" for unit in ("t.a", "t.b") for item in questionnaire.items for option in (2, 4)]
    content = "wave,unit,item,option,n\n" + "\n".join(rows) + "\n"
    at = look("imports")
    at.radio[0].set_value("counts").run()
    at.file_uploader[0].set_value(("counts.csv", content.encode(), "text/csv")).run()
    click(at, "Look at the result")
    assert "2 Disagree: 12" in at.table[0].value.iloc[0]["As it will be counted"].replace("\\", "")
    assert not sqlite_services.design.waves(OPERATOR)
    click(tick(at, "The figures are right"), "Store as a draft")
    assert [(wave.id, wave.state) for wave in sqlite_services.design.waves(OPERATOR)] == [("2019", WaveState.CLOSED)]
    click(at, "Publish the wave 2019")
    assert sqlite_services.design.wave(OPERATOR, "2019").state is WaveState.PUBLISHED
    click(at, "Withdraw the publication of 2019")
    assert sqlite_services.design.wave(OPERATOR, "2019").state is WaveState.CLOSED
    assert "Throw the draft away" not in [one.label for one in at.button]  # it was public
    bad = look("imports")
    bad.radio[0].set_value("counts").run()
    bad.file_uploader[0].set_value(("counts.csv", content.replace("t.b", "t.x").encode(), "text/csv")).run()
    click(bad, "Look at the result")
    assert "unit" in list(bad.table[0].value["Column"])


def test_printed_scores_are_imported_by_clicking(look: Look, sqlite_services: Services) -> None:
    settle(sqlite_services)
    at = look("imports")
    at.radio[0].set_value("scores").run()
    file = SCORES_EXAMPLE.replace("tinh;", "t;").replace("so.nv", "t.a")
    at.file_uploader[0].set_value(("scores.csv", file.encode(), "text/csv")).run()
    click(at, "Look at the result")
    assert at.table[0].value["of these without a base"].iloc[0] == "1"
    assert not sqlite_services.design.waves(OPERATOR)
    click(tick(at, "The figures are right"), "Store as a draft")
    release = sqlite_services.results.release(OPERATOR, "2019")
    index = release.cell("t", INDEX)
    assert release.scores_only and isinstance(index, Cell) and index.score == 64.3 and index.base is None


def test_past_answers_are_mapped_by_choosing_and_become_a_draft(look: Look, sqlite_services: Services) -> None:
    """A header below a title, an unknown option, a column of another name: all put right with lists alone."""
    settle(sqlite_services)
    lines = [
        "Kết quả năm cũ;;;",
        "Đơn vị;KC1;Câu lạ;Ghi thêm",
        *(f"{unit};{4 + n % 2};{'Tốt' if n % 3 else 'Kém'};x" for n, unit in enumerate(["Sở A"] * 12 + ["SO B"] * 10)),
    ]
    at = look("imports")
    at.file_uploader[0].set_value(("ket-qua-2021.csv", "\n".join(lines).encode(), "text/csv")).run()
    assert "22 rows below the header in row 2" in said(at)
    assert chosen(at, "selectbox", "Meaning of KC1").value.id == "KC1" and chosen(at, "selectbox", "Wave of all rows").value == "2021"
    other = next(box for box in at.selectbox if box.label == "Column")
    assert [option.split(" (")[0] for option in other.options] == ["Câu lạ", "Ghi thêm"]
    use = next(box for box in at.selectbox if box.label == "Meaning")
    use.set_value(next(one for one in uses(sqlite_services) if one.id == "KC2")).run()
    click(at, "Use this column")
    assert "2 values have no meaning yet" in said(at) and not any(one.label == "Look at the result" for one in at.button)
    chosen(at, "selectbox", "Meaning of Tốt").set_value("5").run()
    chosen(at, "selectbox", "Meaning of Kém").set_value("").run()
    click(at, "Look at the result")
    row = at.table[0].value.iloc[1]
    counted = row["In the file → as it will be counted"].replace("\\", "")
    assert "Tốt: 14 → 5" in counted and "Kém: 8 → no answer" in counted and "5: 14; don't know: 0, no answer: 8" in counted
    click(tick(at, "The figures are right"), "Store as a draft")
    wave = sqlite_services.design.wave(OPERATOR, "2021")
    assert wave.state is WaveState.CLOSED and "Stored as a draft" in said(at)
    click(at, "Throw the draft away")
    assert not sqlite_services.design.waves(OPERATOR)


def test_a_mapping_that_was_kept_is_put_upon_the_next_file(look: Look, sqlite_services: Services) -> None:
    settle(sqlite_services)
    kept = 'wave: "2020"\nunit: {column: Đơn vị}\nitems:\n  KC2: {column: Câu lạ, values: {Tốt: 5, Kém: }}\n'
    lines = ["Đơn vị;KC1;Câu lạ", *(f"Sở A;4;{'Tốt' if n % 3 else 'Kém'}" for n in range(12))]
    at = look("imports")
    at.file_uploader[0].set_value(("ket-qua-2021.csv", "\n".join(lines).encode(), "text/csv")).run()
    kept_mapping(at).set_value(("anh-xa.yaml", kept.encode(), "application/yaml")).run()
    assert chosen(at, "selectbox", "Meaning of Câu lạ").value.id == "KC2" and chosen(at, "selectbox", "Wave of all rows").value == "2021"
    assert "made for the wave 2020, this file is taken for 2021" in said(at).replace("\\", "")
    assert not any(box.label == "Meaning of KC1" for box in at.selectbox)  # the mapping does not speak of it
    click(at, "Look at the result")
    assert at.table[0].value["Question"].iloc[0].startswith("KC2") and len(at.table[0].value) == 1
    kept_mapping(at).set_value(("anh-xa.yaml", kept.replace("KC2", "KC99").encode(), "application/yaml")).run()
    assert list(at.table[0].value["Column"]) == ["items\\.KC99"]


def kept_mapping(at: AppTest) -> Any:
    return next(one for one in at.file_uploader if "mapping" in one.label)


def uses(services: Services) -> list[Any]:
    return list(services.proposing.proposer(OPERATOR, services.design.questionnaires(OPERATOR)[0]).questions)


def test_a_link_is_shown_once_no_password_ever_and_the_last_organizer_stays(look: Look, sqlite_services: Services) -> None:
    settle(sqlite_services)
    at = look("accounts")
    at.text_input[0].set_value("lan.anh").run()
    at.selectbox[0].set_value("t.a").run()
    click(at, "Add the account")
    address, token = at.code[0].value.split("#")
    assert address == "http://127.0.0.1:8501/join?lang=en" and at.code[0].value in at.code[1].value
    assert sqlite_services.joining.opened(token).name == "lan.anh"
    assert not any("assword of" in one.value for one in at.success)
    assert at.table[0].value["State"].iloc[0] == "Waits until its link is opened"
    assert (sqlite_services.accounts.list(OPERATOR)[0].unit, sqlite_services.accounts.list(OPERATOR)[0].role) == ("t.a", Role.LEADER)
    click(at, "Add the account")
    assert "3 to 60" in at.error[0].value  # what was chosen for the account before is not taken for the next
    at.text_input(key=next(box.key for box in at.text_input if box.label == "Account name")).set_value("to.dem").run()
    click(at, "Add the account")
    assert [account.unit for account in sqlite_services.accounts.list(OPERATOR)] == ["t.a", None]
    assert {at.code[0].value, at.code[2].value} > {f"{address}#{token}"}  # both wait to be handed over
    click(at, "I have handed it over; hide the link")
    click(at, "I have handed it over; hide the link")
    assert not at.code
    click(at, "Make a new link")
    with pytest.raises(SurveyError, match="no longer valid"):
        sqlite_services.joining.opened(token)
    sqlite_services.joining.choose(at.code[0].value.split("#")[1], "bon tu khong lien quan")
    sqlite_services.accounts.add(OPERATOR, "boss", Role.ORGANIZER, "a-long-password")
    at = look("accounts")
    next(box for box in at.selectbox if box.key == "disable.name").set_value("boss").run()
    click(tick(at, "Yes, disable boss"), "Disable")
    assert "last organizer" in at.error[0].value


def test_downloads_name_the_wave_and_show_its_hash(look: Look, sqlite_services: Services) -> None:
    wave, _codes, shares = open_wave(sqlite_services, today=sqlite_services.clock.today() - timedelta(days=30))
    release = sqlite_services.closing.close(OPERATOR, wave.id, shares, accept=[Doubt.EMPTY])
    at = look("downloads")
    assert [one.label for one in at.get("download_button")] == [
        "Save Excel (.xlsx)",
        "Save CSV",
        "Save the codebook (CSV)",
        "Save SPSS (.sav)",
    ]
    at.toggle[0].set_value(True).run()
    assert at.code[0].value == release.hash


def test_the_log_shows_who_did_what_and_that_nothing_was_changed(look: Look, sqlite_services: Services) -> None:
    settle(sqlite_services)
    sqlite_services.access_log.note("lan.anh", Action.SIGN_IN)
    tip = sqlite_services.access_log.verify(OPERATOR).tip
    at = look("log")
    assert "Verified" in said(at) and at.code[0].value == tip.hash
    shown = at.dataframe[0].value
    assert list(shown["What was done"]) == ["Signed in", "Questionnaire saved", "Units saved"]
    assert list(shown["Concerning"])[1:] == ["questionnaire: vhcs-core; version: 1.1", "units saved: 6; units: 6"]
    assert list(shown["Account"])[1:] == ["(command on the server)"] * 2
    at.selectbox[0].set_value("lan.anh").run()
    assert list(at.dataframe[0].value["Account"]) == ["lan.anh"]
    at.text_input[0].set_value("0" * 63 + "1").run()
    assert "no line has the hash" in said(at)
    with sqlite_services.engines[0].begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER access_log_no_update")
        connection.exec_driver_sql("UPDATE access_log SET account = 'x' WHERE number = 2")
    assert "Line 2 was changed" in said(look("log"))


def test_every_action_and_subject_of_the_log_has_words() -> None:
    assert set(log.ACTIONS) == set(Action)
    register = UnitRegister((Unit(id="t.a", name_vi="Sở A", name_en="", kind="so", group="so_ban_nganh", valid_from=date(2025, 7, 1)),))

    def said_of(subject: str) -> str:
        entry = Entry(number=1, minute="2026-11-24T20:40Z", account="a", action=Action.SIGN_IN.value, subject=subject, previous="0" * 64)
        return log.about(entry, register, Locale("vi"), 12)

    assert said_of("account=a role=leader unit=t.a") == "tài khoản: a; vai trò: lãnh đạo; đơn vị: Sở A"
    assert said_of("open_box=no") == "kèm hòm phiếu đang mở: không"
    assert said_of("operation=merge units=t.a,gone on=2026-07-01") == "việc: Sáp nhập đơn vị; đơn vị: Sở A, gone; từ ngày: 01/07/2026"
    assert said_of("wave=2026 looked=1046 progress=done measure=theme:KC").startswith(
        "đợt: 2026; số ý kiến đã xem: 1.046; tiến độ: Đã nghe"
    )
    assert said_of("settings=contact,mail_server format=sav") == (
        "thiết lập: Nơi người trả lời có thể hỏi, Máy chủ thư, nếu muốn gửi thư điện tử; định dạng: SPSS"
    )


def test_a_fact_about_the_person_read_as_a_score_is_noticed(look: Look) -> None:
    """1 = male, 2 = female is a breakdown; where the file itself calls it a scale, the preview says so before it is saved."""
    from tests.design.test_xlsform import Rows, book

    survey: Rows = [
        ["type", "name", "label"], ["begin_group", "KC", "Kỷ cương"], ["select_one agree", "Q1", "Câu một"],
        ["select_one agree", "Q2", "Câu hai"], ["select_one sex", "Q3", "Giới tính"], ["end_group"],
    ]  # fmt: skip
    choices: Rows = [["list_name", "name", "label", "lng_best"], *(["agree", value, f"Mức {value}"] for value in range(1, 6))]
    plain = book(survey, [*choices, ["sex", 1, "Nam"], ["sex", 2, "Nữ"]]).content
    at = look("questionnaires")
    at.file_uploader[0].set_value(("form.xlsx", plain, "application/octet-stream")).run()
    became = at.table[0].value.to_numpy().tolist()
    assert became[0][2] == "2\\: Q1, Q2" and became[1] == ["Breakdown, never scored", "Nam / Nữ", "1\\: Q3"]
    content = book(survey, [*choices, ["sex", 1, "Nam", "high"], ["sex", 2, "Nữ"]]).content
    at.file_uploader[0].set_value(("form.xlsx", content, "application/octet-stream")).run()
    became = at.table[0].value.to_numpy().tolist()
    assert became[1] == ["Scored questions, from low to high", "1 Nam → 2 Nữ", "1\\: Q3"]
    assert "Look closely at Q3" in at.warning[0].value
    assert "Q1" not in at.warning[0].value


def test_participation_is_a_table_that_says_what_is_hidden(look: Look, sqlite_services: Services) -> None:
    small = UNITS.replace("so_ban_nganh;t;;;;20", "so_ban_nganh;t;;;;")
    settle(sqlite_services)
    sqlite_services.design.save_units(OPERATOR, sqlite_services.design.read_units(OPERATOR, source(small)))
    today = sqlite_services.clock.today()
    sqlite_services.design.create_wave(OPERATOR, "2026", "vhcs-core", today, today + timedelta(days=7), plan={})
    sqlite_services.fieldwork.print_codes(OPERATOR, "2026")
    sqlite_services.fieldwork.open_wave(OPERATOR, "2026")
    tables = "".join(one.proto.body for one in look("fieldwork").get("html") if "ln-part" in one.proto.body)
    assert "Department A" in tables and "width:0%" in tables
    row = next(row for row in tables.split("<tr>") if "Department C" in row)
    assert "not shown" in row and "width:" not in row


def test_a_second_organizer_page_of_the_same_name_is_not_offered() -> None:
    """The steps of a wave stand in its checklist, the editor beside its questionnaire; the menu keeps what is not a step."""
    from pages.navigation.catalogue import ORGANIZE, paths

    served, _other = paths("all")
    assert len(set(served)) == len(served)
    assert "/" in served
    steps = {spec.url_path for spec in ORGANIZE if spec.hidden}
    assert steps == {
        f"organize-{name}"
        for name in ("new", "editing", "slips", "invitations", "opening", "fieldwork", "paper", "close", "comments", "editor")
    }


def test_the_reports_of_all_units_are_made_in_the_background_and_saved_as_one_zip(look: Look, sqlite_services: Services) -> None:
    settle_past(sqlite_services, ("2025",))
    at = look("downloads")
    assert "Save the reports (.zip)" not in [button.proto.label for button in at.get("download_button")]
    click(at, "Make the reports of all units")
    assert "Save the reports (.zip)" in [button.proto.label for button in at.get("download_button")]
    wave, kind, content = at.session_state["organizer.reports"]
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert (wave, kind) == ("2025", "docx")
    assert len(names) == len(sqlite_services.reports.units(OPERATOR, "2025")) and "bao-cao-2025-t.a.docx" in names
