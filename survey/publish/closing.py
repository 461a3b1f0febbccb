"""Closing a wave: shut the box, open, check, tally, protect, audit, write the release, read it back, destroy the rest."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from survey.access import OPERATOR, Permission, Viewer, require
from survey.access_log import Action, Log
from survey.collect.box import BoxKeeper, Standing, box_of, left_standing
from survey.collect.door import Door, SlipCount, at_the_door
from survey.collect.fieldwork import InvitedUnits
from survey.collect.keys import KeyShare, join_key
from survey.design.questionnaire import Questionnaire, Response
from survey.design.wave import Origin, Wave, WaveState, advance
from survey.disclose.assessing import assessed
from survey.disclose.attack.review import bounds
from survey.disclose.comments import ReleasedComment, release_comments
from survey.disclose.policy import Policy
from survey.disclose.protect import protect
from survey.disclose.release import Release
from survey.errors import N_, SurveyError
from survey.process.opening import open_ballots, require_some
from survey.process.scored import scored
from survey.process.tallies import tally
from survey.publish.doubts import Count, Doubt, ask, ask_if_empty
from survey.publish.protocol import counted_openly, issued_of, protocol_of, receipts_of

Progress = Callable[[float, str], None]
COUNTING_SECONDS = 3.0  # other processes count within a fifth of one, when their store lets them

STEPS = (
    N_("Checking the key shares"),
    N_("Opening the ballots in memory"),
    N_("Counting and scoring"),
    N_("Hiding what must be hidden, and attacking the result"),
    N_("Writing the release and reading it back"),
    N_("Destroying codes and box"),
    N_("Done"),
)


class Store(Protocol):
    def wave(self, wave_id: str) -> Wave: ...
    def waves(self) -> tuple[Wave, ...]: ...
    def questionnaire(self, questionnaire_id: str, version: str) -> Questionnaire: ...
    def save_wave(self, before: Wave, after: Wave) -> None: ...
    def participation(self, wave_id: str) -> dict[str, tuple[int, int]]: ...
    def door(self, wave_id: str) -> Door: ...


class Invited(InvitedUnits, Protocol):
    def withdrawn(self, wave_id: str) -> int: ...


class ReleaseWriter(Protocol):
    def load(self, wave_id: str) -> Release | None: ...
    def intact(self, wave_id: str) -> bool:
        """Has the stored release still the hash it was written with?"""
        ...

    def comments(self, wave_id: str) -> tuple[ReleasedComment, ...]: ...
    def require_room(self) -> None: ...
    def finish_wave(self, release: Release, comments: Iterable[ReleasedComment], receipts: str) -> None: ...
    def destroy_fieldwork(self, wave_id: str) -> None: ...


def silent(share: float, step: str) -> None:
    """Progress nobody watches."""


class Closing:
    def __init__(self, store: Store, box: BoxKeeper, releases: ReleaseWriter, policy: Policy, invited: Invited, log: Log) -> None:
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
        *,
        accept: Collection[Doubt] = (),
    ) -> Release:
        """Close an open wave and return its release.

        The box is shut first; from then on nothing is taken, and a close that fails leaves it shut until it is
        closed again or reopened. Release and state of the wave are one transaction; codes and box are destroyed
        when the release has been read back. A crash before leaves the sealed box, a crash after it the finished
        release, and calling again then only finishes the destruction. Raises CloseDoubtful to be asked again
        with `accept`.
        """
        require(viewer, Permission.WAVES_EDIT)
        wave = self._store.wave(wave_id)
        done = self._releases.load(wave_id)
        if done is not None and wave.state is not WaveState.OPEN:
            self._finish(viewer, done)
            return done
        advance(wave, WaveState.CLOSED)
        try:
            release = self._closed(viewer, wave, shares, progress, slips, accept)
        except SurveyError:
            other = self._releases.load(wave_id)
            if other is None:
                raise
            raise _closed_meanwhile(other) from None
        progress(0.9, STEPS[5])
        self._finish(viewer, release)
        progress(1.0, STEPS[6])
        return release

    def finish_interrupted(self) -> None:
        """Finish the closes that were cut off after their release, when the server starts again."""
        for wave in left_standing(self._store.waves(), self._box):
            done = self._releases.load(wave.id)
            if done is not None:
                self._finish(OPERATOR, done)

    def _closed(
        self, viewer: Viewer | None, wave: Wave, shares: Sequence[KeyShare], progress: Progress, slips: SlipCount, accept: Collection[Doubt]
    ) -> Release:
        """Up to the stored release; nothing is destroyed yet."""
        progress(0.0, STEPS[0])
        self._releases.require_room()
        assert wave.public_key is not None  # an open wave has a key (advance)
        private_key = join_key(wave.id, wave.public_key, shares)
        standing = box_of(self._box, wave)
        before = Count(self._store.participation(wave.id), {}, 0)
        slips.check(printed=before.given)
        ask_if_empty(wave, before.spent + self._box.count(wave.id), accept)
        mark = self._shut(viewer, wave, standing)
        progress(0.05, STEPS[1])
        contents = self._box.contents(wave.id)
        count = self._count(wave, len(contents.sealed) + contents.damaged)
        ask(count, accept)
        questionnaire = self._store.questionnaire(wave.questionnaire, wave.version).with_optional(wave.plan.optional_items)
        opened = open_ballots(wave, questionnaire, contents.sealed, private_key, lambda part: progress(0.05 + 0.45 * part, STEPS[1]))
        require_some(count.ballots, opened)
        progress(0.5, STEPS[2])
        release, comments = self._release_of(wave, questionnaire, opened.responses, progress)
        receipts = receipts_of(opened.counted) if counted_openly(release) else ""
        issued = issued_of(wave.plan, count.slips, count.invited)
        issued |= at_the_door(slips, self._store.door(wave.id), self._invited.withdrawn(wave.id))
        protocol = protocol_of(release, shares, issued, count.ballots, len(opened.responses), count.spent, receipts)
        release = replace(release, protocol=protocol)
        progress(0.8, STEPS[4])
        if not self._box.settle(wave.id, mark):
            raise SurveyError(
                "box-reopened",
                N_("The box of wave {wave} was reopened while it was being counted. Nothing was destroyed; please close again."),
                wave=wave.id,
            )
        self._releases.finish_wave(release, comments, receipts)
        return release

    def _count(self, wave: Wave, ballots: int) -> Count:
        """A slip is counted as used a moment after its ballot was taken: the last ones before the shutting are waited for."""
        ends = time.monotonic() + COUNTING_SECONDS
        while True:
            count = Count(self._store.participation(wave.id), self._invited.counts(wave.id), ballots)
            if not count.behind or time.monotonic() > ends:
                return count
            time.sleep(0.1)

    def _shut(self, viewer: Viewer | None, wave: Wave, standing: Standing) -> bytes:
        mark = self._box.shut(wave.id)
        if standing.shut is None:
            self._log.note(viewer, Action.WAVE_SHUT, wave=wave.id)
        return mark

    def _release_of(
        self, wave: Wave, questionnaire: Questionnaire, responses: Sequence[Response], progress: Progress
    ) -> tuple[Release, list[ReleasedComment]]:
        """The audited release of these responses, and the comments that go with it."""
        counted = scored(questionnaire, responses)
        tallies = tally(advance(wave, WaveState.CLOSED), questionnaire, counted)
        progress(0.6, STEPS[3])
        release = assessed(protect(tallies, wave.plan, self._policy), counted, self._policy)
        release = replace(release, audit={**release.audit, **bounds(release)})
        return release, list(release_comments(wave.plan, responses, self._policy.raised(wave.plan.minimum_base)))

    def _finish(self, viewer: Viewer | None, release: Release) -> None:
        """What follows from a stored release, however often it is begun: the line in the log, then the destruction."""
        wave = release.wave.id
        if not self._releases.intact(wave):
            raise SurveyError(
                "release-damaged",
                N_(
                    "The release of wave {wave} cannot be read back as it was written. Codes and box were not destroyed; see langnghe check."
                ),
                wave=wave,
            )
        if release.wave.origin is Origin.COLLECTED:
            self._log.note_once(viewer, Action.WAVE_CLOSED, wave=wave, release=release.hash)
        self._releases.destroy_fieldwork(wave)
        self._box.destroy(wave)

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


def _closed_meanwhile(release: Release) -> SurveyError:
    message = N_("Wave {wave} was closed by somebody else at the same time; nothing is missing. Hash of its release: {hash}")
    return SurveyError("closed-meanwhile", message, wave=release.wave.id, hash=release.hash)
