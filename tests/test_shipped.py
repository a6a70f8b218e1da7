"""What is shipped is found, from a checkout and from an installed package."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from qdabridge.errors import NotFound
from qdabridge.shipped import shipped

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("name", ["Project.xsd", "Codebook.xsd"])
def test_the_schemas_are_those_of_the_checkout(name: str) -> None:
    assert shipped(f"schemas/{name}").read_bytes() == (ROOT / "schemas" / name).read_bytes()


def test_what_is_shipped_can_be_opened() -> None:
    with shipped("schemas/Project.xsd").open("rb") as stream:
        assert stream.read(5) == b"<?xml"


@pytest.mark.parametrize(
    "name", ["schemas/Nothing.xsd", "", "schemas", "../pyproject.toml", "schemas/../../__init__.py"]
)
def test_nothing_else_is_found(name: str) -> None:
    with pytest.raises(NotFound, match="does not come with"):
        shipped(name)


def test_an_installed_package_has_its_own(tmp_path: Path) -> None:
    """Laid out as in the wheel, where there is no checkout around it."""
    package = tmp_path / "qdabridge"
    shutil.copytree(ROOT / "src" / "qdabridge", package, ignore=shutil.ignore_patterns("__pycache__", "shipped"))
    (package / "shipped" / "schemas").mkdir(parents=True)
    (package / "shipped" / "schemas" / "Project.xsd").write_text("<own/>")
    code = "from qdabridge.shipped import shipped; print(shipped('schemas/Project.xsd').read_text())"
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True, env={"PYTHONPATH": "."}
    )
    assert ended.stdout.strip() == "<own/>"


def test_the_wheel_puts_everything_where_it_is_looked_for() -> None:
    from tomllib import loads

    from qdabridge.shipped import _IN_A_CHECKOUT

    build = loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    moved = build["force-include"]
    for name, place in _IN_A_CHECKOUT.items():
        included = {target for source, target in moved.items() if place == source or place.startswith(f"{source}/")}
        assert included, f"{place} is not in the wheel"
        (target,) = included
        assert f"qdabridge/shipped/{name}".startswith(target)
