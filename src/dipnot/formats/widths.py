"""How wide a line is when printed, so that lines ended on purpose can be told from full ones.

Owns: advance widths of a common book face (Times-like, in thousandths of an em). Only their
proportions matter: a line is compared with the other lines of its own page.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

_BY_WIDTH = {
    250: " .,",
    278: "ijltı:;/|",
    333: "frI()[]-‐’‘'`!",
    389: "sJ",
    444: "aceéz“”?",
    500: "bdghknopquvxy0123456789–$*_",
    556: "FPS",
    611: "ELTZ",
    667: "BCR",
    722: "ADGHKNOQUVXYw",
    778: "m&",
    889: "M—",
    944: "W",
}
_WIDTHS = {char: width for width, chars in _BY_WIDTH.items() for char in chars}
_DEFAULT = 500

Width = Callable[[str], int]


def line_width(text: str) -> int:
    """Estimate the natural width of a line in thousandths of an em."""
    return sum(_char_width(char) for char in text)


def _char_width(char: str) -> int:
    known = _WIDTHS.get(char)
    if known is None:
        known = _WIDTHS.get(unicodedata.normalize("NFD", char)[0], _DEFAULT)
        _WIDTHS[char] = known
    return known


def full_width(lines: Sequence[str], width: Width = line_width) -> float:
    """Estimate the measure of a column: the width that its full lines come close to.

    The third widest of them stands for it, so that one odd line does not.
    """
    widths = sorted((width(line) for line in lines), reverse=True)
    return float(widths[min(2, len(widths) - 1)]) if widths else 0.0
