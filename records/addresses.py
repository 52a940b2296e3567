"""Phones and mailboxes: one spelling for each, so that one person stays one person."""

import re

import phonenumbers

from domain.vocabulary import Channel
from records.crypto import keys

_MAILBOX = re.compile(r"[^@\s,;<>\"']{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}")


class BadAddress(ValueError):
    """A phone number or e-mail address that cannot be right; never repeats what was typed."""

    def __init__(self, channel: str) -> None:
        mail = channel == Channel.EMAIL
        example = "name@example.org" if mail else "+1 305 555 0123"
        what = "e-mail address" if mail else "phone number"
        super().__init__(f"This is not a usable {what}; write it like {example}.")


def normalise(channel: str, typed: str, region: str = "US") -> str:
    """The one spelling of an address: E.164 for phones, lower-case domain for mailboxes.

    Args:
        channel: `sms`, `voice` or `email`.
        typed: as somebody wrote it.
        region: country assumed for a phone number without one (ISO 3166).

    Raises:
        BadAddress: it cannot be an address of that channel.
    """
    typed = typed.strip()
    if channel == Channel.EMAIL:
        if not _MAILBOX.fullmatch(typed):
            raise BadAddress(channel)
        name, _, host = typed.rpartition("@")
        return f"{name.lower()}@{host.lower()}"
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        raise BadAddress(channel) from None
    whole = phonenumbers.ValidationResult.IS_POSSIBLE
    # A number without its area code is "possible" too, and would never reach anybody.
    if phonenumbers.is_possible_number_with_reason(number) != whole:
        raise BadAddress(channel)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def address_index(address: str) -> str:
    """The blind index of a normalised address."""
    return keys().index(address, "address")


def docket_index(number: str) -> str:
    """The blind index of a docket number, blind to case, spaces and hyphens."""
    return keys().index(re.sub(r"[\s\-]+", "", number).upper(), "docket")
