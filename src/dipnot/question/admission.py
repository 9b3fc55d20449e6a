"""Which question is answered now, which waits, which is refused, and which is given up.

Owns: the places, the queue before the cores, how long a question may wait in it, and how long it
may take. As many are answered at once as there are cores, in the order in which they came; more
would only take the cores from each other. Those that find no place are refused at once, and all
that were not begun once the server is told to stop. Who gives a part of an answer away leaves the
place and comes back for the rest: nobody knows how long a part waits to be taken.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dipnot.errors import Busy, Stopping, TookTooLong

PATIENCE = 30.0  # seconds that a question waits for its turn
LONGEST = 30.0  # seconds that it may take from then on


class Admission:
    """Places for questions; any thread may ask for one.

    ``running``, ``waiting``, ``refused``: how many are answered, wait, and were refused so far.
    """

    def __init__(self, places: int, at_once: int | None = None, patience: float = PATIENCE) -> None:
        """``places``: of those that run and wait; ``at_once``: that run, by default all."""
        self._places = places
        self._at_once = at_once or places
        self._patience = patience
        self._lock = threading.Lock()
        self._back: deque[threading.Event] = deque()  # of answers that were begun
        self._queue: deque[threading.Event] = deque()
        self.longest = LONGEST
        self.running = 0
        self.refused = 0
        self._in_flight = 0
        self._closed = False

    @property
    def is_busy(self) -> bool:
        """Whether anything is answered, or an answer has not been taken whole."""
        return self.running > 0 or self._in_flight > 0

    @contextmanager
    def flight(self) -> Iterator[None]:
        """Count an answer as in flight: it may be written after its place was given back."""
        with self._lock:
            self._in_flight += 1
        try:
            yield
        finally:
            with self._lock:
                self._in_flight -= 1

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._back) + len(self._queue)

    @contextmanager
    def place(self, *, back: bool = False) -> Iterator[float]:
        """Take a place and wait for the turn; gives the seconds waited. Raises Busy, Stopping.

        ``back``: for the rest of an answer, which is refused by no one and goes before all that
        were not begun.
        """
        begun = time.monotonic()
        turn = self._enter(back=back)
        if turn is not None:
            turn.wait(self._patience)
        if turn is not None and self._left_the_queue(turn):
            if self._closed:
                raise Stopping
            what = "gone on with" if back else "begun"
            raise Busy(
                f"The question waited for {self._patience:.0f} seconds and was not {what}. Try "
                "again later."
            )
        try:
            yield time.monotonic() - begun
        finally:
            self._leave()

    def begin(self) -> Callable[[], None]:
        """Count from now on; gives what raises TookTooLong once the time is over.

        It is called between the stages of an answer: nothing ends a thread in the midst of one.
        """
        end, longest = time.monotonic() + self.longest, self.longest

        def go_on() -> None:
            if time.monotonic() > end:
                raise TookTooLong(
                    f"The answer took longer than {longest:.0f} seconds and was given up. Ask a "
                    "shorter question, or again later."
                )

        return go_on

    def close(self) -> None:
        """Refuse those that wait and those that come; those that run go on."""
        with self._lock:
            self._closed = True
            for turn in self._queue:
                turn.set()  # still in the queue: it is no turn

    def _enter(self, *, back: bool) -> threading.Event | None:
        """Begin at once (None), or get the event that says when; raises Busy, Stopping."""
        with self._lock:
            if self._closed and not back:
                self.refused += 1
                raise Stopping
            if self.running + self.waiting >= self._places and not back:
                self.refused += 1
                raise Busy(f"All {self._places} places for questions are taken. Try again.")
            if self.running < self._at_once:
                self.running += 1
                return None
            turn = threading.Event()
            (self._back if back else self._queue).append(turn)
            return turn

    def _left_the_queue(self, turn: threading.Event) -> bool:
        """Leave the queue where the turn has not come."""
        with self._lock:
            for queue in (self._back, self._queue):
                if turn in queue:
                    queue.remove(turn)
                    self.refused += 1
                    return True
            return False

    def _leave(self) -> None:
        with self._lock:
            # Once it is closed those in the queue are refused, and those that are back go on.
            waits = self._back or (None if self._closed else self._queue)
            if waits:
                waits.popleft().set()  # who runs is another, how many is the same
            else:
                self.running -= 1
