"""What is recorded when a box is opened: counts and hashes, no times. Box and codes are destroyed; this stays.

The list of receipts shows that a sealed ballot was in the box. It is sorted, and a receipt is a digest of
the ciphertext: it tells neither unit nor answers nor order. Its length is the number of ballots, a number the
release prints anyway, as the forms of the whole. Where the release hides that one because too few people
answered, there is no list, and the protocol names no counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from survey.collect.door import about_on_paper
from survey.collect.keys import KeyShare, fingerprint
from survey.design.plan import Plan
from survey.disclose.release import FORMS, Release

_LOOK_ALIKES = str.maketrans("01L8", "OIIB")


def receipts_list(receipts: Iterable[str]) -> str:
    """Sorted, one a line."""
    return "".join(f"{receipt}\n" for receipt in sorted(receipts))


def receipts_hash(receipts: str) -> str:
    """SHA-256 of the list as it is downloaded; empty where there is none."""
    return hashlib.sha256(receipts.encode()).hexdigest() if receipts else ""


def find_receipt(receipts: str, typed: str) -> str:
    """The receipt of the list that was meant, or empty: case, dashes, spaces and look-alikes (0 O, 1 I L, 8 B) are forgiven."""
    wanted = _folded(typed)
    return next((receipt for receipt in receipts.split() if _folded(receipt) == wanted), "")


def _folded(receipt: str) -> str:
    return "".join(char for char in receipt.upper() if char.isalnum()).translate(_LOOK_ALIKES)


def counted_openly(release: Release) -> bool:
    """Does the release print the number of forms of the whole?"""
    return all(release.visible(node.id, FORMS) for node in release.plan.nodes if node.parent is None)


def protocol_of(
    release: Release, shares: Sequence[KeyShare], issued: Mapping[str, Any], ballots: int, forms: int, spent: int, receipts: str, paper: int
) -> dict[str, Any]:
    """The record of an opening, ready for JSON; None where a number is not named.

    `ballots`: found in the box, readable or not; `forms`: of these opened and counted; `spent`: slips and credentials
    that were counted as used, which is the number of ballots unless something was lost or added; `paper`: ballots typed in
    from paper, named about (survey.collect.door).
    """
    assert release.wave.public_key is not None
    openly = counted_openly(release)
    return {
        "key": fingerprint(release.wave.public_key),
        "shares": release.plan.shares,
        "shares_needed": release.plan.shares_needed,
        "shares_used": sorted({share.number for share in shares}),
        **issued,
        "spent": spent if openly else None,
        "ballots": ballots if openly else None,
        "opened": forms if openly else None,
        "paper": about_on_paper(paper, ballots, release.policy["unit"]) if openly else None,
        "refused": ballots - forms,
        "published": release.counted.shown,
        "hidden": release.counted.hidden,
        "release": release.hash,
        "receipts": receipts_hash(receipts),
    }


def issued_of(plan: Plan, slips: Mapping[str, tuple[int, int]], invited: Mapping[str, tuple[int, int]]) -> dict[str, Any]:
    """Slips made, of these beyond one for each member of staff, people invited by e-mail, credentials they collected."""
    printed = {node.id: node.headcount or 0 for node in plan.nodes if node.reporting and node.id not in invited}
    return {
        "slips": _sum(slips.values(), 0),
        "extra_slips": sum(max(0, given - printed.get(unit, 0)) for unit, (given, _) in slips.items()),
        "invited": _sum(invited.values(), 0),
        "collected": _sum(invited.values(), 1),
    }


def _sum(pairs: Collection[tuple[int, int]], place: int) -> int:
    return sum(pair[place] for pair in pairs)
