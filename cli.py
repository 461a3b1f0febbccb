"""Command-line entry `langnghe`: composition only, one file of `commands` for each noun."""

from __future__ import annotations

import click

from commands.catalogue import NOUNS, Catalogued


@click.group(cls=Catalogued, entries=NOUNS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="langnghe")
def main() -> None:
    """Lắng Nghe: khảo sát ẩn danh và bảng kết quả. (Anonymous staff survey and dashboard.)"""


if __name__ == "__main__":
    main()
