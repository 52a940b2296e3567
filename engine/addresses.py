"""Where this installation is reached from outside: by people, its providers, a mail server."""

from urllib.parse import urlsplit

from activities.channels.base import is_this_machine
from engine.settings import Settings

SMS_STATUS_PATH = "/webhooks/sms/status"
SMS_REPLY_PATH = "/webhooks/sms/incoming"
VOICE_STATUS_PATH = "/webhooks/voice/status"
VOICE_KEYS_PATH = "/webhooks/voice/keys"
GATEWAY_PATH = "/webhooks/gateway"
MAIL_PATH = "/webhooks/mail"
SET_UP_PATH = "/set-up"


def public_url(settings: Settings) -> str:
    """How people and providers reach this installation, without a slash at the end."""
    return (settings.public_url or f"http://{settings.host}:{settings.port}").rstrip("/")


def set_up_url(settings: Settings, token: str) -> str:
    """Where the first administrator is made; on this machine, if every address is listened on."""
    if settings.host.strip("0.:") == "":
        settings = settings.model_copy(update={"host": "127.0.0.1"})
    return f"{public_url(settings)}{SET_UP_PATH}/{token}"


def sms_status_url(settings: Settings) -> str:
    """Where the SMS provider is asked to report what became of a text; "" for nowhere."""
    return _address_for(settings, settings.sms_url, SMS_STATUS_PATH)


def voice_status_url(settings: Settings) -> str:
    """Where the provider is asked to report what became of a call; "" for nowhere."""
    return _address_for(settings, settings.sms_url, VOICE_STATUS_PATH)


def voice_keys_url(settings: Settings) -> str:
    """Where the provider tells which key somebody pressed in a call; "" for nowhere."""
    return _address_for(settings, settings.sms_url, VOICE_KEYS_PATH)


def gateway_url(settings: Settings) -> str:
    """Where the Android gateway's phone reports texts, sent and received; "" for nowhere."""
    return _address_for(settings, settings.gateway_url, GATEWAY_PATH)


def _address_for(settings: Settings, provider: str, path: str) -> str:
    """An address of ours for a provider.

    A provider on the internet refuses an address that it cannot reach, and with it the message
    itself: so it gets an https address only, and one on this machine gets a local one.
    """
    if not provider:
        return ""
    url = urlsplit(public_url(settings))
    both_here = is_this_machine(url.hostname or "") and is_this_machine(
        urlsplit(provider).hostname or ""
    )
    if url.scheme != "https" and not both_here:
        return ""
    return public_url(settings) + path
