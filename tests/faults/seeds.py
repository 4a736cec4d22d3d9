"""Whole files to begin from. Every person and incident in them is invented; the postcodes are real and nobody lives there."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Sequence
from datetime import date, datetime

import openpyxl

_TRACKER = (
    (
        "Ref",
        "Surname",
        "Forename",
        "DOB",
        "Address",
        "Postcode",
        "Risk",
        "Status",
        "Last visit",
        "Interval",
        "Orders",
        "Manager",
        "Notes",
    ),
    (
        "SYN-1",
        "OAK",
        "Alan",
        "03/05/1971",
        "1 Sample Street",
        "SN1 1AA",
        "High",
        "Community",
        "13/06/2026",
        "3",
        "SHPO",
        "PC Elm",
        "dog",
    ),
    (
        "SYN-2",
        "O'Brien",
        "Zoë",
        "14/02/1980",
        "2 Sample Street",
        "SN1 1AD",
        "Very High",
        "Custody",
        "",
        "1 month",
        "",
        "PC Elm",
        "",
    ),
    ("SYN-3", "FIR", "Ivor", "1985-12-30", "", "", "Low", "Community", "22 Nov 2025", "annual", "SRO; VOO", "PC Ash", "x; y"),
)
_STAFF = (
    ("Collar No", "Name", "Base", "Base Postcode", "FTE", "Trained", "Leave"),
    ("OM1", "PC Elm", "Northtown", "SN1 1AA", "1.0", "Yes", "24/12/2026 - 28/12/2026; 01/02/2027"),
    ("OM2", "PC Ash", "Southtown", "SN1 1AD", "80%", "No", ""),
)
_LOGS = (
    (
        "Log No",
        "Date/Time",
        "Type",
        "Location",
        "Post Code",
        "Person 1 Surname",
        "Person 1 Forename",
        "Person 1 DOB",
        "VRM",
        "Log Text",
    ),
    (
        "L1",
        "22/11/2026 18:40",
        "Disturbance",
        "1 Sample St",
        "sn1 1aa",
        "OAK",
        "Alan",
        "03/05/1971",
        "AB12 CDE",
        "Shouting; heard",
    ),
    ("L2", "22/11/2026 23:05", "Concern", "2 Sample St", "SN1 1AD", "O'Brien", "Zoë", "14/02/1980", "", "A caller said so"),
    ("L1", "22/11/2026 18:40", "Disturbance", "1 Sample St", "SN1 1AA", "FIR", "Ivor", "", "", "A second person"),
)
_VISOR = (
    ("ViSOR No", "Surname", "Forename", "DOB", "Risk Level", "Last Visit", "Manager"),
    ("SYN/1", "OAK", "Alan", "03/05/1971", "High", "13/06/2026", "OM1"),
    ("SYN/2", "ELM", "Ivor", "14/02/1980", "", "", "OM1"),
)
_NSPL = "pcd,pcd2,pcds,dointr,doterm,usertype,oseast1m,osnrth1m,osgrdind,lat,long\n" + "".join(
    f"SN1 1A{letter},SN1  1A{letter},SN1 1A{letter},198001,{'201806' if letter == 'D' else ''},0,4153{number:02},184600,1,"
    f"51.56{number:02}00,-1.78{number:02}00\n"
    for number, letter in enumerate("ABDEFGHJLNPQRSTUWXYZ")
)
_CODE_POINT = (
    '"SN1 1AA",10,415300,184600,"E92","E19","E18","","E06","E05"\n"SN101AB",90,0,0,"E92","E19","E18","","E06","E05"\n'
    + "".join(
        f'"SN1 1A{letter}",10,4153{number:02},184600,"E92","E19","E18","","E06","E05"\n'
        for number, letter in enumerate("DEFGHJLNPQ")
    )
)


def _csv(rows: Sequence[Sequence[str]], delimiter: str = ",") -> bytes:
    return "\n".join(delimiter.join(cell for cell in row) for row in rows).encode()


def _book(**sheets: Sequence[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([_typed(cell) for cell in row])
        sheet.merge_cells("A3:A4")
        sheet["B2"] = f"={sheet['B2'].coordinate}" if name == "Other" else sheet["B2"].value
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _typed(cell: object) -> object:
    if isinstance(cell, str) and len(cell) == 10 and cell[2] == cell[5] == "/":
        return datetime.strptime(cell, "%d/%m/%Y")
    return cell


def _zip(parts: dict[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


_ALLOCATION = {
    "format": "mosovo-allocation-problem/1",
    "points": [[0, 0], [3, 4], [6, 8], [1, 1]],
    "metric": "euclidean",
    "offenders": [{"id": f"o{number}", "at": number, "workload": 10} for number in range(4)],
    "managers": [{"id": "m1", "capacity": 30, "base": 0}, {"id": "m2", "capacity": 30, "base": None}],
    "current": {"o1": "m1"},
    "move_cost": 2,
    "forbidden": [["o2", "m2"]],
}
_VISITS = {
    "format": "mosovo-visits-problem/1",
    "locations": ["a", "b", "c"],
    "travel": [[0, 5, 9], [5, 0, 4], [9, 4, 0]],
    "crews": [{"id": "k", "start": "a", "end": "a", "from": 0, "until": 100, "max_load": 9}],
    "visits": [
        {"id": "v1", "at": "b", "duration": 10, "windows": [[0, 50]], "reward": 5, "required": False, "load": 1, "crews": None},
        {"id": "v2", "at": "c", "duration": 10, "windows": [[20, 80]], "reward": 3, "required": True, "load": 1, "crews": ["k"]},
    ],
    "objective": "reward_then_travel",
}
_LOG_JSON = [
    {
        "logNumber": row[0],
        "dateTime": row[1],
        "type": row[2],
        "location": row[3],
        "postCode": row[4],
        "persons": [{"surname": row[5], "forename": row[6], "dob": row[7]}],
        "text": row[9],
    }
    for row in _LOGS[1:]
]
_PROFILE = {
    "format": "mosovo-import-profile/1",
    "name": "Team",
    "columns": [{"sheet": "", "header": "Ident", "field": "visor_ref"}],
    "sheets": [{"sheet": "List", "kind": "offenders", "header_row": 1}],
    "date_order": "dmy",
}
_SETTINGS = (
    "[General]\ntheme=dark\nrecent=/work/team.vp, postgresql+psycopg://host/db\nuser=Sgt Invented\nwatched_folder=/work/logs\n"
    "visor_mapping=Team\n\n[own_manager]\n0123456789abcdef=OM1\n\n[layout]\nmain=@ByteArray(\\0\\0\\0\\xff)\n"
)

TRACKER_CSV = _csv(_TRACKER), _csv(_TRACKER, ";"), _csv(_STAFF)
TRACKER_XLSX = _book(Caseload=_TRACKER, Staff=_STAFF), _book(Other=_TRACKER)
LOGS_CSV = _csv(_LOGS, ";"), _csv(_LOGS)
LOGS_XLSX = (_book(Logs=_LOGS),)
LOGS_JSON = json.dumps(_LOG_JSON).encode(), json.dumps({"logs": _LOG_JSON}).encode()
VISOR_CSV, VISOR_XLSX = (_csv(_VISOR),), (_book(List=_VISOR),)
GAZETTEER_CSV = _NSPL.encode(), b"pcds,lat,long,live\nSN1 1AA,51.56,-1.78,1\nSN1 1AD,51.57,-1.79,0\n", _CODE_POINT.encode()
GAZETTEER_GZ = (gzip.compress(_NSPL.encode()),)
GAZETTEER_ZIP = (
    _zip({"Data/NSPL_2025.csv": _NSPL, "Documents/readme.csv": "a,b\n1,2\n"}),
    _zip({"Data/CSV/sn.csv": _CODE_POINT, "Doc/Code-Point_Open_Column_Headers.csv": "PC,PQ,EA,NO,CY,RH,LH,CC,DC,WC\n"}),
)
PROBLEMS = json.dumps(_ALLOCATION).encode(), json.dumps(_VISITS).encode()
PROFILES = (json.dumps(_PROFILE).encode(),)
SETTINGS = (_SETTINGS.encode(),)
TRACKER_ROWS = _TRACKER
TODAY = date(2026, 11, 23)
