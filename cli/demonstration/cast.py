"""Who is in the story: made-up people, a made-up hub and court, all drawn from one seed.

Phone numbers are of the range that is kept for stories (555-0100 to 555-0199), addresses of the
domain that is kept for examples (RFC 2606).
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

_DEFENDANTS = ("Naomi", "Tasha", "Marisol", "Keisha", "Imani", "Danielle", "Renee", "Alicia")
_MOTHERS = ("Denise", "Gloria", "Yolanda", "Carmen", "Patricia", "Rosalind")
_AUNTS = ("Teresa", "Alma", "Elena", "Beatriz", "Graciela")
_BROTHERS = ("Andre", "Mateo", "Jerome", "Luis", "Malik")
_FAMILIES = ("Rivera", "Coleman", "Vargas", "Simmons", "Ortiz", "Whitfield", "Salazar")
_AUNT_FAMILIES = ("Molina", "Fuentes", "Campos", "Herrera")
_ADVOCATES = ("Ruth", "Camille", "Joanne", "Nadia")
_LAWYERS = (
    ("Miriam", "Okafor"),
    ("Helen", "Castellano"),
    ("Grace", "Lindqvist"),
    ("Dana", "Prewitt"),
)
_JUDGES = ("Hon. A. Whitlock", "Hon. C. Marrero", "Hon. T. Abernathy")
_CHILDREN = (("Amara", 6), ("Zoe", 4), ("Isaiah", 7), ("Camila", 5))
_TRADES = (
    ("line cook", "Blue Heron Kitchen", ("Maria", "Santos"), "manager", 17.25),
    ("nursing assistant", "Bayview Care Home", ("Leon", "Baptiste"), "floor supervisor", 18.5),
    ("cashier", "Corner Garden Market", ("Priya", "Nair"), "owner", 15.75),
)
_TOWNS = (
    ("Port Alder", "FL", "305", "America/New_York"),
    ("Cedar Mills", "GA", "404", "America/New_York"),
    ("East Marlow", "LA", "504", "America/Chicago"),
)
_HUBS = ("Harbor Street Defense", "Open Door Defense", "Lantern Court Hub")
_STREETS = ("200 Harbor St", "118 Meridian Ave", "75 Courthouse Sq")


@dataclass(frozen=True, slots=True)
class Someone:
    """One person of the story. `role` is what the messages' file calls them."""

    role: str
    first_name: str
    last_name: str
    language: str
    phone: str
    email: str = ""

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"

    @property
    def known_as(self) -> str:
        """How the timeline names them: "Denise (mother)"."""
        return self.first_name if self.role == "defendant" else f"{self.first_name} ({self.role})"


@dataclass(frozen=True, slots=True)
class Job:
    """Work that waits for the defendant. `their` is what whoever answers for it is there:
    "manager"; `hourly` the wage in dollars."""

    trade: str
    at: str
    their: str
    hourly: float


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody and every place of one story. `room` as the court writes it: "4B"."""

    hub: str
    hub_phone: str
    zone: str
    town: str
    court: str
    address: str
    room: str
    judge: str
    advocate: str
    docket: str
    defendant: Someone
    mother: Someone
    aunt: Someone
    brother: Someone
    writer: Someone
    counsel: Someone
    child: str
    child_age: int
    job: Job

    @property
    def people(self) -> tuple[Someone, ...]:
        """The defendant and her family."""
        return (self.defendant, self.mother, self.aunt, self.brother)

    @property
    def everyone(self) -> tuple[Someone, ...]:
        """The same, and those who are written to about a packet: who answers for her work, and
        counsel. They are told of no court date."""
        return (*self.people, self.writer, self.counsel)

    @property
    def lawyer(self) -> str:
        """Counsel's name."""
        return self.counsel.name


def cast_of(random: Random, year: int) -> Cast:
    """Draw everybody. Besides the aunt, the mother or the brother may prefer Spanish.

    Args:
        random: the story's own generator.
        year: of the arrest, for the docket number.
    """
    town, state, area, zone = random.choice(_TOWNS)
    hub_phone, *phones = (f"+1{area}55501{number:02}" for number in random.sample(range(98), k=5))
    speaks_spanish = random.choice(("mother", "brother", ""))
    family, aunt_family = random.choice(_FAMILIES), random.choice(_AUNT_FAMILIES)

    def one(role: str, names: tuple[str, ...], last: str, phone: str, *, mail: bool) -> Someone:
        first = random.choice(names)
        language = "es" if role in ("aunt", speaks_spanish) else "en"
        address = f"{first}.{last}@example.org".lower() if mail else ""
        return Someone(role, first, last, language, phone, address)

    child, age = random.choice(_CHILDREN)
    trade, at, writer, their, hourly = random.choice(_TRADES)
    lawyer = random.choice(_LAWYERS)
    return Cast(
        hub=random.choice(_HUBS),
        hub_phone=f"({area}) {hub_phone[5:8]}-{hub_phone[8:]}",
        zone=zone,
        town=f"{town}, {state}",
        court=f"{town} County Court",
        address=f"{random.choice(_STREETS)}, {town}, {state}",
        room=f"{random.randint(2, 6)}{random.choice('ABC')}",
        judge=random.choice(_JUDGES),
        advocate=random.choice(_ADVOCATES),
        docket=f"{year % 100}-CF-{random.randint(1000, 9899):06}",
        defendant=one("defendant", _DEFENDANTS, family, phones[0], mail=False),
        mother=one("mother", _MOTHERS, family, phones[1], mail=False),
        aunt=one("aunt", _AUNTS, aunt_family, "", mail=True),
        brother=one("brother", _BROTHERS, family, phones[2], mail=True),
        writer=Someone("writer", *writer, "en", phones[3]),
        counsel=Someone("counsel", *lawyer, "en", "", f"{lawyer[1].lower()}@example.org"),
        child=child,
        child_age=age,
        job=Job(trade, at, their, hourly),
    )
