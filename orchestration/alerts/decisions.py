"""What to say, from what is so now and what was said before. Pure.

An alert has a stable key (what it is about) and a fingerprint (how it stands). It is said when its key is new or its fingerprint
has changed; a key that is no longer so is forgotten, so that it is said again when it comes back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Sort = Literal["run", "finding", "returns_due", "command"]
ORDER: tuple[Sort, ...] = ("run", "command", "finding", "returns_due")
Said = Mapping[str, str]  # key -> fingerprint


@dataclass(frozen=True)
class Alert:
    """One thing that somebody must act on. `about` is its name within its sort, `state` whatever makes it another thing to say;
    `is_error` False: a warning."""

    sort: Sort
    about: str
    state: str
    title: str
    words: str
    to_do: str
    who_acts: str
    link: str
    is_error: bool = True

    @property
    def key(self) -> str:
        return f"{self.sort}:{self.about}"

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.state.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class StateNow:
    """All that is so now, of the sorts that were looked at. A sort that could not be looked at is not in `sorts`: of its keys
    nothing is known, so none is forgotten."""

    alerts: tuple[Alert, ...]
    sorts: frozenset[str]


@dataclass(frozen=True)
class Decision:
    """`to_say`: errors first. `said`: what has been said once `to_say` is through. `resolved`: keys that are no longer so."""

    to_say: tuple[Alert, ...] = ()
    said: dict[str, str] = field(default_factory=dict[str, str])
    resolved: tuple[str, ...] = ()


def decide(now: StateNow, said: Said) -> Decision:
    """What to say of the state now after what was said before. Deciding again after saying it says nothing."""
    standing = {alert.key: alert for alert in now.alerts}
    resolved = tuple(sorted(key for key in said if key not in standing and key.partition(":")[0] in now.sorts))
    kept = {key: mark for key, mark in said.items() if key not in resolved and key not in standing}
    new = [alert for key, alert in standing.items() if said.get(key) != alert.fingerprint]
    return Decision(in_order(new), kept | {key: alert.fingerprint for key, alert in standing.items()}, resolved)


def in_order(alerts: Sequence[Alert]) -> tuple[Alert, ...]:
    return tuple(sorted(alerts, key=lambda alert: (not alert.is_error, ORDER.index(alert.sort), alert.about)))
