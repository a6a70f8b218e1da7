"""What MAXQDA's tables share: paths of codes (``Access > Costs``, once ``Access\\Costs``), documents in groups.

It reads names and headings, and knows no single layout. Headings in English, German and Polish are those of real
files; the words in other languages are what the program calls these things there.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from qdabridge.formats.spreadsheet.pieces import CodePath, Pieces

_ARROW = " > "
_BACKSLASH = "\\"
BULLETS = "●○•⬤"
"""The signs in whose colour MAXQDA shows the colour of a code."""


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split(", "))


DOCUMENT = _words(
    "document name, document, documents, dokumentname, dokument, dokumente, nazwa dokumentu, dokumenty, "
    "nombre del documento, nombre de documento, documento, documentos, nome do documento, nom du document, "
    "nome del documento, documenti, documentnaam"
)
CODE = _words("code, codename, kod, código, codice")
MEMO = _words("memo, code memo, code-memo, mémo, notatka")
PREVIEW = _words("preview, vorschau, podgląd, positions, positionen, pozycje, summary, summarys, summaries")
CODE_SYSTEM = _words(
    "code system, codesystem, list of codes, liste der codes, system kodów, lista kodów, sistema de códigos, "
    "lista de códigos, système de codes, liste des codes, codes"
)

SEGMENTS = {
    "color": _words("color, colour, farbe, kolor, cor, couleur, colore, kleur"),
    "comment": _words("comment, kommentar, komentarz, comentario, comentário, commentaire, commento"),
    "group": _words("document group, dokumentgruppe, grupa dokumentów, grupo de documentos, groupe de documents"),
    "document": DOCUMENT,
    "code": CODE,
    "start": _words("beginning, begin, start, anfang, początek, comienzo, inicio, início, début, inizio"),
    "end": _words("end, ende, koniec, fin, final, fim, fine"),
    "weight": _words("weight score, weight, gewicht, waga, peso, poids"),
    "quote": _words("segment, coded segment, coded segments, codiertes segment, fragment, segmento"),
    "editor": _words("modified by, bearbeitet von, zmodyfikowane przez, modificado por, modifié par"),
    "modified": _words("modified, modified on, bearbeitet am, data modyfikacji, modificado, modificado el, modifié le"),
    "coder": _words("created by, author, erstellt von, autor, creado por, criado por, créé par, auteur"),
    "created": _words(
        "created, created on, creation date, erstellt am, data utworzenia, creado, creado el, fecha de creación, "
        "criado em, créé le"
    ),
    "area": _words("area, fläche, objętość, área, superficie"),
    "coverage": _words("coverage %, coverage, abdeckungsgrad %, abdeckungsgrad, obszar %, cobertura %"),
}
"""What a table of coded segments has → its headings."""


class Paths(Struct, frozen=True):
    """How the codes of one table are parted: in one way for all of them, as a name may hold the other sign."""

    sign: str

    def of(self, written: str) -> CodePath:
        """Return the path of a code from the top."""
        return tuple(filter(None, _parts(written, self.sign)))


def paths_of_export(written: Iterable[str], pieces: Pieces, where: str) -> Paths:
    """Return how an export parts its codes: by `` > ``, or in older versions by a backslash.

    Args:
        written: the cells with codes.
        pieces: take what is odd.
        where: the column, for people.
    """
    cells = list(written)
    arrows = sum(_has(cell, _ARROW) for cell in cells)
    backslashes = sum(_has(cell, _BACKSLASH) for cell in cells)
    if arrows and backslashes:
        taken, left = ("“>”", "“\\”") if arrows >= backslashes else ("“\\”", "“>”")
        pieces.odd(
            f"Both “>” and “\\” stand between words in the names of codes; {taken} was taken to part a code from those "
            f"above it, and {left} as part of a name.",
            where,
        )
    if not arrows and not backslashes:
        return Paths("")
    return Paths(_ARROW if arrows >= backslashes else _BACKSLASH)


def paths_of_import(written: Iterable[str]) -> Paths:
    """Return how a table that MAXQDA takes in parts its codes: by any ``>``, or where there is none by a backslash."""
    cells = list(written)
    return Paths(">" if any(">" in cell for cell in cells) else _BACKSLASH)


def is_path(written: str) -> bool:
    """Tell whether a cell looks like a code with others above it.

    >>> is_path("Access > Costs"), is_path("Access\\\\Costs"), is_path("Costs"), is_path("5 >")
    (True, True, False, False)
    """
    return any(len(list(filter(None, _parts(written, sign)))) > 1 for sign in (_ARROW, _BACKSLASH))


def has_bullet(written: str) -> bool:
    """Tell whether a cell holds nothing but the sign that shows a colour."""
    return bool(written.strip()) and not written.strip().strip(BULLETS)


class Documents:
    """The documents of one table by group and name: two of one name in different groups stay two.

    Args:
        named: group and name of each as the table has them; groups may be empty.
        pieces: take what is odd.
    """

    def __init__(self, named: Iterable[tuple[str, str]], pieces: Pieces) -> None:
        groups: dict[str, dict[str, None]] = {}
        for group, name in map(_told_apart, named):
            groups.setdefault(name, {})[group] = None
        self._doubled = {name for name, of_name in groups.items() if len(of_name) > 1}
        for name in sorted(self._doubled):
            pieces.odd(
                "Documents in different groups have one name; the group was put before it.",
                f"{name}: {', '.join(groups[name])}",
                "With --sources, name their texts like that, too.",
            )

    def of(self, group: str, name: str) -> tuple[str, str]:
        """Return the group of a document and the name of its source."""
        group, name = _told_apart((group, name))
        return group, f"{group} - {name}" if name in self._doubled and group else name


def _told_apart(named: tuple[str, str]) -> tuple[str, str]:
    """Return group and name; where there is no group, it may stand before the name (``Patients\\Ana``)."""
    group, name = named
    if not group:
        for sign in (_ARROW, _BACKSLASH):
            *above, last = _parts(name, sign)
            if above and last and all(above):
                return " > ".join(above), last
    return group, name


def _parts(written: str, sign: str) -> list[str]:
    line = " ".join(written.split())
    return [part.strip() for part in line.split(sign)] if sign else [line]


def _has(written: str, sign: str) -> bool:
    return len(_parts(written, sign)) > 1
