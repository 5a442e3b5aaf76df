"""The channels that alerts go out by: e-mail, webhook. Thin: each takes alerts and sends them once, or raises.

Belongs here: one module a channel, and the shape of what it raises. Must not: decide what is said or when it is tried again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from orchestration.alerts.decisions import Alert

Channel = Callable[[Sequence[Alert]], None]  # raises NotSent


class NotSent(RuntimeError):
    """A message did not go out. The words name host and answer, never a password or a webhook's address. `is_worth_retrying`
    False: the same would happen again."""

    def __init__(self, words: str, *, is_worth_retrying: bool = True) -> None:
        super().__init__(words)
        self.is_worth_retrying = is_worth_retrying
