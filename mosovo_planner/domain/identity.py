"""What an offender is known by beside his record: aliases, earlier addresses, vehicles, references of other systems."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mosovo_planner.domain.matching.subjects import Address, Subject, subject_of
from mosovo_planner.domain.people import Offender


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name. One word is a nickname, several are a whole name; ``words`` says where it comes from."""

    name: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class EarlierAddress:
    """Where he lived before, or can be found beside his home; ``until`` is the last day known there."""

    address: str = ""
    postcode: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle he uses, with make and colour in ``words``."""

    registration: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class OtherReference:
    """The reference another system has for him (custody, nominal, PNC); ``system`` names it."""

    number: str
    system: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """All of them for one offender."""

    aliases: tuple[Alias, ...] = ()
    addresses: tuple[EarlierAddress, ...] = ()
    vehicles: tuple[Vehicle, ...] = ()
    refs: tuple[OtherReference, ...] = ()

    def subject(self, offender: Offender) -> Subject:
        """The offender as incident logs and searches are matched with him."""
        return subject_of(
            offender,
            aliases=tuple(each.name for each in self.aliases),
            addresses=tuple(Address(each.address, each.postcode) for each in self.addresses),
            vehicles=tuple(each.registration for each in self.vehicles),
            refs=tuple(each.number for each in self.refs),
        )
