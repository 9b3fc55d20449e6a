"""Plots: marks stand where their values say, and labels are escaped."""

from __future__ import annotations

from dipnot.evaluation.plots import Axis, Bar, Line, Mark, bar_plot, line_plot, share
from markup import HOSTILE, Reader

X = Axis("x", 10, (0, 10))
Y = Axis("y", 1, (0, 1), share)


def test_a_line_runs_from_corner_to_corner_of_its_axes() -> None:
    drawn = line_plot("t", X, Y, [Line([(0, 0), (10, 1)])])
    assert 'd="M56.0 294.0L694.0 12.0"' in drawn


def test_a_band_lies_between_its_edges_and_a_mark_in_its_intervals() -> None:
    band = Line([(0, 0.5), (10, 0.5)], [(0, 1), (0, 1)])
    drawn = line_plot("t", X, Y, [band], [[Mark((5, 0.5), (0, 10), (0, 1))]])
    assert 'd="M56.0 12.0L694.0 12.0L694.0 294.0L56.0 294.0Z"' in drawn
    assert 'd="M56.0 153.0H694.0M375.0 294.0V12.0"' in drawn
    assert 'cx="375.0" cy="153.0"' in drawn


def test_a_bar_is_as_long_as_its_share_of_the_axis() -> None:
    drawn = bar_plot("t", [("half", [Bar(0.5, 0.25, 1, "50 %"), None])])
    assert 'class="bar s1" x="170" y="12.0" width="200.0"' in drawn
    assert "M270.0 18.5H570.0" in drawn
    assert "s2" not in drawn


def test_a_plots_title_and_labels_are_escaped() -> None:
    axis = Axis(HOSTILE, 1, (0, 1))
    for drawn in (line_plot(HOSTILE, axis, axis, []), bar_plot(HOSTILE, [(HOSTILE, [])])):
        assert not {"script", "img"} & set(Reader(drawn).tags)
        assert ("aria-label", HOSTILE) in Reader(drawn).attributes
