"""QR codes of pages, slips and letters."""

from __future__ import annotations

import segno

QUIET = 4  # modules of white around it


def qr_matrix(content: str, mask: int | None = None) -> tuple[bytearray, ...]:
    """Rows of modules, dark ones 1: no larger a code than is needed."""
    return tuple(segno.make_qr(content, error="m", boost_error=False, mask=mask).matrix)


def qr_svg(content: str) -> str:
    """Black on white in every theme: that is what cameras read."""
    matrix = qr_matrix(content)
    size = len(matrix) + 2 * QUIET
    dark = "".join(f"M{x + QUIET} {y + QUIET}h1v1h-1z" for y, row in enumerate(matrix) for x, on in enumerate(row) if on)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{dark}"/></svg>'
    )
