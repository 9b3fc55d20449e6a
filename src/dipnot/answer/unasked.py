"""What is said where nothing was asked of the texts.

Owns: the answer to a greeting, to a question about Dipnot itself, to letters that are no words; and
telling the last by the index.
"""

from __future__ import annotations

from dipnot.answer.frames import said
from dipnot.index.build import Index
from dipnot.language.detection import question_language
from dipnot.question.courtesy import has_words_of, thanks
from dipnot.types import Language, Query, Question

_MOST_TEXTS = 5
_MOST_EXAMPLES = 2
_LATIN = 0x250
_SHORT_PIECE = 2.9  # letters that a piece of no word has on average; words have more


def is_noise(index: Index, query: Query) -> bool:
    """Whether a question has no word of any language or text, and falls to pieces when encoded.

    The encoder learned what words are: it cuts what it never met into short pieces.
    """
    text = query.question.text
    if query.question.names or query.question.exact or query.tokens is None:
        return False
    if has_words_of(text) or not all(ord(c) < _LATIN for c in text if c.isalpha()):
        return False
    if any(index.legs.lexical.knows(word) for word in text.split()):
        return False
    letters = sum(c.isalnum() for c in text)
    return letters < _SHORT_PIECE * len(query.tokens)


def unasked(index: Index, question: Question, language: Language) -> str:
    """Say something civil, in the language of the utterance."""
    if question.request == "courtesy":
        if thanks(question.text):
            return said("thanks", language)
        return said("consent" if question.told else "courtesy", language)
    if question.request == "noise":
        return said("noise", language)
    documents = list(index.documents.values())
    titles = [d.title_en if language == "en" and d.title_en else d.title for d in documents]
    texts = "; ".join(titles[:_MOST_TEXTS]) + (" …" if len(titles) > _MOST_TEXTS else "")
    parts = [said("dipnot", language), said("texts", language, texts=texts)]
    given = [e for d in documents for e in d.examples if question_language(e) == language]
    examples = [*given, *said("any_examples", language).split("|")][:_MOST_EXAMPLES]
    parts.append(said("examples", language, examples=" ".join(f"“{e}”" for e in examples)))
    return " ".join(parts)
