"""Finds what is shipped with the program: the schemas and the demo study.

In an installed package they lie in ``qdabridge/shipped``; in a checkout they are used where they are written,
``schemas`` and ``fixtures/demo``. This module knows where things lie and nothing of what is in them.
"""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from qdabridge.errors import NotFound

_IN_A_CHECKOUT = {
    "schemas/Project.xsd": "schemas/Project.xsd",
    "schemas/Codebook.xsd": "schemas/Codebook.xsd",
    "schemas/study.schema.json": "schemas/study.schema.json",
    "demo.qdpx": "fixtures/demo/demo.qdpx",
}


def shipped(name: str) -> Traversable:
    """Return a shipped file, to be opened or read like a path.

    Args:
        name: ``schemas/Project.xsd``, ``schemas/Codebook.xsd``, ``schemas/study.schema.json`` or ``demo.qdpx``.

    Raises:
        NotFound: nothing of that name is shipped, or it has not been made yet.

    >>> shipped("schemas/Project.xsd").name
    'Project.xsd'
    """
    installed = files("qdabridge").joinpath("shipped", *name.split("/"))
    if name in _IN_A_CHECKOUT:
        checkout = Path(__file__).parents[2]
        for place in (installed, checkout / _IN_A_CHECKOUT[name]):
            if place.is_file():
                return place
    raise NotFound(
        f"“{name}” does not come with this copy of qdabridge.",
        todo="Install qdabridge again; in a checkout, fixtures/demo/build.py makes the demo study.",
    )
