"""Where this installation is reached from outside: by people, its SMS provider, a mail server."""

from urllib.parse import urlsplit

from activities.channels.base import is_this_machine
from engine.settings import Settings

SMS_STATUS_PATH = "/webhooks/sms/status"
SMS_REPLY_PATH = "/webhooks/sms/incoming"
MAIL_PATH = "/webhooks/mail"


def public_url(settings: Settings) -> str:
    """How people and providers reach this installation, without a slash at the end."""
    return (settings.public_url or f"http://{settings.host}:{settings.port}").rstrip("/")


def sms_status_url(settings: Settings) -> str:
    """Where the SMS provider is asked to report what became of a text; "" for nowhere.

    A provider on the internet refuses an address that it cannot reach, and with it the text
    itself: so it gets an https address only, and one on this machine gets a local one.
    """
    if not settings.sms_url:
        return ""
    url = urlsplit(public_url(settings))
    both_here = is_this_machine(url.hostname or "") and is_this_machine(
        urlsplit(settings.sms_url).hostname or ""
    )
    if url.scheme != "https" and not both_here:
        return ""
    return public_url(settings) + SMS_STATUS_PATH
