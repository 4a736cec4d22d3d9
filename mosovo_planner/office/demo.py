"""A throw-away force of invented people, to try the program on. It lies encrypted in a temporary folder and goes at the end."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

from mosovo_planner.domain.clocks import add_months
from mosovo_planner.domain.people import Absence, Offender, OffenderManager, Risk, Sex, Status
from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.domain.roles import Permission
from mosovo_planner.geo.synthetic import Base, Scatter, scatter
from mosovo_planner.office.demo_year import InventedYear, demo_policy, invent_year
from mosovo_planner.office.session import Session
from mosovo_planner.store.unit import Unit
from mosovo_planner.store.workspace import create_workspace

DEMO_USER = "Sgt Demo"
_CASES_A_MANAGER = 50
_SURNAMES = ("OAK", "ELM", "ASH", "BIRCH", "ROWAN", "HAZEL", "WILLOW", "CEDAR", "LARCH", "MAPLE", "YEW", "ALDER", "THORN", "IVY")
_FORENAMES = ("Aaron", "Bruno", "Carl", "Derek", "Felix", "Gareth", "Hugh", "Jonas", "Keith", "Leon", "Miles", "Neil", "Oscar")
_MARKERS = ("Dog", "Weapons", "Violent", "Not lone female", "Two officers")
_RISKS = (Risk.LOW, Risk.MEDIUM, Risk.HIGH, Risk.VERY_HIGH)
_RISK_MIX = (50, 30, 18, 2)  # per cent; the national mix of 2016 as the press reported it
_MONTHS = {Risk.LOW: 12, Risk.MEDIUM: 6, Risk.HIGH: 3, Risk.VERY_HIGH: 1}
_LATE_SHARE = 0.12
_KNOWN_DAYS = (1200, 1000, 800, 600)
"""For how long their risk is what it is; some of the low ones for the three years of reactive management."""
_WHY = "invented for the demo"


@dataclass(frozen=True)
class DemoSession(Session):
    """A session whose workspace is thrown away when it closes."""

    folder: Path

    @property
    def title(self) -> str:
        return "Invented force (demo)"

    @property
    def comes_back(self) -> bool:
        return False

    def close(self) -> None:
        super().close()
        shutil.rmtree(self.folder, ignore_errors=True)


def demo_session(size: int = 900, as_of: date | None = None, seed: int = 1, report: Reporter = silent) -> DemoSession:
    """Make a force of ``size`` invented offenders, allocated by demand as an inspection found it done, and sign in."""
    folder = Path(tempfile.mkdtemp(prefix="mosovo-demo-"))
    try:
        report(Progress("Making the encrypted workspace"))
        workspace = create_workspace(str(folder / "demo.vp"), DEMO_USER, secrets.token_urlsafe(24))
        session = DemoSession(workspace, folder)
        report(Progress("Inventing people", 0.3))
        day = as_of or date.today()
        managers, offenders = invent_force(size, day, seed)
        teamed = [replace(each, team=each.base) for each in managers]
        report(Progress("Inventing a year of visits", 0.4))
        year = invent_year(teamed, offenders, day, seed)
        report(Progress("Keeping it encrypted", 0.6))
        with session.unit(Permission.APPROVE) as unit:
            _keep(unit, teamed, year, day)
        report(Progress("Ready", 1.0))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return session


def _keep(unit: Unit, managers: Sequence[OffenderManager], year: InventedYear, day: date) -> None:
    """Put the invented force and its year into the workspace."""
    unit.save_policy(demo_policy(unit.policy(), day), _WHY)
    unit.save_managers(managers, reason=_WHY)
    there = [each for each in year.offenders if each.ref not in year.away]
    for part, known in enumerate(_KNOWN_DAYS):
        unit.save_offenders(there[part :: len(_KNOWN_DAYS)], reason=_WHY, on=day - timedelta(days=known))
    for each in year.offenders:
        if each.ref in year.away:
            unit.save_offenders([each], reason=_WHY, on=year.away[each.ref])
    unit.add_facts(year.facts, _WHY)
    unit.add_visits(year.visits, _WHY)
    for assessment in year.assessments:
        unit.add_assessment(assessment, _WHY)
    for plan in year.plans:
        unit.save_risk_plan(plan, reason=_WHY)
    for file, matches in year.incidents:
        unit.save_incidents(file, matches)
    unit.save_drawn(year.drawn, _WHY)
    for graded in year.graded:
        unit.save_grade(graded, reason=_WHY)


def invent_force(size: int, as_of: date, seed: int) -> tuple[list[OffenderManager], list[Offender]]:
    """Invented managers and offenders; the same arguments give the same force. Nobody real is meant."""
    random = Random(seed)  # noqa: S311  invents people, guards nothing
    ground = scatter(size, seed)
    managers = _managers(max(4, round(size / _CASES_A_MANAGER)), ground, as_of, random)
    return managers, [_offender(number, ground, managers, as_of, random) for number in range(1, size + 1)]


def _managers(count: int, ground: Scatter, as_of: date, random: Random) -> list[OffenderManager]:
    bases = _bases_for(count, ground.bases)
    managers = []
    for number, base in enumerate(bases, 1):
        away = as_of + timedelta(days=random.randrange(0, 21))
        managers.append(
            OffenderManager(
                id=f"OM{number:02}",
                name=f"PC {1000 + number} {random.choice(_SURNAMES).title()}",
                base=base.place,
                position=base.position,
                weekly_hours=random.choices((37.0, 29.6, 22.2), (75, 17, 8))[0],
                trained=number % 6 != 0,
                arms_trained=random.random() < 0.6,
                sex=Sex.FEMALE if number % 3 == 0 else Sex.MALE,
                absences=(Absence(away, away + timedelta(days=8), "leave"),) if number % 7 == 3 else (),
                version=0,
            )
        )
    return managers


def _bases_for(count: int, bases: tuple[Base, ...]) -> list[Base]:
    """As many managers at each base as its share of the homes asks, at least one each while they last."""
    seats = {base.place: 1 for base in bases[:count]}
    for _ in range(count - len(seats)):
        neediest = max(bases[:count], key=lambda base: base.share * count - seats[base.place])
        seats[neediest.place] += 1
    return [base for base in bases[:count] for _ in range(seats[base.place])]


def _offender(number: int, ground: Scatter, managers: list[OffenderManager], as_of: date, random: Random) -> Offender:
    home = ground.homes[number - 1]
    risk = random.choices(_RISKS, _RISK_MIX)[0]
    months = _MONTHS[risk]
    late = random.random() < _LATE_SHARE
    since = random.randint(30 * months, 30 * months + 240) if late else random.randint(1, 30 * months)
    status = random.choices((Status.COMMUNITY, Status.CUSTODY, Status.HOSPITAL, Status.ABROAD), (90, 8, 1, 1))[0]
    last_seen = as_of - timedelta(days=since)
    return Offender(
        ref=f"INV-{number:05}",
        visor_ref=f"INVENTED/{number:07}",
        surname=random.choice(_SURNAMES),
        forenames=random.choice(_FORENAMES),
        date_of_birth=date(random.randint(1945, 2004), random.randint(1, 12), random.randint(1, 28)),
        sex=Sex.MALE,
        address=f"{random.randint(1, 180)} Invented Street, {home.place}",
        postcode=f"ZZ{1 + number % 9} {number % 10}ZZ",
        position=home.position,
        status=status,
        risk=risk,
        interval_months=months,
        last_seen=last_seen,
        manager=managers[number % len(managers)].id,
        supervisor=f"DS{1 + number % 3:02}",
        arms_done=as_of - timedelta(days=random.randint(20, 500)),
        rmp_review_due=add_months(last_seen, 12),
        mappa_level=2 if random.random() < 0.015 else 1,
        markers=(random.choice(_MARKERS),) if random.random() < 0.15 else (),
        notes="Invented for the demo.",
        version=0,
    )
