"""What `jupyter nbconvert --execute` has run is kept as a notebook too, before it becomes a page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbconvert.preprocessors import Preprocessor
from traitlets import Unicode


class Kept(Preprocessor):
    """`--Page.preprocessors=tests.notebooks.kept.Kept --Kept.folder=FOLDER`: the last step, which changes nothing."""

    folder = Unicode().tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        nbformat.write(nb, Path(self.folder) / f"{resources['metadata']['name']}.ipynb")
        return nb, resources
