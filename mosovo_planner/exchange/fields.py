"""The columns a tracker may have: our name for each, what it holds, and the headers teams give it.

One table for offenders and one for staff; headers, the mapping dialogue and the readers all work from
them. Aliases are in order of preference: where two columns fit one field, the earlier alias has it.
"""

from __future__ import annotations

from mosovo_planner.exchange.field_kinds import IGNORED, Field, Reading, TableKind
from mosovo_planner.exchange.field_kinds import split_aliases as _split
from mosovo_planner.exchange.incident_fields import LOG_FIELDS

__all__ = ["FIELDS", "IGNORED", "Field", "Reading", "TableKind", "field_of", "mappable_fields"]

_POSITION = (
    Field("lat", "Latitude", Reading.LATITUDE, _split("lat, latitude, base lat, base latitude")),
    Field("lon", "Longitude", Reading.LONGITUDE, _split("lon, long, lng, longitude, base lon, base long, base longitude")),
    Field("easting", "Easting", Reading.EASTING, _split("easting, eastings, grid easting, osgb easting, base easting")),
    Field("northing", "Northing", Reading.NORTHING, _split("northing, northings, grid northing, osgb northing, base northing")),
)

OFFENDER_FIELDS: tuple[Field, ...] = (
    Field(
        "ref",
        "Reference",
        Reading.REFERENCE,
        _split(
            "ref, local ref, ref no, reference no, our ref, case ref, mosovo ref, unique ref, unique reference "
            "no, urn, offender ref, offender id, offender no, rso ref, rso no, nominal ref, nominal no, nominal "
            "id, case no, file ref, file no, unique id, uid, person id, ref urn, offender urn, record no, niche "
            "ref, niche id, niche no, niche nominal, niche nominal no, niche, local id, local no, urn no, record "
            "id, id"
        ),
        identity=True,
        longest=100,
    ),
    Field(
        "visor_ref",
        "ViSOR reference",
        Reading.REFERENCE,
        _split(
            "visor ref, visor no, visor id, visor urn, visor nominal, visor nominal no, visor ref no, visor mapps "
            "no, visor record, visor, mapps ref, mapps no, mapps id"
        ),
        identity=True,
        longest=100,
    ),
    Field("surname", "Surname", Reading.TEXT, _split("surname, last name, family name"), identity=True),
    Field(
        "forenames",
        "Forenames",
        Reading.TEXT,
        _split("forename, forenames, first name, first names, given name, given names, christian name"),
    ),
    Field(
        "name",
        "Name in one column",
        Reading.NAME,
        _split("full name, name, offender name, nominal name, rso name, nominal, offender, subject, subject name, rso"),
        identity=True,
    ),
    Field("date_of_birth", "Date of birth", Reading.DATE, _split("dob, d o b, date of birth, birth date, born, birth")),
    Field("sex", "Sex", Reading.SEX, _split("sex, gender, m f, sex m f")),
    Field(
        "address",
        "Address",
        Reading.TEXT,
        _split(
            "address, home address, current address, full address, address line, address line 1, address line 2, "
            "address line 3, address 1, address 2, address 3, address 4, street, residence, last known address, "
            "registered address"
        ),
        joins=True,
        longest=1000,
    ),
    Field("place", "Town", Reading.TEXT, _split("town, city, town city, town or city, place, village, locality")),
    Field(
        "postcode",
        "Postcode",
        Reading.POSTCODE,
        _split("postcode, post code, p code, postal code, home postcode, address postcode, pcode, pcds"),
    ),
    Field(
        "status",
        "Status",
        Reading.STATUS,
        _split(
            "status, current status, location status, custody status, offender status, rso status, in custody, "
            "custody, custody community"
        ),
    ),
    Field(
        "risk",
        "Risk level",
        Reading.RISK,
        _split(
            "risk, risk level, current risk, current risk level, overall risk, risk category, risk grade, risk "
            "rating, risk band, arms risk, arms risk level, arms level, arms priority, management priority, "
            "priority, risk assessment"
        ),
    ),
    Field(
        "interval_months",
        "Visit interval",
        Reading.INTERVAL,
        _split(
            "visit frequency, visit interval, frequency, interval, visiting frequency, home visit frequency, hv "
            "frequency, visit cycle, visit period, frequency of visit, visit every, home visit interval, months "
            "between visits, days between visits, weeks between visits, visits per year, visits a year"
        ),
    ),
    Field(
        "last_seen",
        "Last successful visit",
        Reading.DATE,
        _split(
            "last successful visit, last successful home visit, last successful hv, last effective visit, last "
            "seen, last visit, last home visit, last hv, last visited, last visit completed, last visit done, "
            "last visit complete, most recent visit, previous visit, hv done, visit done, lv, seen"
        ),
    ),
    Field(
        "manager",
        "Offender manager",
        Reading.PERSON,
        _split(
            "om, offender manager, om id, om name, om ref, om no, lead om, allocated om, current om, police om, "
            "officer id, manager, allocated to, allocated officer, assigned to, assigned officer, assigned om, "
            "lead officer, case officer, case owner, responsible officer, mosovo officer, managing officer, ppu "
            "officer, officer in case, officer in charge, oic, officer, owner, allocated, om collar no, officer "
            "name"
        ),
    ),
    Field(
        "supervisor",
        "Supervisor",
        Reading.TEXT,
        _split(
            "supervisor, om supervisor, supervising officer, supervising sergeant, supervising ds, ds sgt, sgt "
            "ds, supervisor id, supervisor name, line manager, sergeant, sgt, ds"
        ),
    ),
    Field(
        "arms_done",
        "ARMS completed",
        Reading.DATE,
        _split(
            "arms completed, arms done, arms complete, arms assessment completed, arms assessment done, last "
            "arms, arms date, arms assessment date, date of arms, arms assessment, arms"
        ),
    ),
    Field(
        "rmp_review_due",
        "RMP review due",
        Reading.DATE,
        _split(
            "rmp review due, rmp due, rmp next review, next rmp review, next rmp, next rmp due, risk management "
            "plan review due, risk management plan due, rmp review, rmp review date, risk management plan review"
        ),
    ),
    Field("mappa_level", "MAPPA level", Reading.LEVEL, _split("mappa level, mappa, mappa category level, mappa cat level")),
    Field(
        "orders",
        "Orders",
        Reading.ORDERS,
        _split(
            "orders, order, orders conditions, court orders, civil orders, shpo, sopo, sro, shpo sopo, sopo shpo, "
            "shpo sro, order type, shpo details, shpo expiry, shpo expiry date, shpo expires, shpo end, shpo "
            "until, order details, notification order"
        ),
        joins=True,
        longest=1000,
    ),
    Field(
        "markers",
        "Markers",
        Reading.MARKERS,
        _split(
            "markers, marker, markers flags, risk markers, warning markers, warnings, warning, warning signs, "
            "flags, hazards, staff safety, officer safety, staff safety markers, officer safety markers, safety "
            "markers, pnc markers, risk to staff, visit markers, alerts, alert, warning flags, officer safety "
            "warnings, safety, double crew, double crewed"
        ),
        joins=True,
        longest=1000,
    ),
    Field(
        "notes",
        "Notes",
        Reading.TEXT,
        _split(
            "notes, note, comments, case notes, visit notes, general notes, om notes, summary, comment, remarks, "
            "free text, other info, other information, additional info, additional information, update, updates"
        ),
        joins=True,
        longest=10_000,
    ),
    *_POSITION,
    Field(
        IGNORED,
        "Not imported",
        Reading.NOTHING,
        _split(
            "next visit, next visit due, next due, visit due, next hv, next hv due, hv due, due, due date, next "
            "visit by, overdue, days overdue, visit overdue, age, force, base, base postcode, lad11cd, visit "
            "minutes, last attempt, last attempted visit, last visit attempt, failed attempts, mappa category, "
            "arms due, next arms, arms due date, beat, lpa, offence, offences, index offence, victim, bank, bank "
            "account, account no, sort code, card no, phone, telephone, mobile, email, no, row"
        ),
        joins=True,
    ),
)

MANAGER_FIELDS: tuple[Field, ...] = (
    Field(
        "id",
        "Staff id",
        Reading.REFERENCE,
        _split(
            "om id, officer id, staff id, om, staff no, collar no, collar, shoulder no, warrant no, officer no, "
            "pc no, badge no, employee no, om ref, om no, id, ref, pin, offender manager, staff ref"
        ),
        identity=True,
        longest=100,
    ),
    Field(
        "name",
        "Name",
        Reading.TEXT,
        _split("name, full name, officer name, om name, staff name, label, officer, staff, staff member, manager"),
        identity=True,
    ),
    Field("surname", "Surname", Reading.TEXT, _split("surname, last name, family name"), identity=True),
    Field("forenames", "Forenames", Reading.TEXT, _split("forename, forenames, first name, given name")),
    Field(
        "base",
        "Base",
        Reading.TEXT,
        _split(
            "base, home base, based at, base station, home station, work base, police station, base location, "
            "station, office, place of work, site, location"
        ),
    ),
    Field(
        "base_postcode",
        "Base postcode",
        Reading.POSTCODE,
        _split("base postcode, base post code, base pc, station pc, station postcode, office postcode, postcode, post code"),
    ),
    Field(
        "weekly_hours",
        "Weekly hours",
        Reading.HOURS,
        _split(
            "weekly hours, hours wk, hours week, hours per week, hours a week, contracted hours, contract hours, "
            "hours, hrs wk, hrs per week, hrs week, contracted hours p w, hours p w, weekly hrs, contracted hrs, "
            "contracted weekly hours, hours contracted, hrs, hrs p w, hours p w, hpw"
        ),
    ),
    Field("fte", "Full-time equivalent", Reading.FTE, _split("fte, wte, full time equivalent, whole time equivalent")),
    Field(
        "trained",
        "MOSOVO trained",
        Reading.YES_NO,
        _split(
            "mosovo trained, mosovo training, mosovo course, mosovo qualified, mosovo accredited, mosovo course "
            "completed, mosovo, trained"
        ),
    ),
    Field(
        "arms_trained",
        "ARMS trained",
        Reading.YES_NO,
        _split("arms trained, arms training, arms course, arms qualified, arms accredited, arms course completed, arms"),
    ),
    Field("training", "Training in one column", Reading.TRAINING, _split("training, courses, qualifications, skills")),
    Field("sex", "Sex", Reading.SEX, _split("sex, gender, m f, sex m f")),
    Field(
        "absence_from",
        "Away from",
        Reading.DATE,
        _split(
            "leave from, on leave from, absent from, absence from, away from, leave start, absence start, leave "
            "start date, a l from, al from, off from, holiday from, unavailable from, first day, from, start, "
            "start date"
        ),
        joins=True,
    ),
    Field(
        "absence_to",
        "Away to",
        Reading.DATE,
        _split(
            "leave to, leave until, on leave to, on leave until, absent to, absent until, absence to, absence "
            "until, away to, away until, leave end, absence end, leave end date, a l to, al to, off to, holiday "
            "to, unavailable to, finish, last day, to, until, end, end date"
        ),
        joins=True,
    ),
    Field(
        "absences",
        "Absences in one column",
        Reading.PERIODS,
        _split(
            "absences, absence, leave, annual leave, al, a l, leave dates, planned leave, planned absence, away, "
            "abstractions, holidays, unavailable, on leave"
        ),
        joins=True,
        longest=2000,
    ),
    Field(
        "absence_reason",
        "Reason of the absence",
        Reading.TEXT,
        _split("reason, leave type, absence type, absence reason, type of leave"),
    ),
    Field("team", "Team", Reading.TEXT, _split("team, team name, unit, hub, area team, mosovo team, section"), longest=100),
    Field("rank", "Rank", Reading.TEXT, _split("rank, grade, rank or grade, role"), longest=100),
    Field(
        "reach",
        "How to reach",
        Reading.TEXT,
        _split(
            "how to reach, contact, contact details, contact no, contact number, email, e mail, email address, phone, phone no, "
            "telephone, telephone no, tel, tel no, mobile, mobile no, mob, work mobile, extension, ext"
        ),
        joins=True,
        longest=200,
    ),
    *_POSITION,
    Field(
        IGNORED,
        "Not imported",
        Reading.NOTHING,
        _split("caseload, cases, force, visor trained, driver, supervisor"),
        joins=True,
    ),
)

FIELDS: dict[TableKind, tuple[Field, ...]] = {
    TableKind.OFFENDERS: OFFENDER_FIELDS,
    TableKind.MANAGERS: MANAGER_FIELDS,
    TableKind.LOGS: LOG_FIELDS,
    TableKind.OTHER: (),
}


def field_of(kind: TableKind, name: str) -> Field:
    """The field of that name. Raises KeyError where that kind of table has none."""
    for field in FIELDS[kind]:
        if field.name == name:
            return field
    raise KeyError(name)


def mappable_fields(kind: TableKind) -> tuple[tuple[str, str], ...]:
    """Names and labels of the fields a column can be mapped to by hand, in the order to offer them."""
    return tuple((field.name, field.label) for field in FIELDS[kind])
