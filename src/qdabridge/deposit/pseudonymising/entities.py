"""Names by a model of spaCy, where one is installed; none is ever fetched. It knows nothing of studies."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

from qdabridge.deposit.pseudonymising.key import Kind

Entity: TypeAlias = tuple[int, int, Kind]
"""Where in a text somebody or something is named, the end exclusive, and what it is."""

Recogniser: TypeAlias = Callable[[str], Iterable[Entity]]

_KINDS: dict[str, Kind] = {
    "PERSON": "person",
    "PER": "person",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
    "ORG": "institution",
}
_SIZES = ("trf", "lg", "md", "sm")
_PIECE = 100_000
_WORD = re.compile(r"[^\W\d_]+")


def recogniser(sample: str) -> tuple[str, Recogniser] | None:
    """Return the name of the model for the language of a text, the largest there is, and what finds names by it.

    ``None`` where spaCy or a model is not installed, or the model cannot be loaded.
    """
    try:
        import spacy
    except ImportError:
        return None
    names = [name for name in spacy.util.get_installed_models() if "_" in name]
    if not names:
        return None
    words = [word.lower() for word in _WORD.findall(sample)]
    best = max(names, key=lambda name: (_share(spacy, name.partition("_")[0], words), _size(name)))
    try:
        language = spacy.load(best, exclude=["lemmatizer", "textcat"])
    except (OSError, ValueError, ImportError):
        # A model that is damaged, or made for another version of spaCy, is as good as none.
        return None
    if "ner" not in language.pipe_names:
        return None

    def found(text: str) -> Iterator[Entity]:
        for start in range(0, len(text), _PIECE):
            for entity in language(text[start : start + _PIECE]).ents:
                if entity.label_ in _KINDS:
                    yield start + entity.start_char, start + entity.end_char, _KINDS[entity.label_]

    return best, found


def _share(spacy: Any, language: str, words: list[str]) -> int:
    """Return how many words of a text are among the commonest of a language; models of many languages have none."""
    if language == "xx":
        return 0
    common = spacy.util.get_lang_class(language).Defaults.stop_words
    return sum(word in common for word in words)


def _size(name: str) -> int:
    last = name.rpartition("_")[2]
    return -_SIZES.index(last) if last in _SIZES else -len(_SIZES)
