"""The headings of ATLAS.ti's tables, in the languages of the program: English, German, Spanish, French, Portuguese.

Evidence: English and some Portuguese ones as real files have them; the others as its manuals call these things.
"""

from __future__ import annotations


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split(", "))


CODE = _words(
    "code, codes, code name, kode, kodes, codename, código, códigos, codigo, nome do código, nombre del código"
)
COMMENT = _words(
    "comment, code comment, code definition, definition, kommentar, kode-definition, comentario, definición, "
    "commentaire, définition, comentário, definição"
)
CREATED = _words(
    "created, creation date, date created, created on, erstellt, erstellt am, erstellungsdatum, creado, creado el, "
    "fecha de creación, créé, créé le, date de création, criado, criado em, data de criação"
)
MODIFIED = _words(
    "modified, modification date, date modified, modified on, geändert, geändert am, änderungsdatum, modificado, "
    "modificado el, fecha de modificación, modifié, modifié le, date de modification, modificado em, "
    "data de modificação"
)
CREATOR = _words("created by, author, erstellt von, creado por, créé par, criado por")
EDITOR = _words("modified by, geändert von, modificado por, modifié par")
DENSITY = _words("density, dichte, densidad, densité, densidade")

QUOTATIONS = {
    "number": _words("number, id, quotation id, #, no., nummer, número, numero, nº, numéro, n.º"),
    "reference": _words("reference, referenz, verweis, referencia, référence, referência"),
    "name": _words(
        "name, quotation name, zitatname, nombre, nombre de la cita, nom, nom de la citation, nome, nome da citação"
    ),
    "quote": _words(
        "text content, quotation content, quotation, content, quotation text, textinhalt, zitatinhalt, "
        "inhalt des zitats, contenido de texto, contenido del texto, contenido de la cita, contenu du texte, "
        "contenu de la citation, conteúdo do texto, conteúdo de texto, conteúdo da citação"
    ),
    "document": _words(
        "document, document name, dokument, dokumentname, documento, nombre del documento, nom du document, "
        "nome do documento"
    ),
    "groups": _words("document groups, document group, dokumentgruppen, grupos de documentos, groupes de documents"),
    "codes": _words("codes, kodes, códigos"),
    "count": _words("number of codes, anzahl der kodes, anzahl kodes, número de códigos, nombre de codes"),
    "comment": _words("comment, quotation comment, kommentar, comentario, commentaire, comentário"),
    "start": _words(
        "initial position, start, start position, anfang, startposition, posición inicial, position initiale, "
        "posição inicial"
    ),
    "end": _words(
        "final position, end, end position, ende, endposition, posición final, position finale, posição final"
    ),
    "extent": _words("extension, extent, length, umfang, extensión, étendue, extensão"),
    "density": DENSITY,
    "coder": CREATOR,
    "editor": EDITOR,
    "created": CREATED,
    "modified": MODIFIED,
}
"""What a list of quotations has → its headings."""

CODE_LIST = {
    "code": CODE,
    "grounded": _words(
        "magnitude degree, groundedness, grounded, magnitude, frequency, häufigkeit, verankerung, enraizamiento, "
        "fundamentación, enracinement, enraizamento, fundamentação"
    ),
    "density": DENSITY,
    "groups": _words(
        "groups, code groups, gruppen, kode-gruppen, kodegruppen, grupos, grupos de códigos, groupes, groupes de codes"
    ),
    "group count": _words("number of groups, anzahl der gruppen, número de grupos, nombre de groupes"),
    "comment": COMMENT,
    "created": CREATED,
    "modified": MODIFIED,
    "coder": CREATOR,
    "editor": EDITOR,
}
"""What a list of codes has → its headings."""
