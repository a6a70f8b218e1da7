"""Whether a deposit is what it says it is, by programs that others wrote.

    python -m interop.deposits

Lets `qdabridge archive` make a deposit of the demo study, and has it judged: by bagit (the bag), frictionless (the data
package and its tables) and roc-validator (the crate, at the level of what is required). They are installed into
`interop/.validators`, an environment of their own: roc-validator brings thirty packages and wants an older rich.

roc-validator fetches the JSON-LD context from the web. Here it runs in its offline mode, with a cache that is filled
from the copy of the context in the npm package `ro-crate`, so that no run hangs on somebody's server. The newest copy
there is that of version 1.2; it stands in for that of 1.3.

The exit status is 1 where one of them finds fault, 2 where they or the context could not be had.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tarfile
import tempfile
import venv
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
DEMO = ROOT / "fixtures" / "demo" / "demo.qdpx"
VENV = Path(__file__).parent / ".validators"
REQUIREMENTS = ("bagit==1.9.0", "frictionless==5.21.0", "roc-validator==0.13.0")
CONTEXT_PACKAGE = "ro-crate@3.7.2"
VERSION = "1.3"
"""Of RO-Crate: the one that the deposit is written in."""

TIME_LIMIT = 200
"""Seconds that one program may take."""

_CONTEXT = f"https://w3id.org/ro/crate/{VERSION}/context"
_FILL_CACHE = """
import io, sys
import requests
from pathlib import Path
from requests_cache import CachedSession
from urllib3.response import HTTPResponse
cache, context, address = sys.argv[1:]
document = Path(context).read_bytes()
headers = {"Content-Type": "application/ld+json"}
answer = requests.Response()
answer.status_code, answer.url, answer._content, answer.encoding = 200, address, document, "utf-8"
answer.headers.update(headers)
asked = {"Accept": "application/ld+json, application/json, */*;q=0.1"}
answer.request = requests.Request("GET", address, headers=asked).prepare()
answer.raw = HTTPResponse(body=io.BytesIO(document), status=200, headers=headers, preload_content=False)
CachedSession(cache_name=cache, backend="sqlite", expire_after=-1).cache.save_response(answer)
"""


class Verdict(NamedTuple):
    """What one program said; ``fault`` is empty where it found none."""

    by: str
    of: str
    fault: str


def main() -> int:
    """Make the deposit, have it judged, print; return the exit status."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        try:
            tools = _tools()
            cache = _filled_cache(tools, folder)
        except (OSError, subprocess.SubprocessError) as error:
            print(f"The validators could not be had: {error}", file=sys.stderr)
            return 2
        deposit = folder / "deposit"
        _run([sys.executable, "-m", "qdabridge", "archive", str(DEMO), str(deposit)])
        verdicts = judged(deposit, tools, cache)
    for verdict in verdicts:
        print(f"{verdict.by:14} {verdict.of:42} {verdict.fault or 'valid'}")
    return int(any(verdict.fault for verdict in verdicts))


def judged(deposit: Path, tools: Path, cache: Path) -> list[Verdict]:
    """Return what each program says of a deposit.

    Args:
        deposit: its folder.
        tools: the folder with the programs.
        cache: of roc-validator.
    """
    crate = next(deposit.rglob("ro-crate-metadata.json")).parent
    package = next(deposit.rglob("datapackage.json"))
    offline = ["--offline", "--cache-path", str(cache)]
    asked = ["--profile-identifier", f"ro-crate-{VERSION}", "--requirement-severity", "required"]
    return [
        _verdict("bagit", deposit, deposit, [str(tools / "bagit.py"), "--validate", str(deposit)]),
        _verdict("frictionless", deposit, package, [str(tools / "frictionless"), "validate", str(package)]),
        _verdict(
            "roc-validator",
            deposit,
            crate,
            [
                str(tools / "rocrate-validator"),
                "-y",
                "--disable-color",
                "validate",
                "--verbose",
                "--no-paging",
                *offline,
                *asked,
                str(crate),
            ],
        ),
    ]


def _verdict(by: str, deposit: Path, what: Path, command: list[str]) -> Verdict:
    of = what.relative_to(deposit.parent).as_posix()
    try:
        _run(command)
    except subprocess.CalledProcessError as error:
        said = [line.strip(" │╭╮╰╯─") for line in f"{error.stdout}\n{error.stderr}".splitlines()]
        return Verdict(by, of, " / ".join(line for line in said if line)[-2000:])
    except subprocess.TimeoutExpired:
        return Verdict(by, of, f"took more than {TIME_LIMIT} seconds")
    return Verdict(by, of, "")


# --- what is needed for it --------------------------------------------------------------------------------------------


def _tools() -> Path:
    """Return the folder with the programs, which are installed when they are not."""
    folder = VENV / ("Scripts" if sys.platform == "win32" else "bin")
    done, wanted = VENV / "installed.txt", "\n".join((platform.python_version(), *REQUIREMENTS))
    if not done.exists() or done.read_text() != wanted:
        venv.create(VENV, with_pip=True, clear=True)
        _run([str(folder / "python"), "-m", "pip", "install", *REQUIREMENTS])
        done.write_text(wanted)
    return folder


def _filled_cache(tools: Path, folder: Path) -> Path:
    """Return a cache in which roc-validator finds the context."""
    _run(["npm", "pack", "--silent", "--pack-destination", str(folder), CONTEXT_PACKAGE])
    context, cache = folder / "context.json", folder / "cache"
    with tarfile.open(next(folder.glob("ro-crate-*.tgz"))) as package:
        member = package.extractfile("package/lib/context.json")
        if member is None:
            raise FileNotFoundError(f"{CONTEXT_PACKAGE} has no context")
        context.write_bytes(member.read())
    _run([str(tools / "python"), "-c", _FILL_CACHE, str(cache), str(context), _CONTEXT])
    return cache


def _run(command: list[str]) -> None:
    path = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path} if command[0] == sys.executable else None
    subprocess.run(
        command, check=True, capture_output=True, encoding="utf-8", timeout=TIME_LIMIT, env=environment, cwd=ROOT
    )


if __name__ == "__main__":
    sys.exit(main())
