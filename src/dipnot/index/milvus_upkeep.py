"""What an engine holds against what it should: counts, checksums, and what nobody needs any more.

Owns: verifying a generation, and collecting the rows of those that are not kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from dipnot.errors import REBUILD, IndexDamaged, IndexMismatch, IndexMissing, listed
from dipnot.index.milvus_home import MilvusHome, numbers_in
from dipnot.index.milvus_tables import (
    ALWAYS,
    DENSE,
    LEXICAL,
    RECORDS,
    VERSIONS,
    drop,
    get,
    keys_within,
)
from dipnot.index.milvus_versions import PARTS, Version, remove_version, versions_in

_VERIFIED = 1_000  # texts whose checksums every build verifies


def check_counts(home: MilvusHome, number: int, versions: Sequence[Version]) -> None:
    """Raise IndexDamaged unless the engine holds as many rows as the versions of a generation."""
    expected = sum(version.rows for version in versions)
    for table in (DENSE, LEXICAL):
        found = home.engine.count(table, f"since <= {number} and until > {number}")
        if found != expected:
            wrong = [v.doc_id for v in versions if home.engine.count(table, _holds(v)) != v.rows]
            raise IndexDamaged(
                f"{table} has {found} rows of generation {number}, expected {expected}; wrong: "
                f"{listed(wrong) or 'what no text of it has'}. {REBUILD}"
            )


def _holds(version: Version) -> str:
    return f"{keys_within(version.key)} and until == {version.until}"


def check_texts(home: MilvusHome, number: int, most: int | None = None) -> int:
    """Verify the checksums of all that a generation keeps of its texts; gives how many values.

    ``most``: the most texts of which checksums are verified; of more only counts are.
    """
    texts = home.texts_of(number)
    verified = texts if most is None or len(texts) <= most else []
    for _, _, version in verified:
        get(home.engine, [f"v{version}/{name}" for name in PARTS])
    known = {v.key: v for v in versions_in(home)}
    lost = [doc_id for doc_id, _, version in texts if version not in known]
    if lost:
        raise IndexDamaged(f"The engine has no row in {VERSIONS} for {listed(lost)}. {REBUILD}")
    check_counts(home, number, [known[version] for _, _, version in texts])
    return len(PARTS) * len(verified)


def damage(home: MilvusHome, number: int) -> str | None:
    """Say why a build cannot go on from a generation; None where it can.

    One that another release cut otherwise is as good as a damaged one. Checksums of many texts
    would take a build minutes: those `dipnot check` verifies.
    """
    try:
        check_texts(home, number, _VERIFIED)
        home.words(number)
        home.basis(home.record(number, home.records()).basis)
    except (IndexDamaged, IndexMismatch, IndexMissing) as error:
        return str(error)
    return None


def collect(home: MilvusHome, keep: int) -> int:
    """Remove what no kept generation needs; gives how many versions went. Holds ``home.lock``."""
    records = home.records()
    numbers = numbers_in(records)
    try:
        served = home.served(records)[0]
    except IndexMissing:
        return 0
    kept = {*numbers[:keep], served}
    for number in numbers:
        if number not in kept:
            home.engine.delete(RECORDS, f'key == "generation/{number:09}"')
            drop(home.engine, [f"g{number}/{n}" for n in ("texts", "terms", "frequencies")])
    gone, bases = _collect_versions(home, kept)
    with suppress(IndexMismatch, IndexDamaged):
        bases |= {home.record(n, records).basis for n in kept}
    drop(home.engine, [f"b{n}/basis" for n in range(1, max(bases, default=1)) if n not in bases])
    return gone


def _collect_versions(home: MilvusHome, kept: set[int]) -> tuple[int, set[int]]:
    """Remove the versions that none of these needs; gives how many, and the bases of the rest."""
    gone, bases = 0, set()
    for version in list(versions_in(home)):
        needed = version.whole and version.until == ALWAYS
        if needed or any(version.since <= n < version.until for n in kept):
            bases.add(version.basis)
        else:
            remove_version(home.engine, version)
            gone += 1
    return gone, bases
