"""An expression of the key that would take for ever ends with a sentence; names with a capital inside are one name."""

from __future__ import annotations

import signal

import pytest

from qdabridge.deposit.pseudonymising import Matcher, patience, pseudonymise
from qdabridge.deposit.pseudonymising.key import Entry, Key
from qdabridge.errors import BadRequest
from qdabridge.study.model import Project, User
from qdabridge.study.study import Study


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no timers")
def test_an_expression_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "LONGEST", 0.2)
    matcher = Matcher(Key((Entry(r"(.|\s)*!", "x", match="regex", row=2),)))
    with pytest.raises(BadRequest, match="too long"):
        matcher.found(" " * 60)


@pytest.mark.parametrize("name", ["McDonald", "DeShawn"])
def test_a_name_with_a_capital_inside_is_found_in_names_of_files_and_users(name: str) -> None:
    matcher = Matcher(Key((Entry(name, "Rose"),)))
    assert [match[:3] for match in matcher.found_in_name(f"{name}_1.docx")] == [(0, len(name), "Rose")]


def test_the_log_never_says_a_user_s_name_that_is_run_together() -> None:
    study = Study(Project(name="P", users=[User(guid="u", name="MargaretSmith")]))
    done = pseudonymise(study, Key((Entry("Margaret", "Rose"),))).done
    assert [each.where for each in done] == ["RoseSmith"]
