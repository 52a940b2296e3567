"""Private links, as whoever gets one has it: in the words that a provider delivered."""

import re
from email.message import EmailMessage

from cli.demonstration.cast import Someone
from cli.demonstration.world import NeverHappened, World
from domain.vocabulary import LinkPurpose
from records.private_links import PATHS, find_link
from records.tables import PrivateLink


def link_for(world: World, who: Someone, purpose: LinkPurpose) -> PrivateLink:
    """The link in the newest text or e-mail to someone that holds one.

    Raises:
        NeverHappened: nothing that the providers hold has a link that is good for this.
    """
    for words in reversed(delivered_to(world, who)):
        found = re.search(re.escape(PATHS[purpose]) + r"([\w-]+)", words)
        link = find_link(world.house.records, found[1], purpose) if found else None
        if link is not None:
            return link
    raise NeverHappened(f"A private link for the {who.role}")


def delivered_to(world: World, who: Someone) -> list[str]:
    """The words of everything that the providers have for someone: texts, then e-mails."""
    texts = [text.body for text in world.texts.accepted() if text.to == who.phone]
    mails = [_words(kept.message) for kept in world.mail.messages if who.email in kept.recipients]
    return texts + mails


def _words(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    return str(part.get_content()) if part else ""
