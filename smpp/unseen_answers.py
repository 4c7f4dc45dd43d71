"""Which of our answers the peer has certainly read."""

from __future__ import annotations

from collections import deque


class UnseenAnswers:
    """Tokens of answers in the order written, until something written later was answered.

    `written` counts all answers so far: a request of ours remembers it when it leaves, and when
    the request is answered, everything up to that count has been read.
    """

    def __init__(self) -> None:
        self.written = 0
        self._tokens: deque[object] = deque()

    def __len__(self) -> int:
        return len(self._tokens)

    def add(self, token: object) -> None:
        self._tokens.append(token)
        self.written += 1

    def seen(self, written: int) -> tuple[object, ...]:
        """Forgets and returns the tokens among the first `written` answers, oldest first."""
        older = len(self._tokens) - (self.written - written)
        return tuple([self._tokens.popleft() for _ in range(older)])

    def rest(self) -> tuple[object, ...]:
        """Forgets and returns all that were not seen."""
        tokens = tuple(self._tokens)
        self._tokens.clear()
        return tokens
