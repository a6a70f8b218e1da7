"""What lies in a deposit: everything that a person or a program needs to read the study without us.

Each file is written by the room that knows it; here it is decided what there is, what it is called, and what is said of
it. Dates come from the study or from the one moment that was given, so the same study gives the same bytes.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from datetime import datetime
from html import escape
from pathlib import Path

from msgspec.structs import asdict

from qdabridge.archives import refuse_bomb
from qdabridge.coders.agreement import agree
from qdabridge.coders.agreement.measures import Undefined
from qdabridge.deposit.archiving import files_at_risk
from qdabridge.deposit.archiving.counting import counted
from qdabridge.deposit.archiving.describing import Described
from qdabridge.deposit.archiving.memos import HEADINGS as MEMO_HEADINGS
from qdabridge.deposit.archiving.memos import write_memos
from qdabridge.deposit.archiving.naming import Naming
from qdabridge.errors import BadRequest, CannotRead
from qdabridge.findings import Finding, Findings
from qdabridge.formats import refi
from qdabridge.formats.exports import write_codebook, write_codings
from qdabridge.formats.exports.table_file import Row, each_once, write_table
from qdabridge.formats.json.writer import Beside, write_json
from qdabridge.formats.spreadsheet.matrix_workbook import write_matrix as write_workbook
from qdabridge.formats.tables.csv_table import write_matrix as write_matrix_csv
from qdabridge.matrix import framework_matrix
from qdabridge.matrix.names import Names, values_in_order
from qdabridge.study.lookup import Lookup
from qdabridge.study.study import Study
from qdabridge.study.text import StoredText

SOURCES = "sources"
MEMOS = "memos"
STUDY = "study.json"
PROJECT = "study.qdpx"
_MATRIX = "The framework matrix"
LOG = "pseudonymisation-log.csv"

_CODING_FIELDS = {
    "case": "The case that the passage belongs to; several with semicolons.",
    "source": "The source that the passage stands in.",
    "theme": "The code at the top of the code's branch.",
    "code": "The code with the codes above it, parted by “ \\ ”.",
    "coder": "Who coded it.",
    "date": "The day of the coding.",
    "start": "The first character in the text of the source, counted in Unicode code points from 0; in recordings, "
    "milliseconds.",
    "end": "The character after the last one, counted in the same way.",
    "line": "The line of the text that the passage begins in, from 1.",
    "text": "The passage.",
    "memo": "What was written about the passage.",
}
_CODE_FIELDS = {
    "code": "The code with the codes above it, parted by “ \\ ”.",
    "name": "Its own name.",
    "level": "How deep it stands, from 1.",
    "description": "Its definition.",
    "color": "Its colour, as #rrggbb.",
    "sources": "How many sources are coded with it.",
    "references": "How many passages are coded with it.",
}
_CASE_FIELDS = {
    "case": "The case: a participant, family, organisation …",
    "sources": "Its sources; several with semicolons.",
    "words": "How many words of text these have.",
    "references": "How many coded passages belong to it.",
}
_FILE_FIELDS = {
    "file": "The file in this deposit.",
    "source": "The source that it is, or is made of.",
    "what": "What it is.",
    "name in the project": "The name of the file inside study.qdpx.",
    "format": "The format, by its first bytes and its ending.",
    "standing": "How archives see the format: preferred, accepted, at risk, proprietary, unknown.",
    "advice": "What to do about it.",
    "bytes": "The size.",
}
_FINDING_FIELDS = {
    "code": "A short name that stays the same.",
    "severity": "error, warning or note.",
    "kind": "problem: it is so. mended: it was so, and was put right. loss: a file here cannot hold it.",
    "message": "What is so.",
    "where": "Where, first of all.",
    "hint": "What to do about it.",
    "count": "How many times.",
}
_AGREEMENT_FIELDS = {
    "code": "The code.",
    "source": "The source.",
    "characters": "How many characters the source has.",
    "kappa": "Cohen's kappa, by characters; empty where it is undefined.",
    "agreement %": "Characters on which both agree.",
    "A and B %": "Characters that both coded.",
    "not A and not B %": "Characters that nobody coded.",
    "disagreement %": "Characters on which they differ.",
    "A and not B %": "Characters that only the first coded.",
    "B and not A %": "Characters that only the second coded.",
}
_MEMO_FIELDS = dict(
    zip(
        MEMO_HEADINGS,
        (
            "The file with its text.",
            "What it is called.",
            "What it is a memo of.",
            "Who wrote it.",
            "The day it was written.",
            "How many words it has.",
        ),
        strict=True,
    )
)


class Contents:
    """Writes the payload of one deposit.

    Args:
        study: what is archived; scrubbed already, if it is to be.
        folder: an empty folder.
        made: the one moment that workbooks name as that of their making.
        told: what is being written, how many bytes of it are, and how many there are.

    Attributes:
        described: what was written so far, in the order in which people should meet it.
        findings: what was noticed, and what cannot be held.
        lost_in: the file, in words, that what has a code was noticed in.
    """

    def __init__(self, study: Study, folder: Path, made: datetime, told: Callable[[str, int, int], None]) -> None:
        self.described: list[Described] = []
        self.findings = Findings()
        self.lost_in: dict[str, str] = {}
        self._study = study
        self._look = Lookup(study)
        self._folder = folder
        self._made = made
        self._told = told
        self._naming = Naming(study)
        self._in_words: set[str] = set()
        self._files: list[tuple[str, str, str, str, str, str, str, int]] = []
        for finding in study.findings:
            self.findings.add(finding)

    def write(self, log: Path | None) -> None:
        """Write everything but what describes it.

        Args:
            log: the log of pseudonymising, which is put beside the rest.
        """
        self._write_project()
        self._told("writing tables", 0, 0)
        self._write_tables()
        self._write_matrix()
        self._write_memos()
        self._write_agreement()
        if log is not None:
            shutil.copyfile(log, self._folder / LOG)
            self._describe(LOG, "what was pseudonymised", "How often, where, by whom and when; never the original.")

    def write_findings(self, more: Iterable[Finding]) -> None:
        """Write the table of all findings; ``more`` are those of what checked the project."""
        for finding in more:
            self.findings.add(finding)
        rows = [
            (each.code, each.severity, each.kind, each.message, each.where, each.hint, each.count)
            for each in self.findings.all()
        ]
        write_table(self._folder / "findings.csv", "Findings", tuple(_FINDING_FIELDS), rows, overwrite=False)
        self._describe(
            "findings.csv",
            "what is to be said of the study",
            "What is wrong or odd in it, and what some file here cannot hold.",
            _FINDING_FIELDS,
        )

    # --- the study itself --------------------------------------------------------

    def _write_project(self) -> None:
        folder = self._folder
        losses = refi.write(self._counted(f"writing {PROJECT}"), folder / PROJECT)
        self._take(losses, f"`{PROJECT}`")
        self._describe(
            PROJECT,
            "the whole project, for programs",
            "As REFI-QDA 1.5 has it: NVivo, MAXQDA, ATLAS.ti and other programs open it.",
        )
        beside = Beside(SOURCES, self._naming.originals)
        told, stored = write_json(
            self._counted("writing the originals"), folder / STUDY, overwrite=False, quotes=True, beside=beside
        )
        self._take(told)
        self._describe(
            STUDY,
            "the whole project, for any language",
            "Plain JSON with all texts and quoted passages. Nothing is left out: the project can be restored from it.",
        )
        (folder / SOURCES).mkdir(exist_ok=True)
        self._write_texts()
        for name, called in stored.items():
            self._list_file(called, self._naming.sources.get(name, ""), "as it came", name)
            self._write_readable(called, self._naming.sources.get(name, ""))
        self._write_files()

    def _counted(self, what: str) -> Study:
        return counted(self._study, lambda done, total: self._told(what, done, total))

    def _write_texts(self) -> None:
        for place in self._naming.texts:
            source = place.source.name or place.source.guid
            try:
                text = self._study.text_of(place.document)
            except CannotRead as error:
                text = None
                self._take([Finding("DEPOSIT-NO-TEXT", "error", "A text cannot be read.", source, error.sentence())])
            if text is None:
                continue
            (self._folder / SOURCES / place.name).write_bytes(StoredText(text).encoded())
            self._in_words.add(source)
            self._list_file(place.name, source, "text; positions in codings.csv count its characters", "")

    def _write_readable(self, called: str, source: str) -> None:
        """Write what can be read in a browser beside a Word document."""
        if not called.lower().endswith(".docx"):
            return
        try:
            import mammoth
        except ImportError:
            self._take(
                [
                    Finding(
                        "DEPOSIT-NO-HTML",
                        "note",
                        "Word documents are not turned into web pages, which needs qdabridge[archive].",
                        called,
                    )
                ]
            )
            return
        try:
            refuse_bomb(self._folder / SOURCES / called, self._study.files.limits)
            with (self._folder / SOURCES / called).open("rb") as stream:
                words = "" if source in self._in_words else mammoth.extract_raw_text(stream).value
                stream.seek(0)
                # Pictures would be turned into text of many megabytes; they are in the document itself.
                html = mammoth.convert_to_html(stream, convert_image=mammoth.images.img_element(lambda _: {"src": ""}))
        except Exception:  # noqa: BLE001 - whatever a stranger's document makes the library raise
            self._take(
                [Finding("DEPOSIT-NO-HTML", "note", "A Word document could not be turned into a web page.", called)]
            )
            return
        name = self._naming.beside(called, ".html")
        title = escape(source)
        page = f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>{title}</title></head>\n'
        page += f"<body>{html.value}</body></html>\n"
        (self._folder / SOURCES / name).write_bytes(page.encode("utf-8"))
        self._list_file(name, source, "the document as a web page, without its pictures", "")
        if words:
            # Its name was kept for the text that the study does not hold.
            kept = (each.name for each in self._naming.texts if source in (each.source.name, each.source.guid))
            name = next(kept, None) or self._naming.beside(called, ".txt")
            (self._folder / SOURCES / name).write_bytes(words.encode("utf-8"))
            self._list_file(name, source, "the words of the document", "")

    def _list_file(self, called: str, source: str, what: str, name: str) -> None:
        path = self._folder / SOURCES / called
        with path.open("rb") as stream:
            found = files_at_risk.format_of(called, stream.read(16))
        size = path.stat().st_size
        self._files.append((f"{SOURCES}/{called}", source, what, name, found.name, found.standing, found.advice, size))
        if found.standing in ("at risk", "proprietary", "unknown"):
            self._take(
                [
                    Finding(
                        "FORMAT-AT-RISK",
                        "warning",
                        f"Archives may not keep a file of this format readable ({found.name}: {found.standing}).",
                        f"{SOURCES}/{called}",
                        found.advice,
                    )
                ]
            )

    def _write_files(self) -> None:
        write_table(self._folder / "files.csv", "Files", tuple(_FILE_FIELDS), sorted(self._files), overwrite=False)
        self._describe(
            "files.csv",
            "what each file in sources is",
            "Which source it is, its format, and whether archives prefer that.",
            _FILE_FIELDS,
        )
        self._describe(
            f"{SOURCES}/",
            "the sources: texts in UTF-8 beside the documents, pictures and recordings as they came",
        )

    # --- tables ------------------------------------------------------------------

    def _write_tables(self) -> None:
        study, folder = self._study, self._folder
        attributes = [variable.name for variable in self._look.variables]
        self._write_cases(attributes)
        if study.project.code_book and study.project.code_book.codes:
            self._take_of_table(write_codebook(study, folder / "codebook.csv"), "`codebook.csv`")
            self._describe("codebook.csv", "the codes", "A row for each code, with its definition.", _CODE_FIELDS)
            self._take_of_table(write_codebook(study, folder / "codebook.md"), "`codebook.md`")
            self._describe("codebook.md", "the codes, for reading")
            # What a codebook leaves out stands in the project beside it.
            write_codebook(study, folder / "codebook.qdc")
            self._describe("codebook.qdc", "the codes, for programs", "As REFI-QDA has it.")
            self._take_of_table(write_codings(study, folder / "codings.csv"), "`codings.csv`")
            self._describe(
                "codings.csv",
                "every coded passage",
                "A row for each passage and code, with the words, who coded it, and where they stand.",
                _CODING_FIELDS,
            )

    def _write_cases(self, attributes: list[str]) -> None:
        look = self._look
        if not look.cases:
            return
        names = Names(look)
        words = self._words_by_source()
        rows = []
        for number, case in enumerate(look.cases, 1):
            sources = look.sources_of(case)
            rows.append(
                (
                    names.of_case(case, number),
                    *values_in_order(look, case),
                    "; ".join(source.name or source.guid for source in sources),
                    sum(words.get(id(source), 0) for source in sources),
                    len(look.references_of(case)),
                )
            )
        headings = each_once(["case", *attributes, "sources", "words", "references"])
        self._take(write_table(self._folder / "cases.csv", "Cases", headings, rows, overwrite=False), "`cases.csv`")
        self._describe(
            "cases.csv", "the cases: the data list", "A row for each case, with its attributes.", _CASE_FIELDS
        )

    def _words_by_source(self) -> dict[int, int]:
        """Return how many words each source has, its transcripts included, by its ``id``."""
        found: dict[int, int] = {}
        for place in self._naming.texts:
            try:
                words = len((self._study.text_of(place.document) or "").split())
            except CannotRead:
                words = 0
            found[id(place.source)] = found.get(id(place.source), 0) + words
        return found

    def _write_matrix(self) -> None:
        matrix = framework_matrix(self._study)
        if not matrix.rows or not matrix.columns:
            return
        self._take(write_workbook(matrix, self._folder / "framework-matrix.xlsx", made=self._made), _MATRIX)
        self._describe(
            "framework-matrix.xlsx",
            "the framework matrix, to work in",
            "A row for each case, a column for each code, the passages in the cells; for Excel or LibreOffice.",
        )
        self._take(write_matrix_csv(matrix, self._folder / "framework-matrix.csv"), _MATRIX)
        self._describe("framework-matrix.csv", "the framework matrix, as a plain table")

    def _write_memos(self) -> None:
        written = write_memos(self._study, self._folder / MEMOS, self._folder / "memos.csv")
        if written:
            self._describe("memos.csv", "the memos", "What each is about, and in which file it is.", _MEMO_FIELDS)
            self._describe(f"{MEMOS}/", "the memos, as text")

    def _write_agreement(self) -> None:
        """Write how far two coders agree; nothing where there are not two, or they have nothing in common."""
        try:
            found = agree(self._study, draws=0)
        except BadRequest:
            return
        if len(found.coders) != 2:
            return
        tables = found.tables
        rows: list[Row] = []
        for row in tables.rows:
            kappa = row.figures["kappa"]
            seven = row.seven
            rows.append(
                (
                    tables.codes[row.code].path,
                    tables.fields[row.field].name,
                    tables.fields[row.field].size,
                    None if isinstance(kappa, Undefined) else round(kappa, 4),
                    *([None] * 6 if seven is None else [round(value, 2) for value in asdict(seven).values()]),
                )
            )
        write_table(self._folder / "agreement.csv", "Agreement", tuple(_AGREEMENT_FIELDS), rows, overwrite=False)
        a, b = (", ".join(coder.people) or coder.name for coder in found.coders)
        self._describe(
            "agreement.csv",
            "how far the two coders agree",
            f"For each code in each source, as NVivo reports it. The columns say A for {a} and B for {b}.",
            _AGREEMENT_FIELDS,
        )

    # --- what is said ------------------------------------------------------------

    def _describe(self, path: str, title: str, about: str = "", fields: dict[str, str] | None = None) -> None:
        self.described.append(Described(path, title, about, fields or {}))

    def _take_of_table(self, findings: Iterable[Finding], file: str) -> None:
        """Take what was changed in a table; what it leaves out of the study stands in the project beside it."""
        self._take((each for each in findings if not each.code.startswith(("CODEBOOK-", "CODINGS-"))), file)

    def _take(self, findings: Iterable[Finding], file: str = "") -> None:
        for finding in findings:
            self.findings.add(finding)
            if file:
                self.lost_in.setdefault(finding.code, file)
