"""What is said, from what is so and what was said."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from orchestration.alerts.decisions import Alert, StateNow, decide

ALL = frozenset({"run", "finding", "returns_due"})


def alert(about: str = "a", state: str = "1", sort: str = "finding", *, is_error: bool = True) -> Alert:
    return Alert(sort, about, state, "title", "words", "to do", "who", "link", is_error)  # type: ignore[arg-type]


def now(*alerts: Alert, sorts: frozenset[str] = ALL) -> StateNow:
    return StateNow(alerts, sorts)


def test_a_thing_is_said_once() -> None:
    first = decide(now(alert()), {})
    assert [one.about for one in first.to_say] == ["a"]
    assert decide(now(alert()), first.said).to_say == ()


def test_a_thing_is_said_again_when_it_changes() -> None:
    said = decide(now(alert(state="3 rows")), {}).said
    assert [one.state for one in decide(now(alert(state="4 rows")), said).to_say] == ["4 rows"]


def test_words_alone_do_not_make_it_another_thing() -> None:
    said = decide(now(alert()), {}).said
    assert decide(now(replace(alert(), words="put otherwise", link="elsewhere")), said).to_say == ()


def test_a_thing_that_was_resolved_and_comes_back_is_said_again() -> None:
    said = decide(now(alert()), {}).said
    gone = decide(now(), said)
    assert (gone.to_say, gone.resolved, gone.said) == ((), ("finding:a",), {})
    assert len(decide(now(alert()), gone.said).to_say) == 1


def test_nothing_is_forgotten_of_what_was_not_looked_at() -> None:
    said = decide(now(alert(sort="run")), {}).said
    blind = decide(now(sorts=frozenset({"finding"})), said)
    assert (blind.resolved, blind.said) == ((), said)
    assert decide(now(alert(sort="run")), blind.said).to_say == ()


def test_errors_come_before_warnings_and_runs_before_returns() -> None:
    found = decide(now(alert("w", is_error=False), alert("b"), alert("a"), alert("z", sort="run")), {}).to_say
    assert [one.about for one in found] == ["z", "a", "b", "w"]


_ALERT = st.builds(alert, st.sampled_from("abc"), st.sampled_from("12"), st.sampled_from(sorted(ALL)))
_STATE = st.builds(lambda found: now(*{one.key: one for one in found}.values()), st.lists(_ALERT, max_size=6))


@given(st.lists(_STATE, max_size=6))
def test_laws_of_saying(states: list[StateNow]) -> None:
    said: dict[str, str] = {}
    for state in states:
        decision = decide(state, said)
        assert decide(state, decision.said).to_say == ()  # said once
        assert decision.said == {one.key: one.fingerprint for one in state.alerts}  # nothing else is remembered
        assert {one.key for one in decision.to_say} == {one.key for one in state.alerts if said.get(one.key) != one.fingerprint}
        said = decision.said
