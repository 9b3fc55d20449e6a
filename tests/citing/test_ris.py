"""RIS: its lines, and that what is written is read back as it was."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from citing_parts import ARTICLE, BOOK, text_of
from dipnot.citing.items import item_of
from dipnot.citing.ris import as_ris

LINE = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1
).map(lambda s: " ".join(s.split())).filter(bool)  # fmt: skip


def records_of(ris: str) -> list[list[tuple[str, str]]]:
    """Read records line by line, as its readers do."""
    records: list[list[tuple[str, str]]] = [[]]
    for line in ris.removesuffix("\r\n").split("\r\n"):
        if line:
            found = re.fullmatch(r"([A-Z][A-Z0-9])  - (.*)", line)
            assert found is not None, line
            records[-1].append((found[1], found[2]))
        else:
            records.append([])
    return records


@given(title=LINE, journal=LINE, quotes=st.lists(LINE, max_size=3))
def test_every_text_comes_back_whatever_signs_it_has(
    title: str, journal: str, quotes: list[str]
) -> None:
    item = item_of(text_of(title=title, journal=journal))
    (record,) = records_of(as_ris([item], {"goller": quotes}))
    assert dict(record)["TI"] == title
    assert dict(record)["T2"] == journal
    assert [value for tag, value in record if tag == "N1"] == quotes


def test_a_record_begins_with_its_type_and_ends_with_er() -> None:
    for record in records_of(as_ris(map(item_of, (ARTICLE, BOOK)), {})):
        assert record[0][0] == "TY"
        assert record[-1] == ("ER", "")
    (article,) = records_of(as_ris([item_of(ARTICLE)], {}))
    told = dict(article)
    assert (
        told | {"TY": "JOUR", "AU": "Demir, Işıl", "PY": "2023", "SP": "201", "EP": "230"} == told
    )
    assert told | {"DO": "10.1000/abc", "VL": "19", "IS": "4", "LA": "tr"} == told


def test_each_author_has_a_line_and_a_date_its_parts() -> None:
    (record,) = records_of(as_ris([item_of(text_of(author="Can Er ve Su Ak", year="2001-06"))], {}))
    assert [value for tag, value in record if tag == "AU"] == ["Er, Can", "Ak, Su"]
    assert ("DA", "2001/06//") in record
