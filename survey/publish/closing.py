"""Closing a wave: open, shuffle, check, tally, protect, audit, write the release, destroy the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from survey.access import Permission, Viewer, require
from survey.access_log import Action, Log
from survey.collect.door import Door, SlipCount, at_the_door
from survey.collect.fieldwork import InvitedUnits
from survey.collect.keys import KeyShare, join_key
from survey.design.questionnaire import Questionnaire
from survey.design.wave import Wave, WaveState, advance
from survey.disclose.assessing import assessed
from survey.disclose.attack.review import bounds
from survey.disclose.comments import ReleasedComment, release_comments
from survey.disclose.nested import keep_apart
from survey.disclose.policy import Policy
from survey.disclose.protect import protect
from survey.disclose.release import Release
from survey.errors import N_, SurveyError
from survey.process.opening import open_ballots
from survey.process.tallies import tally
from survey.publish.protocol import counted_openly, issued_of, protocol_of, receipts_of

Progress = Callable[[float, str], None]

STEPS = (
    N_("Checking the key shares"),
    N_("Opening the ballots in memory"),
    N_("Counting and scoring"),
    N_("Hiding what must be hidden, and attacking the result"),
    N_("Writing the release, destroying codes"),
    N_("Destroying the box"),
    N_("Done"),
)


class BoxReader(Protocol):
    def ballots(self, wave_id: str) -> list[bytes]: ...
    def count(self, wave_id: str) -> int: ...
    def destroy(self, wave_id: str) -> None: ...


class Store(Protocol):
    def wave(self, wave_id: str) -> Wave: ...
    def questionnaire(self, questionnaire_id: str, version: str) -> Questionnaire: ...
    def save_wave(self, before: Wave, after: Wave) -> None: ...
    def participation(self, wave_id: str) -> dict[str, tuple[int, int]]: ...
    def door(self, wave_id: str) -> Door: ...


class Invited(InvitedUnits, Protocol):
    def withdrawn(self, wave_id: str) -> int: ...


class ReleaseWriter(Protocol):
    def load(self, wave_id: str) -> Release | None: ...
    def comments(self, wave_id: str) -> tuple[ReleasedComment, ...]: ...
    def finish_wave(self, release: Release, comments: Iterable[ReleasedComment], receipts: str) -> None: ...


def silent(share: float, step: str) -> None:
    """Progress nobody watches."""


class Closing:
    def __init__(self, store: Store, box: BoxReader, releases: ReleaseWriter, policy: Policy, invited: Invited, log: Log) -> None:
        self._store = store
        self._box = box
        self._releases = releases
        self._policy = policy
        self._invited = invited
        self._log = log

    def close(
        self,
        viewer: Viewer | None,
        wave_id: str,
        shares: Sequence[KeyShare],
        progress: Progress = silent,
        slips: SlipCount = SlipCount(),  # noqa: B008  (frozen)
    ) -> Release:
        """Close an open wave and return its release.

        The release, the wave's state and the end of the code list are one transaction; the box is
        destroyed after it. A crash before leaves the sealed box, a crash after leaves the finished
        release, and calling again then only finishes the destruction.
        """
        require(viewer, Permission.WAVES_EDIT)
        wave = self._store.wave(wave_id)
        done = self._releases.load(wave_id)
        if done is not None and wave.state is not WaveState.OPEN:
            self._box.destroy(wave_id)
            return done
        closed = advance(wave, WaveState.CLOSED)
        slips.check(printed=sum(given for given, _ in self._store.participation(wave_id).values()))
        progress(0.0, STEPS[0])
        assert wave.public_key is not None
        private_key = join_key(wave_id, wave.public_key, shares)
        questionnaire = self._store.questionnaire(wave.questionnaire, wave.version).with_optional(wave.plan.optional_items)
        progress(0.05, STEPS[1])
        ballots = self._box.ballots(wave_id)
        responses = open_ballots(wave, questionnaire, ballots, private_key, lambda part: progress(0.05 + 0.45 * part, STEPS[1]))
        progress(0.5, STEPS[2])
        tallies = keep_apart(tally(closed, questionnaire, responses), responses, self._policy)
        progress(0.6, STEPS[3])
        release = assessed(protect(tallies, wave.plan, self._policy), responses, self._policy)
        release = replace(release, audit={**release.audit, **bounds(release)})
        receipts = receipts_of(ballots) if counted_openly(release) else ""
        issued = issued_of(wave.plan, self._store.participation(wave_id), self._invited.counts(wave_id))
        issued |= at_the_door(slips, self._store.door(wave_id), self._invited.withdrawn(wave_id))
        release = replace(release, protocol=protocol_of(release, shares, issued, len(ballots), len(responses), receipts))
        comments = release_comments(wave.plan, responses, self._policy.raised(wave.plan.minimum_base))
        if self._box.count(wave_id) != len(ballots):
            raise SurveyError("box-moved", N_("Answers came in while the box was being opened. Nothing was lost; please close again."))
        progress(0.8, STEPS[4])
        self._releases.finish_wave(release, comments, receipts)
        self._log.note(viewer, Action.WAVE_CLOSED, wave=wave_id, release=release.hash)
        progress(0.95, STEPS[5])
        self._box.destroy(wave_id)
        progress(1.0, STEPS[6])
        return release

    def unseen(self, wave_id: str) -> int:
        """How many comments of a wave the organizer has not looked at."""
        return sum(not comment.seen for comment in self._releases.comments(wave_id))

    def publish(self, viewer: Viewer | None, wave_id: str, *, comments_later: bool = False) -> Wave:
        """Let leaders see an audited release, once its comments have been looked at.

        `comments_later`: publish the numbers now; a comment nobody has looked at is shown to no leader anyhow.
        """
        require(viewer, Permission.WAVES_EDIT)
        waiting = self.unseen(wave_id)
        if waiting and not comments_later:
            raise SurveyError(
                "comments-unseen", N_("{count} comments have not been looked at yet. Do that before publishing."), count=waiting
            )
        wave = self._store.wave(wave_id)
        published = advance(wave, WaveState.PUBLISHED)
        release = self._releases.load(wave_id)
        assert release is not None and release.audit  # a closed wave has an audited release
        self._store.save_wave(wave, published)
        self._log.note(viewer, Action.WAVE_PUBLISHED, wave=wave_id, release=release.hash)
        return published
