"""Steps ask for effects; whoever drives them answers."""

import pytest

from runner.effects import Performers, Prompt, ReadFile, Sleep, Wish, drive, driven
from runner.errors import AuthError, Cancelled, RunAborted
from runner.events import Event, IterationFinished


def asking(*wishes):
    answers = []
    for wish in wishes:
        answers.append((yield from wish))
    return answers


def test_a_step_gets_the_answer_to_each_thing_that_it_asks_for():
    answers = {Prompt: "yes", ReadFile: b"bytes"}
    assert drive(asking(Prompt("?"), ReadFile("a")), lambda wish: answers[type(wish)]) == ["yes", b"bytes"]


def test_a_failure_is_thrown_into_the_step_which_may_go_on():
    def step():
        with pytest.raises(AuthError):
            yield from Prompt("?")
        return (yield from Sleep(1))

    def answer(wish):
        if isinstance(wish, Prompt):
            raise AuthError("nobody is there")
        return "slept"

    assert drive(step(), answer) == "slept"


@pytest.mark.parametrize("error", [RunAborted("over"), Cancelled("stop"), KeyboardInterrupt(), ZeroDivisionError()])
def test_what_ends_the_run_never_reaches_the_step_but_lets_it_clean_up(error):
    seen = []

    def step():
        try:
            yield from Sleep(1)
        except Exception:
            seen.append("caught")
        finally:
            seen.append("cleaned")

    def answer(wish):
        raise error

    with pytest.raises(type(error)):
        drive(step(), answer)
    assert seen == ["cleaned"]


def test_a_step_that_is_driven_bit_by_bit_waits_after_each_answer():
    told = []

    def step():
        yield Event()
        yield IterationFinished()
        return "end"

    moments = driven(step(), lambda asked: told.append(type(asked)))
    next(moments)
    assert told == [Event]
    next(moments)
    assert told == [Event, IterationFinished]
    with pytest.raises(StopIteration) as end:
        next(moments)
    assert end.value.value == "end"


def test_performers_answer_the_effects_of_their_class():
    performers = Performers()
    performers.add(Sleep, lambda effect: None)
    performers.add(Prompt, lambda effect: effect.text.upper())
    assert performers.perform(Prompt("a")) == "A"
    assert performers.kinds == {Sleep, Prompt}


def test_every_effect_is_a_wish():
    assert isinstance(Sleep(1), Wish)
