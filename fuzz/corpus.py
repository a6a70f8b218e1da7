"""The files that fuzzing begins with: the demo without its media, a specimen of each dialect, the hostile files, all of
them as JSON too, the workbooks of a team, a table of each layout, and what earlier runs have found.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

import qdabridge as qda
from fixtures.dialects.make import SPECIMENS
from fixtures.hostile import make as hostile
from fixtures.layouts.make import specimens as tables_of_programs
from fuzz.team import tables, workbooks

_ROOT = Path(__file__).parent.parent
_LARGEST = 200_000
SEEDS = Path(__file__).parent / "seeds"


def write_corpus(folder: Path) -> int:
    """Write the files into a folder and return how many there are."""
    with tempfile.TemporaryDirectory() as inside:
        files = {**_ours(Path(inside)), **{path.name: path.read_bytes() for path in SEEDS.iterdir()}}
        files |= _as_json(files, Path(inside))
        files |= {**workbooks(), **tables(), **tables_of_programs()}
    for name, data in files.items():
        if 0 < len(data) <= _LARGEST:
            (folder / name).write_bytes(data)
    return len(files)


def _ours(folder: Path) -> dict[str, bytes]:
    files = {name: make() for name, make in SPECIMENS.items()}
    files["demo.qdpx"] = _without_media((_ROOT / "fixtures" / "demo" / "demo.qdpx").read_bytes())
    hostile.write_all(folder / "hostile")
    for path in [folder / "hostile" / name for name in (*hostile.harmful(folder / "hostile"), "steering-names.qdpx")]:
        files[f"hostile-{path.name}"] = path.read_bytes()
    return files


def _without_media(packed: bytes) -> bytes:
    """Return a package in which every file but texts and the project is cut to its beginning."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as whole, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as cut:
        for info in whole.infolist():
            data = whole.read(info)
            cut.writestr(info.filename, data if info.filename.endswith((".qde", ".txt", ".pdf")) else data[:200])
    return buffer.getvalue()


def _as_json(files: dict[str, bytes], folder: Path) -> dict[str, bytes]:
    found = {}
    for name, data in files.items():
        path = folder / name
        path.write_bytes(data)
        target = folder / f"{name}.json"
        try:
            with qda.read(path) as study:
                qda.write(study, target, overwrite=True)
        except qda.QdabridgeError:
            continue
        found[target.name] = target.read_bytes()
    return found
