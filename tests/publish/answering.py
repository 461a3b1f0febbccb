"""An application process of its own that takes answers until the box is shut: `python -m tests.publish.answering CODES`.

It prints the receipt of every answer it has acknowledged, and at the end why it stopped.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from bootstrap import Settings, build
from survey.errors import SurveyError
from tests.small_world import TODAY, answers


def main(codes: list[str]) -> None:
    services = build(Settings.read())
    questionnaire = services.collect.open(codes[0], TODAY).questionnaire
    print("ready", flush=True)
    for code in codes:
        try:
            time.sleep(0.01)
            print(services.collect.submit(code, {"answers": answers(questionnaire)}, TODAY).text, flush=True)
        except SurveyError as refused:
            print(refused.code, flush=True)
            break
    services.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]).read_text(encoding="utf-8").split())
