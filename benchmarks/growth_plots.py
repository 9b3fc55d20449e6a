"""Draw growth.md's table: what a corpus costs against its size, `docs/growth.svg`.

usage: .venv/bin/python benchmarks/growth_plots.py
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from dipnot.evaluation.plots import Axis, Line, Point, line_plot

HERE = Path(__file__).parent
PAGE, PLOT = HERE / "growth.md", HERE.parent / "docs" / "growth.svg"
FEWEST = 3  # sentences at the left end, as a power of ten
WIDTH, HEIGHT, HEAD = 560, 320, 46  # of a panel, and of its title in it
_STYLE = """<style>
svg { background: #fff; font: 12px sans-serif; } text { fill: #333; }
.title { font-size: 15px; font-weight: bold; }
.grid { stroke: #ddd; } .line { fill: none; stroke-width: 2.2; }
.s1 { stroke: #1f6f8b; color: #1f6f8b; } .s2 { stroke: #b4552d; color: #b4552d; }
.s3 { stroke: #5b7f3a; color: #5b7f3a; }
tspan { stroke: none; fill: currentColor; }
</style>"""


@dataclass(frozen=True)
class Panel:
    """Columns of the table against the number of sentences."""

    title: str
    unit: str
    columns: Mapping[str, str]  # by the name that is drawn
    lowest: int | None  # power of ten at the lower end; None for shares from 0 to 1
    highest: int


PANELS = (
    Panel("Build without embedding", "seconds", {"build": "build s"}, 0, 3),
    Panel("Memory of a build, at most", "gigabytes", {"build": "build GB"}, -1, 1),
    Panel(
        "Kept of each sentence",
        "bytes",
        {"on disk": "disk B a sentence", "resident": "resident B a sentence"},
        2,
        5,
    ),
    Panel(
        "Search beyond the encoder",
        "milliseconds",
        {"median": "search p50 ms", "95 %": "p95 ms"},
        0,
        2,
    ),
    Panel(
        "1,000 more sentences, opening, going back",
        "seconds",
        {"1,000 more": "1,000 more s", "open": "open s", "roll back": "roll back s"},
        -2,
        1,
    ),
    Panel(
        "Quality: THQuAD's questions among so many",
        "share",
        {"R@1": "R@1", "recall@10 of exact": "recall@10 of exact"},
        None,
        1,
    ),
)


def main() -> None:
    rows = table(PAGE.read_text("utf-8"))
    across = 2
    down = -(-len(PANELS) // across)
    size = f'width="{across * WIDTH + 20}" height="{down * HEIGHT}"'
    parts = [f'<svg {size} xmlns="http://www.w3.org/2000/svg">{_STYLE}']
    for n, panel in enumerate(PANELS):
        x, y = n % across * WIDTH, n // across * HEIGHT
        parts.append(f'<g transform="translate({x + 8} {y})">{drawn(panel, rows)}</g>')
    PLOT.write_text("".join(parts) + "</svg>\n", "utf-8")
    print(f"Wrote {PLOT}.")


def table(page: str) -> list[dict[str, float]]:
    """Read the table of the page; the columns are named as growth.py names them."""
    lines = page.partition("<!-- growth -->\n")[2].partition("\n\n")[0].splitlines()
    head, _, *rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in lines]
    return [
        {name: float(cell.replace(",", "")) for name, cell in zip(head, row, strict=True)}
        for row in rows
    ]


def drawn(panel: Panel, rows: Sequence[Mapping[str, float]]) -> str:
    """Draw a panel below its title and the names of its lines."""
    most = math.ceil(math.log10(max(row["sentences"] for row in rows)) - 0.01)
    x = Axis("sentences", most - FEWEST, range(most - FEWEST + 1), _power(FEWEST))
    if panel.lowest is None:
        y = Axis(panel.unit, 1, (0, 0.25, 0.5, 0.75, 1), "{:.2f}".format)
    else:
        span = panel.highest - panel.lowest
        y = Axis(panel.unit, span, range(span + 1), _power(panel.lowest))

    def point(row: Mapping[str, float], column: str) -> Point:
        value = row[column]
        up = value if panel.lowest is None else math.log10(value) - panel.lowest
        return math.log10(row["sentences"]) - FEWEST, up

    lines = [Line([point(row, column) for row in rows]) for column in panel.columns.values()]
    names = " ".join(
        f'<tspan class="s{n + 1}">■</tspan> {escape(name)}' for n, name in enumerate(panel.columns)
    )
    told = f'<text class="title" x="44" y="20">{escape(panel.title)}</text>'
    told += f'<text x="44" y="40">{names}</text>'
    place = f'<svg overflow="visible" y="{HEAD}" width="{WIDTH}" height="{HEIGHT - HEAD}" '
    return told + line_plot(panel.title, x, y, lines).replace("<svg ", place, 1)


def _power(least: int) -> Callable[[float], str]:
    return lambda exponent: f"{10.0 ** (exponent + least):,.10g}"


if __name__ == "__main__":
    main()
