"""The mark (logo) of the organisation: an SVG or PNG that somebody chose, made small and harmless, as a data address.

It is shown as a picture alone (<img>), in which no script runs. All the same nothing is kept of an SVG but shapes and colours,
and nothing of a PNG but its points.
"""

from __future__ import annotations

import base64
import io
import re
from xml.etree import ElementTree

from survey.errors import N_, SurveyError

LARGEST = 1_000_000  # bytes that are looked at
KEPT = 20_000  # bytes that are kept: every form carries them
SIDES = (256, 192, 128, 96)  # points
MOST_POINTS = 25_000_000

_SVG = "http://www.w3.org/2000/svg"
_SHAPES = frozenset(
    [
        "svg",
        "g",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "defs",
        "linearGradient",
        "radialGradient",
        "stop",
        "clipPath",
        "title",
        "desc",
    ]
)
_LOOKS = frozenset(
    [
        "id",
        "viewBox",
        "width",
        "height",
        "x",
        "y",
        "x1",
        "y1",
        "x2",
        "y2",
        "cx",
        "cy",
        "r",
        "rx",
        "ry",
        "d",
        "points",
        "transform",
        "fill",
        "fill-rule",
        "fill-opacity",
        "clip-path",
        "clip-rule",
        "stroke",
        "stroke-width",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-miterlimit",
        "stroke-dasharray",
        "stroke-opacity",
        "opacity",
        "offset",
        "stop-color",
        "stop-opacity",
        "gradientUnits",
        "gradientTransform",
        "preserveAspectRatio",
        "clipPathUnits",
        "fx",
        "fy",
        "spreadMethod",
    ]
)
_OUTSIDE = re.compile(r"url\(\s*(?!['\"]?#)|javascript:|data:|expression\(|&#", re.IGNORECASE)
_PROPERTY = re.compile(r"\s*([a-z-]+)\s*:\s*([^;]+?)\s*(?:;|$)")


def data_address(content: bytes) -> str:
    """The picture as it is kept and shown. Raises SurveyError: neither SVG nor PNG, broken, too large."""
    if len(content) > LARGEST:
        raise SurveyError("mark-large", N_("This picture is larger than {size} MB. Choose a smaller one."), size=1)
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _address("image/png", _png(content))
    return _address("image/svg+xml", _svg(content))


def _address(kind: str, content: bytes) -> str:
    if len(content) > KEPT:
        message = N_("This picture is too detailed: {size} kB are left of it, {most} kB are possible. Choose a simpler one.")
        raise SurveyError("mark-detailed", message, size=len(content) // 1000, most=KEPT // 1000)
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def _png(content: bytes) -> bytes:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(content), formats=("PNG",)) as found:
            if found.width * found.height > MOST_POINTS:
                raise SurveyError("mark-large", N_("This picture has more than {points} million points. Choose a smaller one."), points=25)
            picture = found.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise _broken() from None
    written = b""
    for side in SIDES:  # as sharp as fits
        small, out = picture.copy(), io.BytesIO()
        small.thumbnail((side, side))
        small.save(out, "PNG", optimize=True)
        written = out.getvalue()
        if len(written) <= KEPT:
            break
    return written


def _svg(content: bytes) -> bytes:
    # No document type, and so no entities: neither pictures that grow without end nor files of this machine.
    if b"<!DOCTYPE" in content.upper() or b"<!ENTITY" in content.upper() or b"\0" in content:
        content = re.sub(rb"<!DOCTYPE[^>\[]*>", b"", content, count=1)
        if b"<!DOCTYPE" in content.upper() or b"<!ENTITY" in content.upper() or b"\0" in content:
            raise _broken()
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 (no document type is left in it)
    except (ElementTree.ParseError, ValueError, LookupError):
        raise _broken() from None
    if root.tag not in (f"{{{_SVG}}}svg", "svg"):
        raise _broken()
    kept = _harmless(root)
    if kept is None or not any(one.tag in ("path", "rect", "circle", "ellipse", "polygon", "polyline", "line") for one in kept.iter()):
        raise SurveyError("mark-empty", N_("There is no shape in this SVG that can be shown. Save it as plain SVG or as PNG."))
    kept.set("xmlns", _SVG)
    return bytes(ElementTree.tostring(kept, encoding="utf-8"))


def _harmless(found: ElementTree.Element) -> ElementTree.Element | None:
    """A copy with shapes and colours alone: no script, no style sheet, no link, no picture, nothing of elsewhere."""
    name = found.tag.rpartition("}")[2] if isinstance(found.tag, str) else ""
    if name not in _SHAPES:
        return None
    looks = dict(found.attrib)
    looks.update(dict(_PROPERTY.findall(looks.pop("style", ""))))
    kept = ElementTree.Element(name, {key: value for key, value in looks.items() if key in _LOOKS and not _OUTSIDE.search(value)})
    if name in ("title", "desc"):
        kept.text = found.text
    kept.extend(one for one in (_harmless(inner) for inner in found) if one is not None)
    return kept


def _broken() -> SurveyError:
    return SurveyError("mark-kind", N_("This is not an SVG or PNG picture that can be read. Save it anew as PNG or plain SVG."))
