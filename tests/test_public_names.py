"""What `import qdabridge` offers: every name that is promised is there, and says what it does."""

from __future__ import annotations

import pytest

import qdabridge as qda


@pytest.mark.parametrize("name", qda.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    found = getattr(qda, name)
    if not isinstance(found, str):
        assert (found.__doc__ or "").strip()


def test_the_public_names_are_sorted_and_each_once() -> None:
    assert qda.__all__ == sorted(set(qda.__all__))


def test_a_name_that_is_not_public_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="no attribute 'charting_of'"):
        qda.charting_of  # noqa: B018
