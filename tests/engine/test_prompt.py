"""A question to the person at the terminal."""

import io

import pytest

from runner.cancel import Cancel
from runner.effects import Prompt
from runner.engine import prompt as module
from runner.engine.prompt import prompt
from runner.errors import AuthError


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def terminal(monkeypatch):
    """Somebody typed this line."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(module.sys, "stdin", Terminal("typed\n"))


def test_what_was_typed_is_the_answer_and_the_question_is_on_standard_error(terminal, capsys):
    assert prompt(Prompt(text="code? "), Cancel()) == "typed\n"
    assert capsys.readouterr() == ("", "code? ")


def test_a_text_that_asks_nothing_waits_for_nobody(terminal, capsys):
    assert prompt(Prompt(text="go there", answer=False), Cancel()) == ""
    assert capsys.readouterr().err == "go there\n"


def test_a_cancelled_run_waits_for_nobody(terminal):
    cancel = Cancel()
    cancel.set()
    assert prompt(Prompt(text="code? "), cancel) == ""


def test_in_ci_nobody_is_asked(terminal, monkeypatch):
    monkeypatch.setenv("CI", "true")
    with pytest.raises(AuthError, match="needs a person at a terminal"):
        prompt(Prompt(text="code? "), Cancel())


def test_without_a_terminal_nobody_is_asked(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(module.sys, "stdin", io.StringIO("typed\n"))
    with pytest.raises(AuthError, match="needs a person at a terminal"):
        prompt(Prompt(text="code? "), Cancel())
