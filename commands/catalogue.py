"""Every command, where it lives and what it says of itself: help can be given before anything of a command is imported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click


@dataclass(frozen=True)
class Entry:
    """`place`: module:name; `help`: the first paragraph of the command's own help, as the list of its group shows it."""

    place: str
    help: str

    def load(self) -> click.Command:
        module, _, name = self.place.partition(":")
        found = getattr(import_module(module), name)
        assert isinstance(found, click.Command)
        return found


class Catalogued(click.Group):
    """A group of which only the command that is asked for is imported."""

    def __init__(self, name: str | None = None, *, entries: Mapping[str, Entry], **attributes: Any) -> None:
        super().__init__(name, **attributes)
        self.entries = entries

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self.entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return self.entries[cmd_name].load() if cmd_name in self.entries else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """As click lists them, from the catalogue alone."""
        click.Group(commands=[click.Command(name, help=entry.help) for name, entry in self.entries.items()]).format_commands(ctx, formatter)


NOUNS = {
    "serve": Entry("commands.serving:serve", "Start the web application."),
    "demo": Entry("commands.demonstrating:demo", "Create the demonstration stores; print accounts and ready codes."),
    "units": Entry("commands.units:units", "Units with their lineage."),
    "questionnaire": Entry("commands.questionnaire:questionnaire", "Questionnaires."),
    "wave": Entry("commands.wave:wave", "The life of a wave: create, codes, open, close, protocol, publish; and off the straight road."),
    "import": Entry("commands.past:past", "Past results, made elsewhere."),
    "results": Entry("commands.results:results", "What the dashboards show, from the release."),
    "compare": Entry("commands.results:compare", "What changed between two waves, its 95% interval, and whether it is sure."),
    "export": Entry("commands.results:export", "Download a release."),
    "report": Entry("commands.report:report", "Write a report: A4 in the official layout, with annex tables and charts."),
    "audit": Entry(
        "commands.results:audit",
        "The certificate of a release, and all attacks that need nothing but the release run again. Exit 1 if one succeeds.",
    ),
    "actions": Entry("commands.actions:actions", "What units undertook after a wave."),
    "account": Entry("commands.account:account", "Accounts of organizers, leaders and custodians."),
    "log": Entry("commands.log:log", "What people with accounts and the operator did, oldest first. Respondents are never in it."),
    "backup": Entry("commands.copies:backup", "Copy the stores into FOLDER, which must be new or empty."),
    "restore": Entry("commands.copies:restore", "Fill new, empty stores from a backup, or say what is in it."),
    "check": Entry("commands.checking:check", "Say what is wrong with this installation; exit 1 if anything is."),
}

WAVE = {
    "create": Entry("commands.drafting:create", "A draft wave; its table plan is frozen now and its hash shown."),
    "codes": Entry("commands.slips:codes", "Make the slips, once, as .pdf or .csv."),
    "invite": Entry("commands.inviting:invite", "Take in the people of FILE, then write to everybody who has had no letter yet."),
    "remind": Entry(
        "commands.inviting:remind", "Write again to those who have not collected their credential; who has not answered, nobody can know."
    ),
    "open": Entry("commands.opening:open_", "Create the box key, save its shares as files and sheets, try the files, open the wave."),
    "close": Entry(
        "commands.closing:close",
        "Shut the box, open it with the key shares, count, protect, destroy. A close that fails leaves it shut: close again, or reopen.",
    ),
    "protocol": Entry("commands.publishing:protocol", "Print the protocol of the opening of the box (biên bản mở hòm phiếu) as .pdf."),
    "publish": Entry(
        "commands.publishing:publish", "Let leaders see the results. Comments that an organizer has not looked at stay unseen until then."
    ),
    "list": Entry("commands.waves:list_", "Every wave and its state."),
    "status": Entry("commands.waves:status", "State, plan and rounded participation of a wave."),
    "submit": Entry("commands.submitting:submit", "One response from a JSON file, or many from a table, as the web page sends them."),
    "template": Entry(
        "commands.submitting:template", "An Excel file for paper forms of the wave: one row a form, filled in for `wave submit --batch`."
    ),
    "shut": Entry("commands.changing:shut", "Stop taking answers now; everybody is told that the ballots are being counted."),
    "withdraw": Entry(
        "commands.changing:withdraw", "Take the publication of an imported wave back; it stays as a draft that organizers see."
    ),
    "discard": Entry("commands.changing:discard", "Throw away an imported draft that was never published."),
    "reopen": Entry("commands.changing:reopen", "Take answers again after a close that was given up."),
    "extend": Entry("commands.changing:extend", "A later last day for an open wave; respondents see it on their page."),
    "edit": Entry("commands.changing:edit", "Other days, titles or contact for a draft; its plan stays as it was frozen."),
    "cancel": Entry("commands.changing:cancel", "Take back an opening made by mistake; the answers given so far are destroyed."),
    "cover": Entry(
        "commands.covering:cover",
        "Where replicas run on several machines: carry a wave's cover key from one to another (--out, then --from).",
    ),
}
