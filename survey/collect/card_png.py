"""A card for a unit's Zalo group: a picture with the closing day and a QR code to the one address that is the same for everybody."""

from __future__ import annotations

import io
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from survey import fonts
from survey.design.wave import Wave
from survey.i18n import Locale
from survey.qr import qr_matrix

WIDTH, HEIGHT, MARGIN = 1080, 1350, 80  # pixels, 4:5 as phones show it
INK, SOFT, ACCENT, PAPER = "#16211F", "#4A5957", "#0B5560", "#FFFFFF"
TITLE, BODY, SMALL = 60, 40, 34
QR = 520


def card_png(wave: Wave, unit: str, base_url: str, locale: Locale) -> bytes:
    """No code and nothing of a person: whoever sees it learns that a unit is asked and until when. The same input gives the same bytes."""
    _ = locale
    address = base_url.strip().rstrip("/") + "/p"
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, WIDTH, 24), fill=ACCENT)
    top = 80.0
    for text, size, bold, colour in (
        (_.pick(wave.title_vi, wave.title_en) or wave.id, TITLE, True, ACCENT),
        (unit, BODY, True, INK),
        (_("Please answer by {day}", day=_.day(wave.closes)), BODY, True, INK),
        (_("Anonymous and voluntary, about five minutes. The code stands on the slip you drew."), SMALL, False, SOFT),
    ):
        top = _paragraph(draw, text, top, size, bold, colour) + 18 if text else top
    size = min(QR, HEIGHT - round(top) - 170)
    _qr(image, address, (WIDTH - size) // 2, round(top) + 20, size)
    draw.text((WIDTH / 2, HEIGHT - 90), address.split("://", 1)[-1], font=_font(SMALL, True), fill=INK, anchor="mm")
    if wave.illustrative:
        draw.text((WIDTH / 2, HEIGHT - 40), _("Illustrative figures"), font=_font(SMALL), fill=SOFT, anchor="mm")
    out = io.BytesIO()
    image.quantize(32).save(out, "PNG", optimize=True)
    return out.getvalue()


def _paragraph(draw: ImageDraw.ImageDraw, text: str, top: float, size: int, bold: bool, colour: str) -> float:
    """Centred lines; where they end."""
    font = _font(size, bold)
    line = ""
    lines = []
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and font.getlength(longer) > WIDTH - 2 * MARGIN:
            lines.append(line)
            longer = word
        line = longer
    for one in [*lines, line]:
        draw.text((WIDTH / 2, top), one, font=font, fill=colour, anchor="ma")
        top += 1.3 * size
    return top


def _qr(image: Image.Image, content: str, left: int, top: int, size: int) -> None:
    """Whole pixels a module, so that its edges stay sharp."""
    matrix = qr_matrix(content)
    module = size // len(matrix)
    picture = Image.new("1", (len(matrix), len(matrix)), 1)
    picture.putdata([0 if dark else 1 for row in matrix for dark in row])
    scaled = picture.resize((module * len(matrix),) * 2, Image.Resampling.NEAREST)
    spare = (size - scaled.width) // 2
    image.paste(scaled.convert("RGB"), (left + spare, top + spare))


@cache
def _font(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(fonts.BOLD if bold else fonts.REGULAR, size)
