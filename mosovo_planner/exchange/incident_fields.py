"""The columns that a log of incidents may have. Persons may stand in numbered groups: ``Person 2 surname``."""

from __future__ import annotations

from mosovo_planner.exchange.field_kinds import IGNORED, Field, Reading, split_aliases


def _of_person(*names: str) -> tuple[str, ...]:
    """The aliases themselves, and the same of a person, nominal, suspect or subject."""
    whose = ("person", "persons", "people", "nominal", "suspect", "subject", "involved", "linked person", "party")
    return (*names, *(f"{who} {name}" for name in names for who in whose))


LOG_FIELDS: tuple[Field, ...] = (
    Field(
        "number",
        "Log number",
        Reading.REFERENCE,
        split_aliases(
            "incident no, log no, incident ref, log ref, storm no, storm ref, event no, cad no, cad ref, occurrence no, "
            "occurrence ref, niche occurrence no, crime no, crime ref, incident id, log id, event id, event ref, urn, "
            "incident urn, command and control no, incident, log, id, ref, no"
        ),
        identity=True,
        longest=100,
    ),
    Field(
        "at",
        "Date and time",
        Reading.DATE,
        split_aliases(
            "incident date time, date time, datetime, date and time, occurred, occurred at, incident date, log date, event date, "
            "date occurred, date of incident, reported, reported at, date reported, reported date, created, created at, "
            "date created, created date, opened, start, start date, date, timestamp, when"
        ),
    ),
    Field(
        "time",
        "Time, where it has a column of its own",
        Reading.TEXT,
        split_aliases("time, incident time, log time, event time, time reported, reported time, created time, start time"),
    ),
    Field(
        "kind",
        "Kind of incident",
        Reading.TEXT,
        split_aliases(
            "type, incident type, event type, log type, category, incident category, class, opening code, closing code, "
            "offence, crime type, occurrence type"
        ),
    ),
    Field(
        "place",
        "Place",
        Reading.TEXT,
        split_aliases("place, location, incident location, event location, venue, premises, location name, scene"),
        longest=500,
    ),
    Field(
        "address",
        "Address",
        Reading.TEXT,
        split_aliases(
            "address, incident address, location address, full address, address line, address line 1, address line 2, address "
            "line 3, address 1, address 2, address 3, street, location street, town, location town"
        ),
        joins=True,
        longest=1000,
    ),
    Field(
        "postcode",
        "Postcode",
        Reading.POSTCODE,
        split_aliases("postcode, post code, incident postcode, location postcode, address postcode, pcode"),
    ),
    Field(
        "person_ref",
        "Person: reference",
        Reading.REFERENCE,
        _of_person("ref", "id", "no", "urn", "niche id", "niche ref")[6:]
        + split_aliases("niche nominal, niche nominal no, nominal ref no, visor no, visor ref, pnc id, pncid, pnc no, rso ref"),
        joins=True,
        longest=100,
    ),
    Field("surname", "Person: surname", Reading.TEXT, _of_person("surname", "last name", "family name"), joins=True),
    Field(
        "forenames",
        "Person: forenames",
        Reading.TEXT,
        _of_person("forename", "forenames", "first name", "first names", "given name", "given names"),
        joins=True,
    ),
    Field(
        "name",
        "Person: name in one column",
        Reading.NAME,
        (*_of_person("name", "full name"), "person", "nominal", "suspect", "subject", "involved", "involved party"),
        joins=True,
    ),
    Field(
        "date_of_birth",
        "Person: date of birth",
        Reading.DATE,
        _of_person("dob", "date of birth", "d o b", "birth date", "born"),
        joins=True,
    ),
    Field("person_address", "Person: address", Reading.TEXT, _of_person("address", "home address")[1:], joins=True, longest=1000),
    Field("person_postcode", "Person: postcode", Reading.POSTCODE, _of_person("postcode", "home postcode")[1:], joins=True),
    Field("role", "Person: role", Reading.TEXT, _of_person("role", "involvement", "link", "link reason"), joins=True),
    Field(
        "vehicle",
        "Vehicle",
        Reading.TEXT,
        split_aliases(
            "vehicle, vehicles, vrm, vrn, vehicle registration, vehicle reg, registration, registration no, reg, reg no, number "
            "plate, registration mark, vehicle index, index, vehicle vrm, vehicles vrm"
        ),
        joins=True,
    ),
    Field(
        "text",
        "Text of the log",
        Reading.TEXT,
        split_aliases(
            "text, log text, free text, details, incident details, description, incident description, summary, incident summary, "
            "narrative, notes, comments, remarks, circumstances, opening text, result, result text, closing text, update, "
            "updates, enquiry log, mo"
        ),
        joins=True,
        longest=20_000,
    ),
    Field(
        IGNORED,
        "Not imported",
        Reading.NOTHING,
        split_aliases(
            "officer, oic, call sign, callsign, priority, grade, beat, ward, easting, northing, latitude, longitude, caller, "
            "caller name, caller phone, informant, victim, victim name, victim dob, aggrieved, witness, phone, email"
        ),
        joins=True,
    ),
)
