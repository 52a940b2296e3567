"""What the enhanced status codes of mail systems (RFC 3463) mean to Homeward.

They come in delivery reports, after the mail server at our door had taken the message.
"""

from activities.channels.base import RefusalKind

__all__ = ["kind_of_status"]

_KINDS: dict[str, RefusalKind] = {
    "5.1.7": RefusalKind.BAD_REQUEST,  # our own address
    "5.1.8": RefusalKind.BAD_REQUEST,
    "5.2.2": RefusalKind.TEMPORARY,  # mailbox full
    "5.2.3": RefusalKind.BAD_REQUEST,  # too long
    "5.3.1": RefusalKind.TEMPORARY,  # their disk is full
    "5.3.2": RefusalKind.TEMPORARY,  # their system takes nothing now
    "5.3.4": RefusalKind.BAD_REQUEST,  # too big
    "5.4.7": RefusalKind.TEMPORARY,  # nobody answered for days
}
_SUBJECTS: dict[str, RefusalKind] = {
    "5.5.": RefusalKind.BAD_REQUEST,  # how we talked
    "5.6.": RefusalKind.BAD_REQUEST,  # what the message is made of
    "5.7.": RefusalKind.FILTERED,  # policy: our standing, not the person's address
}


def kind_of_status(status: str) -> RefusalKind:
    """What a status asks of us, when the message was given up with it.

    A message that was given up after days of "not now" may arrive another time. Whatever else
    begins with 5 says that this mailbox cannot be reached.
    """
    if not status.startswith("5."):
        return RefusalKind.TEMPORARY
    by_subject = _SUBJECTS.get(status[:4], RefusalKind.PERMANENT)
    return _KINDS.get(status, by_subject)
