"""Synthetic studies of any number of selections, for benchmarks and for tests of scale.

Writes one `.qdpx` in either of two flavours: `standard` counts positions in code points, as the standard asks;
`nvivo` looks like an export of NVivo for Windows (byte order mark, CRLF, UTF-16 positions, `Sources/`, a rich text
beside each plain one). Everything follows from the seed, so the same call writes the same bytes. The XML is streamed:
no more than one source's text is ever in memory. This module knows nothing of the library it serves to measure.
"""

from __future__ import annotations

import argparse
import io
import zipfile
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from random import Random
from typing import IO, Literal, NamedTuple
from xml.sax.saxutils import escape, quoteattr

Flavour = Literal["standard", "nvivo"]

CODES = 200
CASES = 20
USERS = 2
TEXT_BYTES = 60_000
DESCRIPTION_EVERY = 10
NOTE_EVERY = 50
MODIFIED_EVERY = 5

NAMESPACE = "urn:QDA-XML:project:1.0"
ZIP_DATE = (2025, 1, 15, 12, 0, 0)

VARIABLES = (
    ("Gender", "Text"),
    ("Age", "Integer"),
    ("Score", "Float"),
    ("Urban", "Boolean"),
    ("Interviewed on", "Date"),
    ("Last visit", "DateTime"),
)


class Word(NamedTuple):
    """Where one word of a text begins and ends, as the flavour counts positions."""

    start: int
    end: int


def generate(path: Path, selections: int, *, flavour: Flavour = "standard", seed: int = 1) -> None:
    """Write a study of exactly `selections` selections to `path`, replacing what is there."""
    study = _SyntheticStudy(selections, flavour, seed)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with (
            archive.open(_entry("project.qde"), "w", force_zip64=True) as member,
            io.TextIOWrapper(member, encoding="utf-8", newline=study.newline) as out,
        ):
            study.write_xml(out)
        for name, content in study.files():
            archive.writestr(_entry(name), content)


def extract_qde(study: Path, qde: Path) -> None:
    """Unpack the XML of `study` to `qde`, so that a parser can be timed without the zip around it."""
    with zipfile.ZipFile(study) as archive, archive.open("project.qde") as packed, qde.open("wb") as plain:
        while block := packed.read(1 << 20):
            plain.write(block)


def source_count(selections: int) -> int:
    """How many sources share that many selections: 10, 100 and 500 for the three benchmark sizes."""
    if selections <= 1_000:
        return min(10, max(1, selections))
    if selections <= 50_000:
        return 100
    return 500


class _SyntheticStudy:
    """What is in a study of this size, flavour and seed; everything is recomputed when it is needed again."""

    def __init__(self, selections: int, flavour: Flavour, seed: int) -> None:
        self.selections = selections
        self.sources = source_count(selections)
        self.nvivo = flavour == "nvivo"
        self.seed = seed
        self.newline = "\r\n" if self.nvivo else "\n"
        self.folder = "Sources" if self.nvivo else "sources"
        self.sentences = [_sentence(Random(f"{seed}/sentence/{number}")) for number in range(400)]

    def guid(self, kind: str, number: int) -> str:
        digest = blake2b(f"{self.seed}/{kind}/{number}".encode(), digest_size=16).hexdigest()
        return f"{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:]}"

    def selections_of(self, source: int) -> range:
        """The numbers of the selections made in that source; together they are all of them, in order."""
        return range(source * self.selections // self.sources, (source + 1) * self.selections // self.sources)

    def text(self, source: int) -> tuple[str, list[Word]]:
        """The text of a source and the words in it, positions counted as the flavour counts them."""
        random = Random(f"{self.seed}/text/{source}")
        parts: list[str] = []
        words: list[Word] = []
        size = position = 0
        while size < TEXT_BYTES:
            sentence = random.choice(self.sentences)
            for word in sentence:
                length = len(word.encode("utf-16-le")) // 2 if self.nvivo else len(word)
                words.append(Word(position, position + length))
                position += length + 1
            parts.append(" ".join(sentence))
            size += len(parts[-1].encode()) + 1
            if random.random() < 0.2:
                parts.append(self.newline)
                position += len(self.newline) - 1
            else:
                parts.append(" ")
        return "".join(parts[:-1]), words

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every member of the archive but the XML."""
        for source in range(self.sources):
            guid = self.guid("source", source)
            text = self.text(source)[0]
            if self.nvivo:
                yield f"{self.folder}/{guid}.docx", _docx(text)
                yield f"{self.folder}/{guid}.txt", b"\xef\xbb\xbf" + text.encode()
            else:
                yield f"{self.folder}/{guid}.txt", text.encode()
        if self.nvivo:
            for number in range(0, self.selections, NOTE_EVERY):
                content = _note(number).encode()
                yield f"{self.folder}/{self.guid('note', number)}.txt", b"\xef\xbb\xbf" + content

    def write_xml(self, out: IO[str]) -> None:
        """Write the whole of project.qde, piece by piece; the stream turns line ends into the flavour's own."""
        encoding = "utf-8" if self.nvivo else "UTF-8"
        out.write(f'<?xml version="1.0" encoding="{encoding}"?>\n')
        out.write(self._project_tag())
        self._write_users(out)
        self._write_codes(out)
        self._write_variables(out)
        self._write_cases(out)
        out.write("  <Sources>\n")
        for source in range(self.sources):
            self._write_source(out, source)
        out.write("  </Sources>\n")
        if self.selections:
            self._write_notes(out)
        if self.nvivo:
            self._write_links(out)
            out.write("  <Description />\n")
        out.write("</Project>")

    def _project_tag(self) -> str:
        origin = "NVivo for Windows 12.6" if self.nvivo else "qdabridge"
        base_path = ' basePath=""' if self.nvivo else ""
        return (
            '<Project xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
            ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
            f' name="Benchmark" origin="{origin}" creatingUserGUID="{self.guid("user", 0)}"'
            f' creationDateTime="2025-02-21T15:09:07Z" modifyingUserGUID="{self.guid("user", 1)}"'
            f' modifiedDateTime="2025-06-11T17:25:11Z"{base_path} xmlns="{NAMESPACE}">\n'
        )

    def _write_users(self, out: IO[str]) -> None:
        out.write("  <Users>\n")
        for user in range(USERS):
            out.write(f'    <User guid="{self.guid("user", user)}" name="Coder {user + 1}" />\n')
        out.write("  </Users>\n")

    def _write_codes(self, out: IO[str]) -> None:
        """Eight themes of four codes of five or six subcodes: three levels, 200 codes in all."""
        out.write("  <CodeBook>\n    <Codes>\n")
        themes, per_theme = 8, 4
        leaves = CODES - themes - themes * per_theme
        number = leaf = 0
        for theme in range(themes):
            out.write(self._code_tag(number, 6, closed=False))
            out.write(f"        <Description>Everything said of theme {theme + 1} – à grands traits</Description>\n")
            number += 1
            for middle in range(per_theme):
                out.write(self._code_tag(number, 8, closed=False))
                number += 1
                until = (theme * per_theme + middle + 1) * leaves // (themes * per_theme)
                while leaf < until:
                    out.write(self._code_tag(number, 10, closed=True))
                    number += 1
                    leaf += 1
                out.write("        </Code>\n")
            out.write("      </Code>\n")
        out.write("    </Codes>\n  </CodeBook>\n")

    def _code_tag(self, number: int, indent: int, *, closed: bool) -> str:
        # NVivo leaves the colour out of a code that was given none.
        color = "" if self.nvivo else f' color="#{number * 65_537 % 0x1000000:06x}"'
        guid = self.guid("code", number)
        end = " />" if closed else ">"
        return f'{" " * indent}<Code guid="{guid}" name="Code {number + 1}" isCodable="true"{color}{end}\n'

    def _write_variables(self, out: IO[str]) -> None:
        out.write("  <Variables>\n")
        for number, (name, kind) in enumerate(VARIABLES):
            guid = self.guid("variable", number)
            out.write(f'    <Variable guid="{guid}" name="{name}" typeOfVariable="{kind}" />\n')
        out.write("  </Variables>\n")

    def _write_cases(self, out: IO[str]) -> None:
        out.write("  <Cases>\n")
        for case in range(CASES):
            out.write(f'    <Case guid="{self.guid("case", case)}" name="Case {case + 1}">\n')
            for number, ((_, kind), value) in enumerate(zip(VARIABLES, _values(case), strict=True)):
                out.write(
                    "      <VariableValue>\n"
                    f'        <VariableRef targetGUID="{self.guid("variable", number)}" />\n'
                    f"        <{kind}Value>{value}</{kind}Value>\n"
                    "      </VariableValue>\n"
                )
            for source in range(case, self.sources, CASES):
                out.write(f'      <SourceRef targetGUID="{self.guid("source", source)}" />\n')
            out.write("    </Case>\n")
        out.write("  </Cases>\n")

    def _write_source(self, out: IO[str], source: int) -> None:
        guid = self.guid("source", source)
        path = f"internal://{guid}"
        rich = f' richTextPath="{path}.docx"' if self.nvivo else ""
        out.write(
            f'    <TextSource guid="{guid}" name="Interview {source + 1}"{rich} plainTextPath="{path}.txt"'
            f' creatingUser="{self.guid("user", 0)}" creationDateTime="2025-02-21T15:12:04Z"'
            f' modifyingUser="{self.guid("user", 1)}" modifiedDateTime="2025-06-11T17:23:28Z">\n'
        )
        random = Random(f"{self.seed}/selections/{source}")
        text, words = self.text(source)
        for number in self.selections_of(source):
            first = random.randrange(len(words) - 40)
            last = first + random.randrange(3, 40)
            start, end = words[first].start, words[last].end
            quote = "" if self.nvivo else text[start : min(end, start + 40)]
            out.write(self._selection(number, start, end, quote, random))
        out.write("    </TextSource>\n")

    def _selection(self, number: int, start: int, end: int, quote: str, random: Random) -> str:
        user = self.guid("user", random.randrange(USERS))
        made, coded = _moment(random), _moment(random)
        if not self.nvivo:
            coded = made
        changed = _moment(random) if number % MODIFIED_EVERY == 0 else made
        parts = [
            f'      <PlainTextSelection guid="{self.guid("selection", number)}" name={_attribute(quote)}'
            f' startPosition="{start}" endPosition="{end}" creatingUser="{user}" creationDateTime="{made}"'
            f' modifyingUser="{user}" modifiedDateTime="{changed}">\n'
        ]
        if number % DESCRIPTION_EVERY == 0:
            parts.append(f"        <Description>{_description(number)}</Description>\n")
        elif self.nvivo:
            parts.append("        <Description />\n")
        parts.append(
            f'        <Coding guid="{self.guid("coding", number)}" creatingUser="{user}" creationDateTime="{coded}">\n'
            f'          <CodeRef targetGUID="{self.guid("code", random.randrange(CODES))}" />\n'
            "        </Coding>\n"
        )
        if number % NOTE_EVERY == 0 and not self.nvivo:
            parts.append(f'        <NoteRef targetGUID="{self.guid("note", number)}" />\n')
        parts.append("      </PlainTextSelection>\n")
        return "".join(parts)

    def _write_notes(self, out: IO[str]) -> None:
        out.write("  <Notes>\n")
        for number in range(0, self.selections, NOTE_EVERY):
            guid = self.guid("note", number)
            made = f'creatingUser="{self.guid("user", 0)}" creationDateTime="2025-05-02T08:00:00Z"'
            if self.nvivo:
                out.write(f'    <Note guid="{guid}" name="" plainTextPath="internal://{guid}.txt" {made} />\n')
            else:
                out.write(
                    f'    <Note guid="{guid}" name="Memo {number}" {made}>\n'
                    f"      <PlainTextContent>{escape(_note(number))}</PlainTextContent>\n"
                    "    </Note>\n"
                )
        out.write("  </Notes>\n")

    def _write_links(self, out: IO[str]) -> None:
        """NVivo ties an annotation to its selection by a Link, not by a NoteRef."""
        if not self.selections:
            return
        out.write("  <Links>\n")
        for number in range(0, self.selections, NOTE_EVERY):
            out.write(
                f'    <Link guid="{self.guid("link", number)}" name="" originGUID="{self.guid("note", number)}"'
                f' targetGUID="{self.guid("selection", number)}" />\n'
            )
        out.write("  </Links>\n")


_SYLLABLES = [
    *"日本شжő",
    "ma",
    "lo",
    "ti",
    "ne",
    "ra",
    "si",
    "ko",
    "ve",
    "lu",
    "da",
    "pe",
    "no",
    "mi",
    "ta",
    "ro",
    "se",
]
_SYLLABLES += ["ka", "li", "vo", "du", "pa", "ri", "so", "te", "la", "né", "kö", "ß", "ç", "ñ", "ü", "ł", "ди"]
_ORNAMENTS = ("😀", "👍🏽", "👩‍👩‍👧", "e\u0301te\u0301", "& co.", "<sic>", "“so”", "שלום", "🇭🇺")


def _sentence(random: Random) -> list[str]:
    words = ["".join(random.choices(_SYLLABLES, k=random.randrange(1, 5))) for _ in range(random.randrange(5, 18))]
    if random.random() < 0.15:
        words.insert(random.randrange(len(words)), random.choice(_ORNAMENTS))
    words[0] = words[0].capitalize()
    words[-1] += random.choice((".", ".", ".", "?", "!", "…"))
    # An ornament such as "& co." holds a space, and a word must not.
    return " ".join(words).split()


def _moment(random: Random) -> str:
    """A second of a working day: moments repeat as seldom as they do in a real study."""
    second = random.randrange(8 * 3600, 18 * 3600)
    day = f"2025-{random.randrange(1, 10):02}-{random.randrange(1, 29):02}"
    return f"{day}T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"


def _values(case: int) -> tuple[str, ...]:
    return (
        ("woman", "man", "non-binary")[case % 3],
        f"{'+0' if case == 7 else ''}{21 + case * 3}",
        f"{case * 1.25:.2f}",
        ("true", "false", "1", "0")[case % 4],
        f"2025-03-{case + 1:02}",
        f"2025-04-{case + 1:02}T09:30:00.25Z",
    )


def _description(number: int) -> str:
    return escape(f"Remark {number}: said <quickly> & later withdrawn – “peut-être”\nsecond line")


def _note(number: int) -> str:
    return f"Memo on selection {number}: compare with the other coder 🙂, then decide."


def _attribute(text: str) -> str:
    return quoteattr(text, {"\n": "&#10;", "\r": "&#13;"})


def _docx(text: str) -> bytes:
    """The smallest rich text that opens: one paragraph holding the first line of the source."""
    line = escape(text.split("\r\n", 1)[0])
    stream = io.BytesIO()
    office = "http://schemas.openxmlformats.org"
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            _entry("[Content_Types].xml"),
            f'{declaration}<Types xmlns="{office}/package/2006/content-types"><Default Extension="rels"'
            ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        )
        archive.writestr(
            _entry("_rels/.rels"),
            f'{declaration}<Relationships xmlns="{office}/package/2006/relationships"><Relationship Id="rId1"'
            f' Type="{office}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
            "</Relationships>",
        )
        archive.writestr(
            _entry("word/document.xml"),
            f'{declaration}<w:document xmlns:w="{office}/wordprocessingml/2006/main"><w:body><w:p><w:r>'
            f'<w:t xml:space="preserve">{line}</w:t></w:r></w:p></w:body></w:document>',
        )
    return stream.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, ZIP_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 0
    return entry


def main() -> None:
    """Write one study from the command line."""
    parser = argparse.ArgumentParser(description="Write a synthetic .qdpx study of a given size.")
    parser.add_argument("selections", type=int, help="how many selections, for example 50000")
    parser.add_argument("path", type=Path, help="the .qdpx to write")
    parser.add_argument("--flavour", choices=("standard", "nvivo"), default="standard")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    generate(options.path, options.selections, flavour=options.flavour, seed=options.seed)


if __name__ == "__main__":
    main()
