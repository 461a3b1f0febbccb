"""Closing a wave: shut the box, open, check, tally, protect, audit, write the release, read it back, destroy the rest."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from survey.access import OPERATOR, Permission, Viewer, require
from survey.access_log import Action, Log
from survey.collect.box import BoxChanged, BoxKeeper, Standing, box_of, left_standing
from survey.collect.door import Door, SlipCount, at_the_door
from survey.collect.fieldwork import InvitedUnits
from survey.collect.keys import KeyShare, join_key
from survey.design.questionnaire import Questionnaire
from survey.design.wave import Origin, Wave, WaveState, advance
from survey.disclose.comments import ReleasedComment
from survey.disclose.policy import Policy
from survey.disclose.release import Release
from survey.errors import N_, SurveyError
from survey.process.opening import Opening, require_some
from survey.publish.doubts import Count, Doubt, ask, ask_if_empty
from survey.publish.protocol import counted_openly, issued_of, protocol_of, receipts_list
from survey.publish.releasing import opened_by, released_by
from survey.publish.workers import Alone, Workers

Progress = Callable[[float, str], None]
COUNTING_SECONDS = 3.0  # other processes count within a fifth of one, when their store lets them

ALONE = Alone()
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
        workers: Workers = ALONE,
    ) -> Release:
        """Close an open wave and return its release.

        The box is shut first; from then on nothing is taken, and a close that fails leaves it shut until it is
        closed again or reopened. Release and state of the wave are one transaction; codes and box are destroyed
        when the release has been read back. A crash before leaves the sealed box, a crash after it the finished
        release, and calling again then only finishes the destruction. Raises CloseDoubtful to be asked again
        with `accept`. `workers` open the ballots and protect the trees of the plan; the release is the same.
        """
        require(viewer, Permission.WAVES_EDIT)
        wave = self._store.wave(wave_id)
        done = self._releases.load(wave_id)
        if done is not None and wave.state is not WaveState.OPEN:
            self._finish(viewer, done)
            return done
        advance(wave, WaveState.CLOSED)
        try:
            release = self._closed(viewer, wave, shares, progress, slips, accept, workers)
        except SurveyError:
            other = self._releases.load(wave_id)
            if other is None:
                raise
            raise _closed_meanwhile(other) from None
        progress(0.9, STEPS[5])
        self._end(viewer, release)
        progress(1.0, STEPS[6])
        return release

    def finish_interrupted(self) -> None:
        """Finish the closes that were cut off after their release, when the server starts again."""
        for wave in left_standing(self._store.waves(), self._box):
            done = self._releases.load(wave.id)
            if done is not None:
                self._finish(OPERATOR, done)

    def _closed(
        self,
        viewer: Viewer | None,
        wave: Wave,
        shares: Sequence[KeyShare],
        progress: Progress,
        slips: SlipCount,
        accept: Collection[Doubt],
        workers: Workers,
    ) -> Release:
        """Up to the stored release; nothing is destroyed yet."""
        progress(0.0, STEPS[0])
        self._releases.require_room()
        assert wave.public_key is not None  # an open wave has a key (advance)
        private_key = join_key(wave.id, wave.public_key, shares, wave.plan.shares_needed)
        standing = box_of(self._box, wave)
        before = Count(self._store.participation(wave.id), {}, 0)
        slips.check(printed=before.given)
        ask_if_empty(wave, before.spent + self._box.count(wave.id), accept)
        mark = self._shut(viewer, wave, standing)
        progress(0.05, STEPS[1])
        portions = self._box.portions(wave.id)  # without its cover a box is not even counted
        count = self._count(wave, self._box.count(wave.id))
        ask(count, accept)
        questionnaire = self._store.questionnaire(wave.questionnaire, wave.version).with_optional(wave.plan.optional_items)
        opening = Opening.of(wave, questionnaire, private_key)
        opened, read = opened_by(workers, opening, portions, lambda done: progress(0.05 + 0.45 * done / (count.ballots or 1), STEPS[1]))
        if read != count.ballots:
            raise self._changed(wave.id, mark, count.ballots, read)
        require_some(count.ballots, opened)
        progress(0.5, STEPS[2])
        closed = advance(wave, WaveState.CLOSED)
        progress(0.55, STEPS[3])
        release, comments = released_by(
            workers, closed, questionnaire, opened.responses, self._policy, lambda part: progress(0.55 + 0.25 * part, STEPS[3])
        )
        receipts = receipts_list(opened.receipts) if counted_openly(release) else ""
        issued = issued_of(wave.plan, count.slips, count.invited)
        door = self._store.door(wave.id)
        issued |= at_the_door(slips, door, self._invited.withdrawn(wave.id))
        issued |= {"workers": workers.held} if workers.held else {}
        protocol = protocol_of(release, shares, issued, count.ballots, len(opened.responses), count.spent, receipts, door.paper)
        release = replace(release, protocol=protocol)
        progress(0.8, STEPS[4])
        if not self._box.settle(wave.id, mark):
            raise _reopened(wave.id)
        self._releases.finish_wave(release, comments, receipts)
        return release

    def _changed(self, wave_id: str, mark: bytes, counted: int, read: int) -> SurveyError:
        standing = self._box.standing(wave_id)
        reopened = standing is not None and standing.shut != mark
        return _reopened(wave_id) if reopened else BoxChanged(wave_id, counted, read)

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

    def _finish(self, viewer: Viewer | None, release: Release) -> None:
        """`_end` for a release that another process stored, or this one before it was cut off: it is read back first."""
        if not self._releases.intact(release.wave.id):
            raise SurveyError(
                "release-damaged",
                N_(
                    "The release of wave {wave} cannot be read back as it was written. Codes and box were not destroyed; see langnghe check."
                ),
                wave=release.wave.id,
            )
        self._end(viewer, release)

    def _end(self, viewer: Viewer | None, release: Release) -> None:
        """What follows from a release that was read back, however often it is begun: the line in the log, then the destruction."""
        wave = release.wave.id
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


def _reopened(wave_id: str) -> SurveyError:
    message = N_("The box of wave {wave} was reopened while it was being counted. Nothing was destroyed; please close again.")
    return SurveyError("box-reopened", message, wave=wave_id)


def _closed_meanwhile(release: Release) -> SurveyError:
    message = N_("Wave {wave} was closed by somebody else at the same time; nothing is missing. Hash of its release: {hash}")
    return SurveyError("closed-meanwhile", message, wave=release.wave.id, hash=release.hash)
