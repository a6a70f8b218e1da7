"""What of a study goes into a .qdc codebook: its codes and its sets of codes; and what stays behind, said."""

from __future__ import annotations

from typing import BinaryIO

from msgspec.structs import asdict

from qdabridge.findings import Finding
from qdabridge.formats.refi.grammar import CODEBOOK_NAMESPACE, CodebookFile
from qdabridge.formats.refi.plan import Plan
from qdabridge.formats.refi.xml_writer import write_xml
from qdabridge.study import walk
from qdabridge.study.counts import counts
from qdabridge.study.model import Project, Set


def write_codes(plan: Plan, stream: BinaryIO) -> CodebookFile:
    """Write the codes of a study and its sets of codes into a stream, and return them as they stand there."""
    form, project = plan.form, plan.project
    root = CodebookFile(
        # A codebook has no positions, so its origin says where it is from rather than how to count.
        origin=plan.original.project.origin,
        codes=project.code_book.codes if project.code_book else [],
        sets=_sets_of_codes(project),
        extensions=project.extensions if form else None,
    )
    left = write_xml(
        root,
        stream,
        namespace=form.namespace if form else CODEBOOK_NAMESPACE,
        prefix=form.prefix if form else "",
        namespace_was=plan.original.form.namespace if plan.original.form else "",
        before=form.before if form else (),
        after=form.after if form else (),
        strict=form is None,
    )
    plan.tell_left(left)
    return root


def tell_what_a_codebook_leaves(project: Project, plan: Plan) -> None:
    """Add to a plan's findings what of a project a codebook has no place for."""
    left = {name: count for name, count in asdict(counts(project)).items() if name not in ("codes", "sets") and count}
    if left:
        plan.findings.add(
            Finding(
                "CODEBOOK-ONLY",
                "warning",
                "A .qdc codebook holds codes and sets of codes only; left out: "
                + ", ".join(f"{count} {name}" for name, count in left.items())
                + ".",
                where=str(plan.path),
                hint="Write a .qdpx to keep the whole study.",
                kind="loss",
            )
        )
    members = sum(len(kept.member_sources) + len(kept.member_notes) for kept in project.sets or ())
    if members:
        plan.findings.add(
            Finding(
                "CODEBOOK-SETS",
                "warning",
                "Sets hold sources or notes, which a codebook cannot hold; they were left out of the sets.",
                where=str(plan.path),
                kind="loss",
                count=members,
            )
        )
    memos = sum(len(code.note_refs) for code in walk.codes(project))
    if memos:
        plan.findings.add(
            Finding(
                "CODEBOOK-NO-NOTES",
                "warning",
                "Codes point to notes, which a codebook cannot hold; the pointers were left out.",
                where=str(plan.path),
                kind="loss",
                count=memos,
            )
        )


def _sets_of_codes(project: Project) -> list[Set] | None:
    """Return the sets as a codebook can hold them: those that have codes, or were in a codebook before."""
    if project.sets is None:
        return None
    kept = [
        member for member in project.sets if member.member_codes or not (member.member_sources or member.member_notes)
    ]
    # A container that stood there empty, as in Taguette, is kept; the standard's form leaves it out.
    return kept if kept or not project.sets else None
