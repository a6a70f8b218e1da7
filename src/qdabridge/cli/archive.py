"""`qdabridge archive`: a study as a package that an archive can keep."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qdabridge.cli import listing, overwriting, streams
from qdabridge.cli.limits import limits_option
from qdabridge.cli.media import media_option
from qdabridge.cli.paths import ANY_PATH
from qdabridge.cli.positions import positions_option
from qdabridge.safety import is_folder, same_file

if TYPE_CHECKING:
    from qdabridge.deposit.archiving import Archived

BROKEN = 1
"""The status when a deposit is not as it was."""


@click.command(
    epilog="""\b
Examples:
  qdabridge archive study.qdpx --init study.toml     the questions that archives ask
  qdabridge archive study.qdpx deposit --about study.toml
  qdabridge archive study.qdpx deposit.zip --about study.toml
  qdabridge archive --verify deposit                 is it as it was?
  qdabridge convert deposit restored.qdpx            a project again"""
)
@click.argument("file", metavar="[STUDY]", required=False, type=ANY_PATH)
@click.argument("target", metavar="[DEPOSIT]", required=False, type=ANY_PATH)
@click.option("--init", "form", metavar="FILE", type=ANY_PATH, help="Write the questions, as TOML.")
@click.option("--about", metavar="FILE", type=ANY_PATH, help="The answers: study.toml, filled in.")
@click.option("--log", metavar="FILE", type=ANY_PATH, help="The log of pseudonymising, to be put in.")
@click.option("--verify", metavar="DEPOSIT", type=ANY_PATH, help="See whether a deposit is as it was.")
@click.option(
    "--scrub/--keep-private",
    default=True,
    show_default=True,
    help="Take out names of coders, paths of machines, and what pictures and documents say of their making.",
)
@click.option("--json", "as_json", is_flag=True, help="Tell what was found as JSON.")
@media_option
@positions_option
@limits_option
@overwriting.force_option
def archive(
    file: Path | None,
    target: Path | None,
    form: Path | None,
    about: Path | None,
    log: Path | None,
    verify: Path | None,
    scrub: bool,
    as_json: bool,
    media: Path | None,
    positions: str | None,
    limits: str | None,
    force: bool,
) -> None:
    """Make a package that an archive can keep, and verify one.

    DEPOSIT is a folder or a .zip: texts, tables, the project in REFI-QDA and JSON, metadata and checksums, with a
    README that explains them to somebody who has none of these programs. The status is 1 when a deposit is not as it
    was.
    """
    if verify is not None:
        if file is not None or form is not None:
            raise click.UsageError("With --verify name the deposit alone: nothing is written.")
        _verify(verify, limits, as_json=as_json)
        return
    if file is None or (target is None) == (form is None):
        raise click.UsageError("Name the study and the deposit to write, or ask for --init or --verify.")
    if form is not None and same_file(form, file):
        raise click.UsageError("The form needs a file of its own.")
    if target is not None and same_file(target, file):
        raise click.UsageError("STUDY is never overwritten, not with --force either. Name another deposit to write.")
    import qdabridge
    from qdabridge.deposit.archiving.metadata import form_for, read_answers
    from qdabridge.safety import readable, writing

    written = form or target or file
    # What may become of a folder that is there, the library knows: an empty one is as good as none.
    overwrite = force if is_folder(written) else overwriting.allowed(written, force=force)
    answers = read_answers(about) if about is not None else None
    if log is not None:
        readable(log)
    with qdabridge.read(file, media=media, positions=positions, limits=limits) as study:
        if form is not None:
            with writing(form, overwrite=overwrite) as stream:
                stream.write(form_for(study).encode("utf-8"))
            streams.say(f"Wrote {streams.shown(str(form))}: answer what you can, and name it with --about.")
            return
        assert target is not None
        with streams.Bytes() as bar:
            made = qdabridge.archive(
                study,
                target,
                answers=answers,
                log=log,
                private=not scrub,
                overwrite=overwrite,
                progress=bar.show,
            )
    if as_json:
        streams.say_json(_as_json(made))
        return
    streams.say(
        *listing.lines(made.findings),
        f"Wrote {streams.shown(str(target))}: {made.files} files, {made.size:,} bytes. Begin with data/README.md.",
    )


def _verify(deposit: Path, limits: str | None, *, as_json: bool) -> None:
    from qdabridge.deposit.archiving.verifying import verify
    from qdabridge.limits import limits_of

    total = sum(path.stat().st_size for path in deposit.rglob("*") if path.is_file()) if is_folder(deposit) else 0
    done = 0
    with streams.Bytes() as bar:

        def step(more: int) -> None:
            nonlocal done
            done += more
            bar.show("verifying", done, total)

        findings = verify(deposit, limits=limits_of(limits), progress=step)
    if as_json:
        streams.say_json({"deposit": str(deposit), "findings": [listing.as_json(each) for each in findings]})
    elif findings:
        streams.say(listing.table(findings))
    else:
        streams.say("The deposit is as it was: nothing has changed, and the study reads back.")
    if findings:
        raise click.exceptions.Exit(BROKEN)


def _as_json(made: Archived) -> dict[str, Any]:
    return {
        "deposit": str(made.path),
        "files": made.files,
        "bytes": made.size,
        "unanswered": list(made.unanswered),
        "findings": [listing.as_json(each) for each in made.findings],
    }
