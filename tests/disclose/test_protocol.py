"""What is left of an opened box: the protocol and the list of receipts, and what they must not tell."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from bootstrap import Services, Settings, build
from survey.access import OPERATOR
from survey.collect.keys import fingerprint
from survey.disclose.release import FORMS, Release, Suppressed
from survey.disseminate.protocol_pdf import protocol_pdf
from survey.errors import SurveyError
from survey.i18n import Locale
from survey.source import Source
from tests.importing import import_counts
from tests.printed import pages, words
from tests.small_world import GENDER, TODAY, answers, open_wave, settle

PEOPLE = {"Sở A": 20, "Huyện H": 12, "Huyện K": 12}


def closed(services: Services, people: dict[str, int] | None = None, extra: int = 0) -> tuple[Release, list[str]]:
    """A wave of 2 of 3 shares, closed with shares 1 and 3; and the receipts its people were shown."""
    wave, codes, shares = open_wave(services, shares=3, breakdowns=GENDER)
    if extra:
        services.fieldwork.extra_codes(OPERATOR, wave.id, "t.a", extra)
    questionnaire = services.design.questionnaires(OPERATOR)[0]
    shown = [
        services.collect.submit(code, {"answers": answers(questionnaire, 2 + number % 3)}, TODAY).text
        for unit, count in (PEOPLE if people is None else people).items()
        for number, code in enumerate(codes[unit][:count])
    ]
    return services.closing.close(OPERATOR, wave.id, (shares[0], shares[2])), shown


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """Of such a wave, for those who only look at it."""
    services = build(Settings.read({"LANGNGHE_DATA_DIR": str(tmp_path_factory.mktemp("protocol"))}))
    made, _ = closed(services)
    services.close()
    return made


def test_the_protocol_is_stored_with_the_release_and_reckons_up(services: Services) -> None:
    release, _ = closed(services, extra=3)
    again = services.results.release(OPERATOR, "2026")
    assert again.wave.public_key is not None
    found = dict(again.protocol)
    shown = again.cells["reason"] == ""
    assert found == {
        "key": fingerprint(again.wave.public_key),
        "shares": 3, "shares_needed": 2, "shares_used": [1, 3],
        "slips": 143, "extra_slips": 3, "invited": 0, "collected": 0,
        "handed_out": None, "unused": None, "asked": 0, "listed": False, "withdrawn": 0,
        "spent": 44, "ballots": 44, "opened": 44, "paper": None, "refused": 0,
        "published": int(shown.sum()), "hidden": int((~shown).sum()),
        "release": again.hash,
        "receipts": hashlib.sha256(services.results.receipts("2026").encode()).hexdigest(),
    }  # fmt: skip
    assert found == dict(release.protocol)


def test_every_receipt_that_was_shown_is_on_the_list_and_nothing_else(services: Services) -> None:
    _, shown = closed(services)
    assert services.results.receipts("2026") == "".join(f"{receipt}\n" for receipt in sorted(shown))


def test_the_list_tells_no_order_and_a_receipt_no_answers(sqlite_services: Services) -> None:
    """Equal answers of one unit have unlike receipts, and the list is sorted whatever the order of arrival was."""
    _, shown = closed(sqlite_services, {"Sở A": 30})
    listed = sqlite_services.results.receipts("2026").split()
    assert len(set(shown)) == 30 and listed == sorted(listed) and listed != shown


def test_with_too_few_people_there_is_no_list_and_no_count(sqlite_services: Services) -> None:
    release, shown = closed(sqlite_services, {"Sở A": 4})
    assert isinstance(release.cell("t", FORMS), Suppressed) and len(shown) == 4
    assert sqlite_services.results.receipts("2026") == ""
    protocol = sqlite_services.results.release(OPERATOR, "2026").protocol
    assert (protocol["ballots"], protocol["opened"], protocol["refused"], protocol["receipts"]) == (None, None, 0, "")
    text = " ".join(map(words, pages(protocol_pdf(release, Locale("vi")))))
    assert text.count("không ghi: có ít hơn 5 người trả lời") == 3 and "không lập danh sách" in text


def test_the_number_of_receipts_is_a_number_the_release_prints(sqlite_services: Services) -> None:
    release, _ = closed(sqlite_services, {"Sở A": 5})
    forms = release.cell("t", FORMS)
    assert not isinstance(forms, Suppressed) and forms.base == len(sqlite_services.results.receipts("2026").split()) == 5


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_printed_protocol_has_the_official_head_and_every_number(release: Release, language: str) -> None:
    found = release.protocol
    sheets = pages(protocol_pdf(release, Locale(language)))
    text = " ".join(map(words, sheets))
    joined = text.replace(" ", "")
    assert len(sheets) == 1
    assert text.index("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM") < text.index("Độc lập - Tự do - Hạnh phúc")
    for digest in (release.hash, release.plan.hash, release.policy_hash, found["receipts"], found["key"]):
        assert digest in joined
    assert text.count(" 44 ") >= 2 and " 140 " in text
    for title in {"vi": ("BIÊN BẢN MỞ HÒM PHIẾU", "Người giữ phần khóa 3", "ngày ....."), "en": ("PROTOCOL OF THE OPENING", "share 3")}[
        language
    ]:
        assert title in text
    assert "{" not in text
    not_named, about = {"vi": ("dưới 5 phiếu giấy", "khoảng 20"), "en": ("under 5 on paper", "about 20")}[language]
    assert not_named in text
    on_paper = pages(protocol_pdf(replace(release, protocol={**found, "paper": 20}), Locale(language)))
    assert len(on_paper) == 1 and about in words(on_paper[0])


def test_a_long_protocol_goes_on_with_a_numbered_page(release: Release) -> None:
    many = replace(release, protocol=dict(release.protocol) | {"shares_used": list(range(1, 10)), "invited": 30, "collected": 20})
    sheets = pages(protocol_pdf(many, Locale("vi")))
    assert len(sheets) == 2 and words(sheets[1]).startswith("2 ") and "Người giữ phần khóa 9" in words(sheets[1])


def test_an_imported_wave_has_no_protocol(sqlite_services: Services) -> None:
    settle(sqlite_services)
    questionnaire = sqlite_services.design.questionnaires(OPERATOR)[0]
    rows = [f"2019,{unit},{item.id},{option},6" for unit in ("t.a", "t.b") for item in questionnaire.items for option in (2, 4)]
    content = "wave,unit,item,option,n\n" + "\n".join(rows) + "\n"
    import_counts(sqlite_services, Source("counts.csv", content.encode()), questionnaire)
    assert sqlite_services.results.receipts("2019") == ""
    with pytest.raises(SurveyError, match="no box was opened"):
        protocol_pdf(sqlite_services.results.release(OPERATOR, "2019"), Locale("vi"))
