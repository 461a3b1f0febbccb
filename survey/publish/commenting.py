"""Looking at comments before leaders do: mask words, withhold a comment, never add anything."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from survey.access import Permission, Viewer, require
from survey.access_log import Action, Log
from survey.disclose.comments import ReleasedComment
from survey.errors import N_, SurveyError
from survey.publish.redaction import proposed, redacted


@dataclass(frozen=True)
class Look:
    """What was decided on a comment: `text` as it was seen, places of the words to mask, or to withhold it whole."""

    text: str
    masked: frozenset[int] = frozenset()
    withheld: bool = False


class Store(Protocol):
    def comments(self, wave_id: str) -> tuple[ReleasedComment, ...]: ...
    def review(self, wave_id: str) -> Mapping[str, int]: ...
    def review_comments(self, wave_id: str, texts: Mapping[str, str], withheld: Collection[str], masked: int) -> None: ...


class Commenting:
    def __init__(self, store: Store, log: Log) -> None:
        self._store = store
        self._log = log

    def comments(self, viewer: Viewer | None, wave_id: str) -> tuple[ReleasedComment, ...]:
        """Every comment the policy released, those not looked at first."""
        require(viewer, Permission.WAVES_EDIT)
        return tuple(sorted(self._store.comments(wave_id), key=lambda one: one.seen))

    def counts(self, viewer: Viewer | None, wave_id: str) -> dict[str, int]:
        """How many comments were masked and withheld so far."""
        require(viewer, Permission.WAVES_EDIT)
        return {"masked": 0, "withheld": 0, **self._store.review(wave_id)}

    def look(self, viewer: Viewer | None, wave_id: str, looks: Mapping[str, Look]) -> None:
        """Mark comments as looked at. What is masked or withheld is gone from the stores for good."""
        require(viewer, Permission.WAVES_EDIT)
        known = {comment.id: comment for comment in self._store.comments(wave_id)}
        if any(one not in known or known[one].text != look.text for one, look in looks.items()):
            raise SurveyError("comments-moved", N_("Somebody else has changed these comments meanwhile. Please look at them again."))
        withheld = [one for one, look in looks.items() if look.withheld]
        texts = {one: redacted(look.text, look.masked) for one, look in looks.items() if not look.withheld}
        masked = sum(texts[one] != known[one].text for one in texts)
        self._store.review_comments(wave_id, texts, withheld, masked)
        self._log.note(viewer, Action.COMMENTS_REVIEWED, wave=wave_id, looked=len(looks), masked=masked, withheld=len(withheld))

    def accept(self, viewer: Viewer | None, wave_id: str) -> None:
        """Mask what is proposed in every comment not looked at yet: for the demonstration, whose comments are made up."""
        waiting: Sequence[ReleasedComment] = [comment for comment in self.comments(viewer, wave_id) if not comment.seen]
        self.look(viewer, wave_id, {comment.id: Look(comment.text, proposed(comment.text)) for comment in waiting})
