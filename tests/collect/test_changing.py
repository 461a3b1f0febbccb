"""A wave off the straight road: each way out, its line in the log, and what respondents are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bootstrap import Services
from survey.access import OPERATOR, Role, Viewer
from survey.collect.blind import fingerprint
from survey.collect.box import BoxShut, Contents, begin_for
from survey.collect.form.view import form_view
from survey.collect.invitations import _new_key
from survey.collect.service import WaveNotOpen
from survey.design.wave import WaveState
from survey.errors import NotAllowed, SurveyError
from survey.i18n import Locale
from tests.invited_world import ADDRESS, PEOPLE, invited_wave, mailbox, people_file
from tests.small_world import GENDER, TODAY, draft_wave, open_wave

LEADER = Viewer(name="l", role=Role.LEADER)


def done(services: Services) -> list[str]:
    return [entry.action for entry in services.access_log.entries(OPERATOR)][::-1]


def test_a_box_is_shut_and_reopened_by_a_word_of_the_organizer(services: Services) -> None:
    wave, codes, _shares = open_wave(services)
    services.changing.shut(OPERATOR, wave.id)
    services.changing.shut(OPERATOR, wave.id)
    assert services.changing.is_shut(OPERATOR, wave.id)
    with pytest.raises(BoxShut):
        services.collect.open(codes["Sở A"][0], TODAY)
    services.changing.reopen(OPERATOR, wave.id)
    assert not services.collect.submit(codes["Sở A"][0], {}, TODAY).already
    with pytest.raises(SurveyError, match="not shut"):
        services.changing.reopen(OPERATOR, wave.id)
    assert done(services)[-2:] == ["wave-shut", "wave-reopened"]


def test_a_counted_box_says_that_it_can_only_be_closed(services: Services) -> None:
    wave, _codes, _shares = open_wave(services)
    services.box.settle(wave.id, services.box.shut(wave.id))
    with pytest.raises(SurveyError, match="have been counted"):
        services.changing.reopen(OPERATOR, wave.id)


def test_an_extended_wave_takes_answers_longer_and_says_so_on_the_page(services: Services) -> None:
    wave, codes, _shares = open_wave(services)
    late = wave.closes + timedelta(days=3)
    with pytest.raises(WaveNotOpen):
        services.collect.open(codes["Sở A"][0], late)
    for day in (wave.closes, wave.closes - timedelta(days=1)):
        with pytest.raises(SurveyError, match="later than"):
            services.changing.extend(OPERATOR, wave.id, day, TODAY)
    services.changing.extend(OPERATOR, wave.id, late, TODAY)
    opened = services.collect.open(codes["Sở A"][0], late)
    assert f"{late:%d/%m/%Y}" in form_view(opened, services.policy, Locale("vi"))["until"]
    assert done(services)[-1] == "wave-extended"


def test_a_draft_is_edited_and_an_open_wave_is_not(services: Services) -> None:
    draft_wave(services)
    edited = services.design.edit_wave(OPERATOR, "2026", opens=TODAY + timedelta(days=1), title_vi="Đợt mới")
    assert services.design.wave(OPERATOR, "2026") == edited and edited.title_vi == "Đợt mới"
    with pytest.raises(SurveyError, match="cannot close before"):
        services.design.edit_wave(OPERATOR, "2026", closes=TODAY - timedelta(days=9))
    services.fieldwork.open_wave(OPERATOR, "2026")
    with pytest.raises(SurveyError, match="Only a draft"):
        services.design.edit_wave(OPERATOR, "2026", title_vi="x")


def test_an_opening_by_mistake_is_taken_back_and_the_same_slips_serve_again(services: Services) -> None:
    wave, codes, shares = open_wave(services, breakdowns=GENDER)
    code = codes["Sở A"][0]
    services.collect.submit(code, {}, TODAY)
    with pytest.raises(SurveyError, match="key shares"):
        services.changing.cancel(OPERATOR, wave.id, ())
    services.changing.cancel(OPERATOR, wave.id, shares)
    draft = services.design.wave(OPERATOR, wave.id)
    assert draft.state is WaveState.DRAFT and draft.public_key is None
    assert services.box.standing(wave.id) is None and not list(services.settings.data_dir.glob("phu-*"))
    assert all(used == 0 for _given, used in services.fieldwork._store.participation(wave.id).values())
    with pytest.raises(WaveNotOpen):
        services.collect.open(code, TODAY)
    _again, other = services.fieldwork.open_wave(OPERATOR, wave.id)
    assert not services.collect.submit(code, {}, TODAY).already
    with pytest.raises(SurveyError):
        services.closing.close(OPERATOR, wave.id, shares)
    assert services.closing.close(OPERATOR, wave.id, other).protocol["refused"] == 0
    assert "wave-cancelled" in done(services)


def test_another_process_puts_no_ballot_under_the_cover_of_a_box_that_was_cancelled(services: Services) -> None:
    """It has read the old box's cover; the box of the second opening has another."""
    from db.box import SealedBox

    wave, _codes, shares = open_wave(services)
    other = SealedBox(services.engines[1], services.box.covers)
    assert other.put(wave.id, bytes(32), b"sealed")
    services.changing.cancel(OPERATOR, wave.id, shares)
    services.fieldwork.open_wave(OPERATOR, wave.id)
    assert other.put(wave.id, bytes([1]) * 32, b"sealed")
    read = [portion.read() for portion in services.box.portions(wave.id)]
    assert [found for found in read if found != Contents([])] == [Contents([b"sealed"])]


def test_a_cancelling_that_was_cut_off_is_finished_by_cancelling_again(services: Services) -> None:
    wave, _codes, shares = open_wave(services)
    services.box.destroy(wave.id)
    services.changing.cancel(OPERATOR, wave.id, shares)
    assert services.design.wave(OPERATOR, wave.id).state is WaveState.DRAFT


def test_the_contact_of_a_wave_is_one_line_kept_until_it_is_changed_or_taken_away(services: Services) -> None:
    draft_wave(services)
    assert services.design.wave(OPERATOR, "2026").contact == ""
    services.design.edit_wave(OPERATOR, "2026", contact=" Bà Lan,\n Sở Nội vụ,  0261 ")
    services.design.edit_wave(OPERATOR, "2026", title_vi="Khảo sát thử")
    kept = services.design.wave(OPERATOR, "2026")
    assert (kept.contact, kept.title_vi) == ("Bà Lan, Sở Nội vụ, 0261", "Khảo sát thử")
    for wrong in ("x" * 201, "Bà\x07Lan"):
        with pytest.raises(SurveyError, match="one line of at most 200"):
            services.design.edit_wave(OPERATOR, "2026", contact=wrong)
    assert services.design.wave(OPERATOR, "2026") == kept
    services.design.edit_wave(OPERATOR, "2026", contact="")
    assert services.design.wave(OPERATOR, "2026").contact == ""


def test_only_an_organizer_changes_a_wave(sqlite_services: Services) -> None:
    services = sqlite_services
    wave, _codes, shares = open_wave(services)
    for act in (
        lambda: services.changing.shut(LEADER, wave.id),
        lambda: services.changing.reopen(LEADER, wave.id),
        lambda: services.changing.extend(LEADER, wave.id, wave.closes + timedelta(days=1), TODAY),
        lambda: services.design.edit_wave(LEADER, wave.id),
        lambda: services.changing.cancel(LEADER, wave.id, shares),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_whoever_is_invited_after_an_opening_that_was_cut_off_finds_the_box(services: Services) -> None:
    """Inviting puts the signs of new keys into the draft's plan, when its box may have been begun already."""
    draft_wave(services)
    begin_for(services.box, services.design.wave(OPERATOR, "2026"))
    wave, key = services.design.wave(OPERATOR, "2026"), _new_key()
    plan = replace(wave.plan, key_signs={"t.a": fingerprint(key.modulus)})
    services.invitations._invitations.add(wave, [("t.a", "an@so-a.example")], {"t.a": key}, plan)
    assert services.design.wave(OPERATOR, "2026").plan.hash != wave.plan.hash
    services.fieldwork.open_wave(OPERATOR, "2026")
    assert services.changing.is_shut(OPERATOR, "2026") is False


def test_an_opening_that_is_taken_back_takes_the_signs_of_its_keys_along(services: Services) -> None:
    """Else everybody invited again would be told that the key of the unit was exchanged."""
    with mailbox() as post:
        wave, shares = invited_wave(services, post)
        assert wave.plan.key_signs
        services.changing.cancel(OPERATOR, wave.id, shares)
        draft = services.design.wave(OPERATOR, wave.id)
        assert not draft.plan.key_signs and draft.plan.hash != wave.plan.hash
        services.invitations.add_people(OPERATOR, wave.id, people_file(*PEOPLE))
        services.invitations.send(OPERATOR, wave.id, ADDRESS, post.server, Locale("vi"))
        services.fieldwork.open_wave(OPERATOR, wave.id)
        assert services.credentials.open(post.token(PEOPLE[0]), TODAY).unit.id == "t.a"


def test_a_lost_cover_does_not_take_the_pages_along(services: Services) -> None:
    """Slips that were made are known without it; what was used is not, and says so."""
    wave, codes, _shares = open_wave(services)
    services.collect.submit(codes["Sở A"][0], {}, TODAY)
    services.waves.counting.rest()
    services.box.forget(wave.id)
    assert services.fieldwork.slips_made(OPERATOR, wave.id) == sum(map(len, codes.values()))
    with pytest.raises(SurveyError, match="langnghe wave cover"):
        services.fieldwork.participation(OPERATOR, wave.id)
