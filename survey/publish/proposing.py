"""Proposing what a file of past answers means, before it is imported: for the page that maps by clicking, and for a mapping file."""

from __future__ import annotations

from typing import Protocol

from survey.access import Permission, Viewer, require
from survey.design.questionnaire import Questionnaire
from survey.design.units import UnitRegister
from survey.errors import N_, InputRefused, Problem
from survey.process.mapping_file import read_mapping
from survey.process.proposal import Kind, Proposal, Proposer
from survey.source import Source


class Store(Protocol):
    def register(self) -> UnitRegister: ...


class Proposing:
    """Every method asks access; nothing is ever stored."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def proposer(self, viewer: Viewer | None, questionnaire: Questionnaire) -> Proposer:
        """For whoever goes on choosing: the questionnaire, and the units as they are registered now."""
        require(viewer, Permission.WAVES_EDIT)
        return Proposer(questionnaire, self._store.register())

    def propose(
        self, viewer: Viewer | None, questionnaire: Questionnaire, answers: Source, *, wave: str = "", unit_column: str = ""
    ) -> Proposal:
        """For a mapping file: refused where not one column is a question."""
        found = self.proposer(viewer, questionnaire).propose(answers, wave=wave, unit_column=unit_column)
        if not found.used(Kind.ITEM):
            message = N_("no column of the file belongs to a question of {id}.")
            cure = N_("Is it the right questionnaire? LimeSurvey can export the answers with question codes.")
            raise InputRefused(answers.name, [Problem(message=message, cure=cure, values={"id": questionnaire.id})])
        return found

    def adopt(self, viewer: Viewer | None, questionnaire: Questionnaire, proposal: Proposal, mapping: Source) -> Proposal:
        """A mapping that was kept, put upon the columns of another file."""
        require(viewer, Permission.WAVES_EDIT)
        register = self._store.register()
        return Proposer(questionnaire, register).adopted(proposal, read_mapping(mapping, questionnaire, register))
