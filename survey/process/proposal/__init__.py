"""What the columns of a file of past answers seem to mean, for an officer to put right and to keep as a mapping.

| room | holds |
|---|---|
| likeness.py | when two texts say the same or nearly the same |
| table.py | which sheet and row the header stands in, and what stands in each column |
| questions.py | which column is which question |
| answers.py | which option or category a value is |
| units.py | which unit a name is: without tone marks, abbreviated, or as it was called before |
| found.py | the proposal itself, and what an officer changes in it |
| proposing.py | one look at the file after the other; also from a mapping that was kept |
| document.py | the mapping it makes, as the file the command reads |
"""

from survey.process.proposal.document import mapping_document, mapping_text, to_look_at
from survey.process.proposal.found import Answers, Assigned, Kind, Proposal, Use
from survey.process.proposal.proposing import Proposer

__all__ = ["Answers", "Assigned", "Kind", "Proposal", "Proposer", "Use", "mapping_document", "mapping_text", "to_look_at"]
