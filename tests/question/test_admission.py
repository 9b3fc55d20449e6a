"""Places for questions: in the order in which they came, bounded, and refused at once."""

from __future__ import annotations

import threading

import pytest

from dipnot.errors import Busy, Stopping, TookTooLong
from dipnot.question.admission import Admission


def test_what_has_no_place_is_refused_at_once_and_a_place_that_is_left_is_free() -> None:
    admission = Admission(places=2, at_once=2)
    with admission.place(), admission.place():
        with pytest.raises(Busy, match="All 2 places"), admission.place():
            pass
        assert (admission.running, admission.waiting, admission.refused) == (2, 0, 1)
    with admission.place() as waited:
        assert waited >= 0
    assert admission.running == 0


def test_questions_are_begun_in_the_order_in_which_they_came() -> None:
    admission = Admission(places=9, at_once=1)
    order: list[int] = []
    threads = []

    def answer(number: int) -> None:
        with admission.place():
            order.append(number)

    with admission.place():
        for number in range(8):
            thread = threading.Thread(target=answer, args=(number,))
            threads.append(thread)
            thread.start()
            while admission.waiting <= number:
                pass
    for thread in threads:
        thread.join()
    assert order == list(range(8))
    assert (admission.running, admission.waiting) == (0, 0)


def test_who_waits_too_long_is_refused_and_holds_nobody_up() -> None:
    admission = Admission(places=3, at_once=1, patience=0.01)
    with admission.place(), pytest.raises(Busy, match="was not begun"), admission.place():
        pass
    assert (admission.running, admission.waiting, admission.refused) == (0, 0, 1)


def test_who_waits_when_it_closes_is_refused_then_and_who_runs_is_not() -> None:
    admission = Admission(places=3, at_once=1)
    told: list[type[Exception]] = []

    def ask() -> None:
        try:
            with admission.place():
                told.append(AssertionError)
        except Stopping as error:
            told.append(type(error))

    threads = [threading.Thread(target=ask) for _ in range(2)]
    with admission.place():
        for thread in threads:
            thread.start()
        while admission.waiting < 2:
            pass
        admission.close()
        for thread in threads:
            thread.join()  # while the first still runs
        with pytest.raises(Stopping), admission.place():
            pass
        assert admission.is_busy
    assert told == [Stopping, Stopping]
    assert (admission.running, admission.waiting, admission.refused) == (0, 0, 3)


def test_who_comes_back_goes_before_those_who_were_not_begun_and_is_not_refused() -> None:
    admission = Admission(places=2, at_once=1)
    order: list[str] = []

    def answer(name: str, *, back: bool) -> None:
        with admission.place(back=back):
            order.append(name)

    threads = []
    with admission.place():
        for waiting, (name, back) in enumerate([("new", False), ("back", True), ("later", True)]):
            threads.append(threading.Thread(target=answer, args=(name,), kwargs={"back": back}))
            threads[-1].start()
            while admission.waiting <= waiting:
                pass
    for thread in threads:
        thread.join()
    assert order == ["back", "later", "new"]
    assert (admission.running, admission.waiting, admission.refused) == (0, 0, 0)


def test_who_comes_back_when_it_closes_is_let_in() -> None:
    admission = Admission(places=1, at_once=1)
    let_in = threading.Event()

    def go_on() -> None:
        with admission.place(back=True):
            let_in.set()

    with admission.place():
        thread = threading.Thread(target=go_on)
        thread.start()
        while not admission.waiting:
            pass
        admission.close()
    thread.join(30)
    assert let_in.is_set()
    assert admission.running == 0


def test_an_answer_that_fails_leaves_its_place() -> None:
    admission = Admission(places=1)
    for _ in range(3):
        with pytest.raises(ValueError, match="x"), admission.place():
            raise ValueError("x")
    assert admission.running == 0


def test_what_takes_too_long_is_given_up_at_its_next_stage() -> None:
    admission = Admission(1)
    admission.begin()()
    admission.longest = -1
    with pytest.raises(TookTooLong, match="was given up"):
        admission.begin()()


def test_an_answer_is_in_flight_until_all_of_it_was_taken() -> None:
    admission = Admission(2)
    with admission.flight():
        with admission.place():
            assert admission.is_busy
        assert (admission.running, admission.is_busy) == (0, True)
    assert not admission.is_busy
    with admission.place():
        assert admission.is_busy
