"""An invented caseload for the window's tests: every person in it is made up by chance."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

from mosovo_planner.domain.people import Absence, Offender, OffenderManager, Position, Precision, Risk, Sex, Status
from mosovo_planner.domain.visits import Outcome, Visit, VisitKind

AS_OF = date(2026, 11, 20)
_FIRST = ("Alan", "Brian", "Colin", "Derek", "Edwin", "Frank", "Graham", "Harold", "Ivan", "Keith", "Leonard", "Malcolm")
_LAST = ("TESTER", "SAMPLE", "SPECIMEN", "EXAMPLE", "INVENTED", "MOCKFORD", "PLACEHOLDER", "DUMMETT", "FICTON", "TRIALL")
_PLACES = (("Swindon", 51.56, -1.78), ("Trowbridge", 51.32, -2.21), ("Salisbury", 51.07, -1.80), ("Devizes", 51.35, -1.99))
_MARKERS = ((), (), (), ("Dog",), ("Not lone female",), ("Dog", "not OM03"), ("Two officers",))
_STATUSES = (Status.COMMUNITY,) * 17 + (Status.CUSTODY, Status.ABROAD, Status.MISSING)
_RISKS = (Risk.LOW,) * 10 + (Risk.MEDIUM,) * 6 + (Risk.HIGH,) * 3 + (Risk.VERY_HIGH, None)
_PRECISIONS = (Precision.POSTCODE,) * 8 + (Precision.SECTOR, None)


def managers(count: int = 18) -> tuple[OffenderManager, ...]:
    made = []
    for number in range(1, count + 1):
        base, lat, lon = _PLACES[number % len(_PLACES)]
        made.append(
            OffenderManager(
                id=f"OM{number:02d}",
                name=f"DC {_LAST[number % len(_LAST)].title()} {number}",
                base=base,
                position=Position(lat, lon),
                weekly_hours=(37.0, 37.0, 30.0, 22.5)[number % 4],
                trained=number % 7 != 0,
                sex=Sex.FEMALE if number % 2 else Sex.MALE,
                absences=(Absence(AS_OF, AS_OF + timedelta(days=60), "leave"),) if number % 6 == 0 else (),
            )
        )
    return tuple(made)


def offenders(count: int = 900, staff: int = 18, seed: int = 1) -> tuple[Offender, ...]:
    chance = random.Random(seed)
    made = []
    for number in range(1, count + 1):
        place, lat, lon = chance.choice(_PLACES)
        precision = chance.choice(_PRECISIONS)
        risk = chance.choice(_RISKS)
        position = Position(lat + chance.gauss(0, 0.05), lon + chance.gauss(0, 0.08), precision) if precision else None
        made.append(
            Offender(
                ref=f"SYN-{number}",
                visor_ref=f"SYN-26-{number:07d}",
                surname=chance.choice(_LAST),
                forenames=chance.choice(_FIRST),
                date_of_birth=date(1950, 1, 1) + timedelta(days=chance.randrange(18000)),
                sex=Sex.MALE,
                address=f"{chance.randrange(1, 200)} Sample Street, {place}",
                postcode=f"ZZ{chance.randrange(1, 9)} {chance.randrange(1, 9)}ZZ",
                position=position,
                status=chance.choice(_STATUSES),
                risk=risk,
                last_seen=None if number % 97 == 0 else AS_OF - timedelta(days=round(chance.triangular(1, 420, 90))),
                manager=f"OM{chance.randrange(1, staff + 1):02d}" if number % 50 else None,
                markers=chance.choice(_MARKERS),
                mappa_level=1,
                orders="SHPO to 1 May 2029" if number % 3 == 0 else "",
                notes="Invented for testing." if number % 9 == 0 else "",
                version=0,
            )
        )
    return tuple(made)


def visits(ref: str = "SYN-1") -> tuple[Visit, ...]:
    outcomes = (Outcome.SEEN, Outcome.NO_REPLY, Outcome.SEEN)
    return tuple(
        Visit(
            id=f"V{number}",
            ref=ref,
            at=datetime.combine(AS_OF - timedelta(days=40 * number + 3), time(11 + 3 * number, 20)),
            kind=VisitKind.ROUTINE,
            officers=("OM01", "OM02") if number else ("OM01",),
            announced=number == 2,
            outcome=outcome,
            note="Curtains drawn, no answer." if outcome is Outcome.NO_REPLY else "",
        )
        for number, outcome in enumerate(outcomes)
    )
