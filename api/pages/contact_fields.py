"""The fields for a phone and an e-mail address, with the agreement that each needs."""

from api.pages.forms import Form
from domain.vocabulary import Channel
from records.circle import NewContact

AGREEMENT = (
    "agreed, when asked by the hub, to messages about court dates at this number or address, "
    "and heard how to stop them"
)
"""The words of the agreement that are kept with it; the page shows them beside the box."""


def contacts(
    form: Form, prefix: str, *, who: str = "", needed: bool = False
) -> tuple[NewContact, ...]:
    """The ways to reach someone that were typed into `<prefix>phone` and `<prefix>email`.

    An address without the ticked box is a mistake: nobody is written to without having agreed.

    Args:
        form: notes the mistakes.
        prefix: of the field names, e.g. "own_".
        who: for the words of the agreement, e.g. "The supporter".
        needed: at least one way must be given.
    """
    phone = form.address(f"{prefix}phone", Channel.SMS)
    email = form.address(f"{prefix}email", Channel.EMAIL)
    typed = form.kept(f"{prefix}phone") or form.kept(f"{prefix}email")
    if needed and not typed:
        form.refuse(f"{prefix}phone", "Enter a phone number or an e-mail address.")
    if typed and not form.ticked(f"{prefix}agreed"):
        form.refuse(
            f"{prefix}agreed",
            "Tick this box once they have agreed, or leave phone and e-mail empty for now.",
        )
    words = f"{who or 'The person'} {AGREEMENT}."
    found = ((Channel.SMS, phone), (Channel.EMAIL, email))
    return tuple(NewContact(channel, address, words) for channel, address in found if address)
