"""Making broken files out of whole ones: bytes, lines and cells, JSON trees, parts of archives. Nothing but a seed decides."""

from __future__ import annotations

import copy
import io
import json
import random
import zipfile
from collections.abc import Callable, Sequence

NASTY = (
    "", " ", "0", "-1", "1e309", "1e-400", "NaN", "Infinity", "99999999999999999999999", "2958466", "60", "0.1.2",
    "00/00/0000", "29/02/2023", "03/04/24", "31/12/9999", "01/01/0001", "2026-13-45", "2026-11-23T25:61:61",
    "9999-12-31T23:59:59.999999+23:59", "=cmd|'/c calc'!A1", "+44 7700 900000", "-", "@SUM(1)", "<img src=//evil/x>",
    "&lt;b&gt;", "O'Brien", '"', '""', "\\", "\t", "\r", "\n", "\u202etxt", "\u0130", "Zoe\u0308", "Zo\u00eb", "\u00b2",
    "\u0661\u0662\u0663", "\ufeff", "\u200b", "e" + "\u0301" * 300, "\U0001f46e\U0001f3fd", "\x00", "\x1b[2J", "A" * 5000,
    ";" * 300, "," * 300, "true", "false", "null", "None", "SN1 1AA", "ZZ99 9ZZ", "SYN-1", "OM1", "../../etc/passwd", "CON",
    "%s%n", "{0}", "4111 1111 1111 1111", "12-34-56 12345678", "1" * 400, "#REF!", "high",
)  # fmt: skip
_VALUES: tuple[object, ...] = (None, True, 0, -1, 2**63, 1e308, 1.5, float("nan"), "", [], {}, [[]], {"": None}, *NASTY)

Mutation = Callable[[bytes, random.Random], bytes]


def of_bytes(content: bytes, rng: random.Random) -> bytes:
    """Bits flipped, stretches taken out, doubled, moved, cut off, made of one byte."""
    made = bytearray(content)
    for _ in range(1 << rng.randrange(4)):
        if not made:
            return bytes(made)
        at, length = rng.randrange(len(made)), min(len(made), 1 << rng.randrange(8))
        how = rng.randrange(7)
        if how <= 1:
            made[at] ^= 1 << rng.randrange(8)
        elif how == 2:
            del made[at : at + length]
        elif how == 3:
            made[at:at] = made[at : at + length] * rng.choice((1, 2, 50))
        elif how == 4:
            made[at : at + length] = bytes([rng.choice((0, 0xFF, 0x22, 0x2C, 0x0A, 0x80, rng.randrange(256)))]) * length
        elif how == 5:
            made[at:at] = rng.choice(NASTY).encode("utf-8", "surrogatepass")
        else:
            del made[at:]
    return bytes(made)


def of_cells(content: bytes, rng: random.Random) -> bytes:
    """Cells replaced, rows and columns doubled, dropped or swapped, another delimiter or encoding."""
    delimiter = b";" if content.count(b";") > content.count(b",") else b","
    rows = [line.split(delimiter) for line in content.split(b"\n")]
    for _ in range(1 << rng.randrange(4)):
        row = rng.choice(rows)
        at = rng.randrange(len(row))
        how = rng.randrange(8)
        if how <= 3:
            row[at] = rng.choice(NASTY).encode("utf-8", "surrogatepass")
        elif how == 4:
            row.insert(at, rng.choice(rng.choice(rows)))
        elif how == 5 and len(row) > 1:
            del row[at]
        elif how == 6:
            rows.insert(rng.randrange(len(rows)), list(rng.choice(rows)))
        else:
            row[at] = b'"' + row[at].replace(b'"', b'""') + rng.choice((b'"', b"", b'"x'))
    made = rng.choice((delimiter, delimiter, delimiter, b";", b"\t", b"|")).join
    text = rng.choice((b"\n", b"\n", b"\r\n", b"\r")).join(made(row) for row in rows)
    if rng.random() < 0.1:
        text = text.decode("utf-8", "replace").encode(
            rng.choice(("utf-16", "utf-16-le", "utf-32", "cp1252", "utf-8-sig")), "replace"
        )
    return text


def of_json(content: bytes, rng: random.Random) -> bytes:
    """Values replaced, keys dropped, doubled and misspelt, deep nesting."""
    tree = json.loads(content)
    for _ in range(1 << rng.randrange(3)):
        _change(tree, rng)
    if rng.random() < 0.02:
        return b"[" * rng.choice((100, 100_000)) + json.dumps(tree).encode()
    text = json.dumps(tree, ensure_ascii=rng.random() < 0.5)
    return text.encode("utf-8", "surrogatepass") if rng.random() < 0.9 else of_bytes(text.encode("utf-8", "surrogatepass"), rng)


def _change(tree: object, rng: random.Random) -> None:
    places: list[tuple[object, object]] = []

    def walk(node: object) -> None:
        inside = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        for key, value in inside:
            places.append((node, key))
            walk(value)

    walk(tree)
    if not places:
        return
    node, key = rng.choice(places)
    assert isinstance(node, (dict, list))
    how = rng.randrange(6)
    if how <= 2:
        node[key] = copy.deepcopy(rng.choice(_VALUES))  # type: ignore[index,call-overload]
    elif how == 3:
        del node[key]  # type: ignore[arg-type]
    elif how == 4:
        other, of = rng.choice(places)
        node[key] = copy.deepcopy(other[of])  # type: ignore[index,call-overload]
    elif isinstance(node, dict):
        node[rng.choice(NASTY)] = copy.deepcopy(node[key])
    else:
        node.append(copy.deepcopy(rng.choice(_VALUES)))


def of_archive(inner: Mutation) -> Mutation:
    """One part of a zip changed by ``inner``, dropped, doubled or renamed; now and then the zip's own bytes."""

    def change(content: bytes, rng: random.Random) -> bytes:
        if rng.random() < 0.25:
            return of_bytes(content, rng)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [(part.filename, archive.read(part)) for part in archive.infolist()]
        at = rng.randrange(len(parts))
        name, body = parts[at]
        how = rng.randrange(10)
        if how <= 6:
            parts[at] = (name, inner(body, rng) if body else body)
        elif how == 7:
            del parts[at]
        elif how == 8:
            parts[at] = (rng.choice(("../../x", "C:\\x.csv", name.upper(), "a" * 300, "xl/workbook.bin")), body)
        else:
            parts.append((name + "x", body * rng.choice((1, 3))))
        made = io.BytesIO()
        packing = rng.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))
        with zipfile.ZipFile(made, "w", packing) as archive:
            for each, inside in parts:
                archive.writestr(each, inside)
        return made.getvalue()

    return change


def of_xml(content: bytes, rng: random.Random) -> bytes:
    """Values and attributes of a part replaced, elements doubled or dropped, declarations put before."""
    if rng.random() < 0.3 or b"<" not in content:
        return of_bytes(content, rng)
    pieces = content.split(b"<")
    for _ in range(1 << rng.randrange(3)):
        at = rng.randrange(1, len(pieces)) if len(pieces) > 1 else 0
        how = rng.randrange(6)
        tag, _, text = pieces[at].partition(b">")
        nasty = rng.choice(NASTY).encode("utf-8", "surrogatepass")
        if how <= 1:
            pieces[at] = tag + b">" + nasty.replace(b"<", b"&lt;")
        elif how == 2 and b'="' in tag:
            name, _, rest = tag.partition(b'="')
            pieces[at] = name + b'="' + nasty.replace(b'"', b"") + b'"' + rest.partition(b'"')[2] + b">" + text
        elif how == 3:
            pieces.insert(at, pieces[at])
        elif how == 4:
            del pieces[at]
        else:
            pieces.insert(1, rng.choice((b'!DOCTYPE x [<!ENTITY a "b">]>', b"x>", b"!-- ", b"![CDATA[", b"?xml version='1.1'?>")))
    return b"<".join(pieces)


def of_toml(content: bytes, rng: random.Random) -> bytes:
    """Values of single keys replaced, lines dropped and doubled."""
    lines = content.split(b"\n")
    for _ in range(1 << rng.randrange(3)):
        at = rng.randrange(len(lines))
        how = rng.randrange(5)
        if how <= 2 and b"value = " in lines[at]:
            before, _, rest = lines[at].partition(b"value = ")
            nasty = json.dumps(rng.choice(NASTY)) if rng.random() < 0.5 else rng.choice(NASTY)
            lines[at] = before + b"value = " + nasty.encode("utf-8", "surrogatepass") + b"," + rest.partition(b",")[2]
        elif how == 3:
            lines.insert(at, rng.choice(lines))
        elif how == 4:
            del lines[at]
        if not lines:
            return b""
    return b"\n".join(lines)


def one_of(mutations: Sequence[Mutation]) -> Mutation:
    return lambda content, rng: rng.choice(mutations)(content, rng)
