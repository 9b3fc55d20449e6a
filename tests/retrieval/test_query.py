"""A question as the legs need it: embedded once, centred, with the names that no text has."""

from __future__ import annotations

import numpy as np
import pytest

from dipnot.engine import Engine
from dipnot.question.understanding import understand
from dipnot.retrieval.query import documents_like, make_query
from dipnot.retrieval.rank import rank
from dipnot.retrieval.rerank import oov_distance
from dipnot.settings import Settings
from dipnot.types import Filters, Query, Turn
from fakes import LAKE, FakeEncoder


def query_for(engine: Engine, encoder: FakeEncoder, text: str) -> Query:
    return make_query(understand(text), encoder, engine.index)


def test_a_question_is_embedded_with_what_it_leans_on_and_once_if_it_leans_on_nothing(
    three: Engine, encoder: FakeEncoder
) -> None:
    encoder.queries.clear()
    asked = "Değirmen yandı mı, neden yandı?"
    three.ask("Peki ne zaman?", [Turn(asked, "…")])
    # What it wants is heard in its own vector; where the last answer stands is looked for.
    assert encoder.queries == ["Peki ne zaman?", "Değirmen: Peki ne zaman?", f"{asked} …"]
    encoder.queries.clear()
    three.ask("Değirmen neden yandı?")
    assert encoder.queries == ["Değirmen neden yandı?"]


@pytest.mark.parametrize(
    ("question", "oov"),
    [
        ("Kıyıdaki Değirmen ne zaman yandı?", False),
        ("Kıyıdaki değirmen Zonguldak treniyle ne zaman yandı?", True),
        ("kıyıdaki değirmen zonguldak treniyle ne zaman yandı?", False),
    ],
)
def test_a_name_that_stands_in_no_text_is_out_of_vocabulary(
    three: Engine, encoder: FakeEncoder, question: str, *, oov: bool
) -> None:
    query = query_for(three, encoder, question)
    ranking = rank(three.index, query, Filters())
    assert (oov_distance(query, ranking) > 0.1) == oov


def test_a_name_that_the_texts_spell_otherwise_is_looked_for_as_they_spell_it(
    three: Engine, encoder: FakeEncoder
) -> None:
    query = query_for(three, encoder, "Where does the Ishikli flow?")
    assert dict(zip(query.terms, query.counterparts, strict=True))["ishik"] == ("isikl",)
    assert query.oov_names == ()


def test_without_tokens_no_name_is_out_of_vocabulary(settings: Settings) -> None:
    encoder = FakeEncoder(with_tokens=False)
    engine = Engine(settings, encoder)
    engine.load()
    query = query_for(engine, encoder, "Göl Zonguldak mı?")
    assert oov_distance(query, rank(engine.index, query, Filters())) == 0


def test_a_query_is_of_length_one_as_are_its_tokens(three: Engine, encoder: FakeEncoder) -> None:
    query = query_for(three, encoder, "Değirmen ne zaman yandı?")
    assert query.tokens is not None
    assert np.linalg.norm(query.vector) == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(np.linalg.norm(query.tokens, axis=1), 1, atol=1e-5)


def test_terms_are_each_there_once(three: Engine, encoder: FakeEncoder) -> None:
    terms = query_for(three, encoder, "göl göl GÖL kıyısı").terms
    assert len(terms) == len(set(terms)) == 2


def test_the_document_that_a_quotation_was_cut_from_is_the_likeliest(three: Engine) -> None:
    quote = "Kıyıdaki değirmen 3 Mayıs 1902’de yandı."
    assert quote in LAKE
    assert documents_like(three.index, quote)[0] == "lake"


def test_a_token_counts_by_the_rarity_of_its_word_and_a_function_word_nothing(
    three: Engine, encoder: FakeEncoder
) -> None:
    weights = query_for(three, encoder, "Göl için değirmen ne yaptı?").token_weights
    assert weights is not None
    lake, for_, mill, what, _ = weights
    assert for_ == what == 0
    held = three.index.legs.lexical.frequency
    assert (mill > lake > 0) == (held("degir") < held("gol"))
    assert weights.mean() == pytest.approx(1)


def test_an_ending_behind_an_apostrophe_counts_nothing(three: Engine, encoder: FakeEncoder) -> None:
    bare = query_for(three, encoder, "Göl değirmen").token_weights
    ending = query_for(three, encoder, "Göl'ndeki değirmen").token_weights
    assert bare is not None
    assert ending is not None
    assert ending.tolist() == bare.tolist()


def test_the_tokens_of_function_words_alone_count_alike(
    three: Engine, encoder: FakeEncoder
) -> None:
    assert query_for(three, encoder, "Bu ne için?").token_weights is None
