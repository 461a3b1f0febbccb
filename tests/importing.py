"""Past results taken in and published at once, as `langnghe import` does."""

from __future__ import annotations

from bootstrap import Services
from survey.access import OPERATOR
from survey.design.questionnaire import Questionnaire
from survey.disclose.release import Release
from survey.publish.import_options import ImportOptions
from survey.publish.preview import Prepared
from survey.source import Source


def import_counts(
    services: Services, source: Source, questionnaire: Questionnaire, *, published: bool = False, replacing: bool = False
) -> tuple[Release, ...]:
    options = ImportOptions(published=published, replacing=replacing)
    return _stored(services, services.importing.prepare_counts(OPERATOR, source, questionnaire, options), replacing)


def import_responses(services: Services, source: Source, questionnaire: Questionnaire, mapping: Source) -> tuple[Release, ...]:
    return _stored(services, services.importing.prepare_responses(OPERATOR, source, questionnaire, mapping))


def _stored(services: Services, prepared: Prepared, replacing: bool = False) -> tuple[Release, ...]:
    services.importing.store(OPERATOR, prepared.releases, prepared.comments, replacing)
    return prepared.releases
