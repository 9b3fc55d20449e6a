"""Question sets: JSON Lines, a question a line with the quotes that answer it.

Owns: the form of a line, which files and texts lie beside a set, and errors that name the file and
line, what was found and what was expected. Knows nothing of scores.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from dipnot.errors import InvalidInput, shown
from dipnot.question.limits import MOST_TURNS, check_question
from dipnot.types import Turn, Verdict

FOLDER = "questions"
_ALTERNATIVES = "-alt-evidence.json"
_UNANSWERABLE = "-unanswerable"
_OWN_QUESTIONS, _OWN_TEXTS = "questions.jsonl", "corpus"
_OPTIONAL = ("history", "accept")  # without them a line is another question; sets have more keys
_MISSPELT = 0.75  # how like a key has to be to one of these
_VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
_REFUSAL: tuple[Verdict, ...] = ("not_in_text",)


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """A question and what is known of its answer.

    ``evidence``: quotes that together answer it, none if the texts do not. ``alternatives``:
    further quotes of which each answers it too. ``accept``: verdicts that count as a refusal.
    ``set_name``: the file's stem, without ``-unanswerable``, or the folder of a set with texts of
    its own. ``kind``: of an unanswerable one.
    """

    question_id: str
    set_name: str
    lang: str
    type: str
    text: str
    history: tuple[Turn, ...]
    evidence: tuple[str, ...]
    alternatives: tuple[str, ...]
    accept: tuple[Verdict, ...]
    kind: str


def find_sets(corpus: Path) -> list[Path]:
    """List the question sets that lie in a corpus; raises InvalidInput when there are none.

    Those on the corpus's own texts come first, then those that bring texts of their own.
    """
    own = (corpus / FOLDER).glob(f"*/{_OWN_QUESTIONS}")
    found = sorted((corpus / FOLDER).glob("*.jsonl")) + sorted(filter(own_texts, own))
    if not found:
        raise InvalidInput(
            f"{shown(str(corpus / FOLDER))} holds no question set; expected .jsonl files there. "
            "Put one there, or name one: `dipnot eval QUESTIONS.jsonl`."
        )
    return found


def own_texts(file: Path) -> Path | None:
    """Find the folder of texts that a set is about, where it brings its own.

    Such a set is ``questions/NAME/questions.jsonl``, and its texts are in ``corpus`` beside it.
    """
    texts = file.with_name(_OWN_TEXTS)
    stands_alone = file.resolve().parent.parent.name != FOLDER
    return None if file.name != _OWN_QUESTIONS or stands_alone or not texts.is_dir() else texts


def read_sets(
    files: Sequence[Path], alternatives: Path | None = None
) -> tuple[LabelledQuestion, ...]:
    """Read question sets; ``NAME-alt-evidence.json`` beside ``NAME.jsonl`` is used by itself.

    Raises InvalidInput for a file or line of another form, and for an id that stands twice.
    """
    given = {} if alternatives is None else _read_alternatives(alternatives)
    questions: list[LabelledQuestion] = []
    places: dict[str, str] = {}
    for file in files:
        beside = file.with_name(file.stem + _ALTERNATIVES)
        further = _read_alternatives(beside) if beside.is_file() else {}
        before = len(questions)
        # Not splitlines(): a quote may hold U+2028 and others that end no line in JSON Lines.
        for number, line in enumerate(_read(file).split("\n"), start=1):
            if not line.strip():
                continue
            where = f"{file}, line {number}"
            question = _Line(where, _object(line, where)).question(_name(file), further, given)
            if question.question_id in places:
                raise InvalidInput(
                    f"{where}: the id {shown(question.question_id)} stands in "
                    f"{places[question.question_id]} already; expected an id of its own."
                )
            places[question.question_id] = where
            questions.append(question)
        if len(questions) == before:
            raise InvalidInput(f"{file} is empty; expected a question a line, in JSON.")
    return tuple(questions)


def _name(file: Path) -> str:
    return file.stem if own_texts(file) is None else file.resolve().parent.name


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{file} is not UTF-8: byte {error.start} is no character.") from None
    except OSError as error:
        raise InvalidInput(
            f"{shown(str(file), 200)} cannot be read: {error.strerror}; expected a question set "
            "(.jsonl)."
        ) from None


def _object(line: str, where: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
        json.dumps(value, ensure_ascii=False).encode()  # a lone surrogate fits into no output
    except UnicodeEncodeError:
        raise InvalidInput(f"{where}: holds a lone surrogate; expected text without it.") from None
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"{where}: is not JSON ({error}); expected one object a line.") from None
    if not isinstance(value, dict):
        raise InvalidInput(f'{where}: is {_found(value)}; expected an object: {{"id": …}}.')
    return value


def _read_alternatives(file: Path) -> dict[str, tuple[str, ...]]:
    value = _object(_read(file), str(file))
    for key, quotes in value.items():
        if not _is_quotes(quotes):
            raise InvalidInput(
                f"{file}: {shown(key)} has {_found(quotes)}; expected a list of quotes."
            )
    return {key: tuple(quotes) for key, quotes in value.items()}


def strangers(
    files: Sequence[Path], alternatives: Path | None, questions: Sequence[LabelledQuestion]
) -> list[str]:
    """Name the ids of alternatives that are of no question."""
    beside = (file.with_name(file.stem + _ALTERNATIVES) for file in files)
    given = [] if alternatives is None else [alternatives]
    named = {
        i for f in (*beside, *given) if f in given or f.is_file() for i in _read_alternatives(f)
    }
    return sorted(named - {question.question_id for question in questions})


class _Line:
    """The fields of one line, each checked as it is taken."""

    def __init__(self, where: str, fields: dict[str, Any]) -> None:
        missing = [key for key in _OPTIONAL if key not in fields]
        for key in fields:
            near = get_close_matches(key.lower(), missing, n=1, cutoff=_MISSPELT)
            if near:
                raise InvalidInput(f"{where}: {shown(key)} is unknown; did you mean {near[0]}?")
        self._where = where
        self._fields = fields

    def question(self, stem: str, *further: dict[str, tuple[str, ...]]) -> LabelledQuestion:
        """Make the question; ``further`` holds alternatives by question id."""
        question_id, note = self._word("id"), self._fields.get("note", "")
        evidence = self._evidence(refused=stem.endswith(_UNANSWERABLE))
        if not isinstance(note, str):
            raise self._error("note", "text")
        kind = "".join(c for c in note.split(":")[0].replace("-", " ") if c.isprintable())
        return LabelledQuestion(
            question_id=question_id,
            set_name=stem.removesuffix(_UNANSWERABLE),
            lang=self._word("lang"),
            type=self._word("type"),
            text=self._question(),
            history=tuple(self._turns()),
            evidence=evidence,
            alternatives=tuple(q for each in further for q in each.get(question_id, ())),
            accept=self._accept(),
            kind=kind or "unsorted",
        )

    def _error(self, key: str, expected: str) -> InvalidInput:
        found = _found(self._fields[key]) if key in self._fields else "missing"
        return InvalidInput(f'{self._where}: "{key}" is {found}; expected {expected}.', key)

    def _text(self, key: str) -> str:
        value = self._fields.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self._error(key, "text")
        return value

    def _word(self, key: str) -> str:
        value = self._text(key)
        if not value.isprintable():
            raise self._error(key, "a line of text")
        return value

    def _question(self) -> str:
        text = self._text("question")
        try:
            check_question(text, '"question"')
        except InvalidInput as error:
            raise InvalidInput(f"{self._where}: {error}", "question") from None
        return text

    def _turns(self) -> Iterator[Turn]:
        turns = self._fields.get("history", [])
        expected = f"a list of at most {MOST_TURNS} pairs, each [question, answer]"
        if not isinstance(turns, list) or len(turns) > MOST_TURNS:
            raise self._error("history", expected)
        for turn in turns:
            if not (isinstance(turn, list) and len(turn) == 2 and all(map(_is_text, turn))):
                raise self._error("history", expected)
            yield Turn(*turn)

    def _evidence(self, *, refused: bool) -> tuple[str, ...]:
        quotes: Any = self._fields.get("evidence")
        if not _is_quotes(quotes):
            raise self._error("evidence", "a list of quotes, [] when the texts do not answer")
        if refused and quotes:
            raise self._error("evidence", f"[] in a file whose name ends in {_UNANSWERABLE}")
        return tuple(quotes)

    def _accept(self) -> tuple[Verdict, ...]:
        verdicts = self._fields.get("accept", list(_REFUSAL))
        if not isinstance(verdicts, list) or not verdicts:
            raise self._error("accept", f"a list of {', '.join(_VERDICTS)}")
        known = tuple(v for v in _VERDICTS if v in verdicts)
        if len(known) != len(verdicts):
            raise self._error("accept", f"a list of {', '.join(_VERDICTS)}")
        return known


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_quotes(value: object) -> bool:
    """Tell whether this is a list of quotes; one without a letter or digit would be everywhere."""
    return isinstance(value, list) and all(
        isinstance(quote, str) and any(c.isalnum() for c in quote) for quote in value
    )


def _found(value: object) -> str:
    return shown(json.dumps(value, ensure_ascii=False))
