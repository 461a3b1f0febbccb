"""LimeSurvey: its questionnaires (.lss) in. A mapping for its response files is proposed by survey/process/proposal.

| question type of LimeSurvey | here |
|---|---|
| group | theme |
| F H (array), L ! O (list) with answers that have an order; A B 5 (points 1-5 or 1-10) | items: a row of an array is one item |
| L ! O without an order, Y (yes/no), G (gender) | breakdown |
| S T U (texts) | open question |
| X (text) | note above the next question |
| relevance equation | condition, as far as conditions.py goes |

All else (multiple choice, numbers, dates, files, rankings) is left out, and listed.
"""

from survey.design.limesurvey.reading import read_lss

__all__ = ["read_lss"]
