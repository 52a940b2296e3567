"""The fields for a phone and an e-mail address, with the agreement that each needs."""

from api.pages import wording
from api.pages.forms import Form
from api.pages.own_words import Words
from domain.vocabulary import Channel
from records.circle import NewContact

AGREEMENT = Words(
    "agreed, when asked by the hub, to messages about court dates at this number or address, "
    "and heard how to stop them"
)
"""The words of the agreement that are kept with it; the page shows them beside the box."""
CALL_AGREEMENT = Words(
    "agreed, when asked by the hub, to calls about court dates at this number, with a recorded "
    "voice, and heard how to stop them"
)
"""Calls are agreed to apart from texts (47 CFR 64.1200: an artificial voice needs consent)."""


def contacts(
    form: Form, prefix: str, *, who: str = "", needed: bool = False, agreement: str = AGREEMENT
) -> tuple[NewContact, ...]:
    """The ways to reach someone that were typed into `<prefix>phone` and `<prefix>email`.

    An address without a ticked box is a mistake: nobody is written to or called without having
    agreed. A phone may be ticked for calls alone.

    Args:
        form: notes the mistakes.
        prefix: of the field names, e.g. "own_".
        who: for the words of the agreement, e.g. "The supporter".
        needed: at least one way must be given.
        agreement: what they agreed to, in the words that the page shows beside the box.
    """
    phone = form.address(f"{prefix}phone", Channel.SMS)
    email = form.address(f"{prefix}email", Channel.EMAIL)
    typed_phone, typed_email = form.kept(f"{prefix}phone"), form.kept(f"{prefix}email")
    writes, calls = form.ticked(f"{prefix}agreed"), form.ticked(f"{prefix}calls")
    if calls and not typed_phone:
        form.refuse(f"{prefix}phone", "Enter the phone number that may be called.")
    if needed and not (typed_phone or typed_email):
        form.refuse(f"{prefix}phone", "Enter a phone number or an e-mail address.")
    if (typed_email or (typed_phone and not calls)) and not writes:
        form.refuse(
            f"{prefix}agreed",
            "Tick this box once they have agreed, or leave phone and e-mail empty for now.",
        )
    found = [(Channel.SMS, phone, agreement)] if writes else []
    found += [(Channel.VOICE, phone, CALL_AGREEMENT)] if calls else []
    found += [(Channel.EMAIL, email, agreement)]
    name, how = who or "The person", how_agreed(form, prefix)
    return tuple(
        NewContact(channel, address, f"{name} {words}.", how=how)
        for channel, address, words in found
        if address
    )


def how_agreed(form: Form, prefix: str = "") -> str:
    """How they agreed, as the records keep it; "" when nobody said."""
    how = form.kept(f"{prefix}how")
    return how if how in wording.AGREED_HOW else ""
