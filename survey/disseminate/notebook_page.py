"""A notebook as one page of HTML that asks no network for anything: `jupyter nbconvert --to langnghe --execute NOTEBOOK`."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters.html import HTMLExporter
from traitlets.config import Config

from survey.i18n import DEFAULT_LANGUAGE

NOTHING = "data:text/javascript,"  # in place of scripts from elsewhere


class Page(HTMLExporter):
    """Vietnamese, no foreign scripts, and no widgets: without a kernel they are dead, and each carries plotly once more."""

    export_from_notebook = "Lắng Nghe (HTML)"

    @property
    def default_config(self) -> Config:
        config: Config = super().default_config.copy()
        here = {"language_code": DEFAULT_LANGUAGE, "require_js_url": NOTHING, "mathjax_url": NOTHING}
        config.merge(Config({"HTMLExporter": here, "NbConvertBase": {"display_data_priority": self._priority(config)}}))
        return config

    @staticmethod
    def _priority(config: Config) -> list[str]:
        known = [str(kind) for kind in config["NbConvertBase"]["display_data_priority"]]
        return sorted(known, key=lambda kind: "widget" in kind)

    def _preprocess(self, nb: Any, resources: Any) -> Any:
        executed, resources = super()._preprocess(nb, resources)  # type: ignore[no-untyped-call]
        executed.metadata.pop("widgets", None)
        return executed, resources
