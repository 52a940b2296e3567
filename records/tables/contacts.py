"""What outreach workers, mentors and advocates write down of being in touch."""

from datetime import date, datetime

from sqlmodel import UniqueConstraint

from records.tables.base import HubOwned, instant, maybe_instant, maybe_ref, ref, sealed


class ContactEntry(HubOwned, table=True):
    """One contact with the person of a case, held or only tried.

    `happened_at` is UTC; `next_on` a local day that was agreed. `once` is the mark of the form that
    made it: the same form, sent again on a bad connection, makes nothing new. An entry is never
    rewritten: one that was wrong is struck, with who did it and why.
    """

    __tablename__ = "contact_entry"
    case_id: str = ref("case.id")
    happened_at: datetime = instant()
    method: str
    place: str = ""
    about: str = ""
    held: bool = True
    minutes: int = 0
    note: str = sealed("contact_entry.note")
    next_on: date | None = None
    step_id: str | None = maybe_ref("plan_step.id")
    evidence_id: str | None = maybe_ref("evidence.id", index=False)
    written_by_id: str = ""
    written_by: str = ""
    once: str | None = None
    struck_at: datetime | None = maybe_instant()
    struck_by: str = ""
    struck_why: str = sealed("contact_entry.struck_why")

    __table_args__ = (UniqueConstraint("hub_id", "once"),)
