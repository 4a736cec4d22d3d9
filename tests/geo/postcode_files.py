"""Postcode files in every published form, written small for the tests. The postcodes are real; nobody lives in these rows."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

NSPL_2025 = (
    "pcd,pcd2,pcds,dointr,doterm,usertype,oseast1m,osnrth1m,osgrdind,oa21,cty,ced,laua,ward,nhser,ctry,rgn,pcon,ttwa,itl,park,"
    "lsoa21,msoa21,wz11,sicbl,bua24,ruc21,oac11,lat,long,lep1,lep2,pfa,imd,icb"
)
NSPL_LATE_2025 = (
    "pcd7,pcd8,pcds,dointr,doterm,usrtypind,east1m,north1m,gridind,oa21cd,cty25cd,ced25cd,lad25cd,wd25cd,nhser24cd,ctry25cd,"
    "rgn25cd,pcon24cd,ttwa15cd,itl25cd,npark16cd,lsoa21cd,msoa21cd,wz11cd,sicbl24cd,bua24cd,ruc21ind,oac11ind,lat,long,"
    "lep21cd1,lep21cd2,pfa23cd,imd20ind,icb23cd"
)
NSPL_2026 = NSPL_LATE_2025.replace("25cd", "26cd").replace("oac11ind", "oac21ind").replace("imd20ind", "imd25ind")
ONSPD_2023 = (
    "pcd,pcd2,pcds,dointr,doterm,oscty,ced,oslaua,osward,parish,usertype,oseast1m,osnrth1m,osgrdind,oshlthau,nhser,ctry,rgn,"
    "streg,pcon,eer,teclec,ttwa,pct,itl,statsward,oa01,casward,park,lsoa01,msoa01,ur01ind,oac01,oa11,lsoa11,msoa11,wz11,sicbl,"
    "bua11,buasd11,ru11ind,oac11,lat,long,lep1,lep2,pfa,imd,calncv,icb,oa21,lsoa21,msoa21"
)
ONS_HEADERS = (NSPL_2025, NSPL_LATE_2025, NSPL_2026, ONSPD_2023)

LIVE = {"postcode": "SN1 1AA", "lat": "51.560000", "long": "-1.780000", "grid": "1"}
ENDED = {"postcode": "SN1 1AD", "lat": "51.570000", "long": "-1.790000", "grid": "1", "doterm": "201806"}
NOWHERE = {"postcode": "GY1 1AA", "lat": "99.999999", "long": "0.000000", "grid": "9"}

CODE_POINT_ROWS = (
    '"SN1 1AA",10,415300,184600,"E92","E19","E18","","E06","E05"\n"SN101AB",90,0,0,"E92","E19","E18","","E06","E05"\n'
)
CODE_POINT_CODES = "PC,PQ,EA,NO,CY,RH,LH,CC,DC,WC\n"


def ons_table(header: str, *rows: dict[str, str]) -> str:
    """A table under a header of any generation; cells that the importer must not need hold an x."""
    out = io.StringIO()
    table = csv.writer(out)
    names = header.split(",")
    table.writerow(names)
    for row in rows:
        table.writerow([_cell(name, row) for name in names])
    return out.getvalue()


def _cell(name: str, row: dict[str, str]) -> str:
    if name in ("pcd", "pcd2", "pcds", "pcd7", "pcd8"):
        return row["postcode"]
    if name in ("gridind", "osgrdind"):
        return row["grid"]
    if name == "doterm":
        return row.get("doterm", "")
    return row.get(name, "x")


def write_zip(path: Path, members: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path
