"""E-mail over a real SMTP conversation: what each answer, and each silence, proves."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from activities.channels import (
    Ambiguous,
    CannotAsk,
    Channel,
    Fate,
    Misconfigured,
    RefusalKind,
    Refused,
    SmtpChannel,
    Unavailable,
)
from activities.channels.email_smtp import Tls
from activities.channels.loopback_behaviour import Drop
from activities.channels.loopback_smtp import LoopbackMailServer
from tests.activities.channels.conftest import NOON, mail_through, outgoing

ANA = "ana@example.org"
LOGIN = ("hub", "correct horse")


async def test_a_message_arrives_with_its_envelope(post_office: LoopbackMailServer) -> None:
    channel: Channel = mail_through(post_office)
    receipt = await channel.send(outgoing(ANA, ".\n..\nline", subject="Audiencia: miércoles"))
    (mail,) = post_office.messages
    assert (mail.mail_from, mail.recipients) == ("hub@example.org", (ANA,))
    assert mail.message["Subject"] == "Audiencia: miércoles"
    body = mail.message.get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines() == [".", "..", "line"]
    assert receipt.fate is Fate.SENT
    assert receipt.provider_id == mail.message["Message-ID"] == "<m-1@example.org>"
    await channel.aclose()


async def test_lost_after_the_text_was_handed_over_is_ambiguous_and_cannot_be_asked(
    post_office: LoopbackMailServer,
) -> None:
    post_office.drop(Drop.AFTER)
    channel = mail_through(post_office)
    with pytest.raises(Ambiguous):
        await channel.send(outgoing(ANA))
    assert len(post_office.messages) == 1
    with pytest.raises(CannotAsk):
        await channel.find(ANA, "Hello", NOON)


async def test_lost_before_the_text_accepted_nothing(post_office: LoopbackMailServer) -> None:
    post_office.drop(Drop.BEFORE)
    channel = mail_through(post_office)
    with pytest.raises(Unavailable):
        await channel.send(outgoing(ANA))
    assert post_office.messages == []
    post_office.drop(Drop.NEVER)
    await channel.send(outgoing(ANA))


async def test_a_greylisted_message_is_accepted_the_next_time(
    post_office: LoopbackMailServer,
) -> None:
    post_office.greylist(ANA)
    channel = mail_through(post_office)
    with pytest.raises(Unavailable) as later:
        await channel.send(outgoing(ANA))
    assert later.value.retry_after == 300
    await channel.send(outgoing(ANA))
    assert len(post_office.messages) == 1


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("550 5.1.1 No such mailbox", RefusalKind.PERMANENT),
        ("550 no", RefusalKind.PERMANENT),
        ("552 5.2.2 Mailbox full", RefusalKind.TEMPORARY),
        ("552 full", RefusalKind.TEMPORARY),
        ("554 5.7.1 Relay access denied", RefusalKind.FILTERED),
        ("550 5.1.8 Bad sender", RefusalKind.BAD_REQUEST),
        ("530 5.7.0 Authentication required", RefusalKind.UNAUTHORIZED),
    ],
)
async def test_a_refused_recipient(
    post_office: LoopbackMailServer, reply: str, kind: RefusalKind
) -> None:
    post_office.refuse(ANA, reply)
    with pytest.raises(Refused) as refused:
        await mail_through(post_office).send(outgoing(ANA))
    assert refused.value.kind is kind
    assert refused.value.code.startswith(reply[:3])
    assert ANA not in str(refused.value)
    await mail_through(post_office).send(outgoing("ben@example.org"))


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("554 5.7.1 Looks like spam", RefusalKind.FILTERED),
        ("554 no", RefusalKind.FILTERED),
        ("550 5.1.1 No such mailbox", RefusalKind.PERMANENT),
        ("552 5.3.4 Too big", RefusalKind.BAD_REQUEST),
    ],
)
async def test_refused_after_the_text_is_an_answer_too(
    post_office: LoopbackMailServer, reply: str, kind: RefusalKind
) -> None:
    post_office.refuse_content(reply)
    with pytest.raises(Refused) as refused:
        await mail_through(post_office).send(outgoing(ANA))
    assert refused.value.kind is kind


async def test_not_now_after_the_text_accepted_nothing(post_office: LoopbackMailServer) -> None:
    post_office.refuse_content("452 4.3.1 Out of space")
    with pytest.raises(Unavailable):
        await mail_through(post_office).send(outgoing(ANA))


async def test_a_closed_port_accepted_nothing() -> None:
    server = LoopbackMailServer()
    await server.start()
    await server.stop()
    with pytest.raises(Unavailable):
        await mail_through(server).send(outgoing(ANA))


@asynccontextmanager
async def stuck_server(script: list[bytes]) -> AsyncIterator[LoopbackMailServer]:
    """Says each line, one for each that it hears after the first, then nothing at all."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for line in script:
            writer.write(line)
            await reader.readline()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield LoopbackMailServer(port=server.sockets[0].getsockname()[1])


POLITE = [b"220 hi\r\n", b"250 hi\r\n", b"250 ok\r\n", b"250 ok\r\n"]


async def test_silence_before_the_text_accepted_nothing() -> None:
    for said in range(len(POLITE)):
        async with stuck_server(POLITE[:said]) as server:
            with pytest.raises(Unavailable):
                await mail_through(server, timeout=0.1).send(outgoing(ANA))


async def test_silence_after_the_text_is_ambiguous() -> None:
    async with stuck_server([*POLITE, b"354 go\r\n"]) as server:
        with pytest.raises(Ambiguous):
            await mail_through(server, timeout=0.3).send(outgoing(ANA))


async def test_a_server_that_turns_everybody_away_accepted_nothing() -> None:
    async with stuck_server([b"554 not you\r\n"]) as server:
        with pytest.raises(Unavailable):
            await mail_through(server, timeout=0.3).send(outgoing(ANA))


async def test_a_bad_message_is_refused_before_anybody_is_called() -> None:
    channel = SmtpChannel("127.0.0.1", 1, "", "", "hub@example.org", clock=lambda: NOON)
    with pytest.raises(Refused) as refused:
        await channel.send(outgoing(ANA, subject="Court\r\nBcc: all@example.org"))
    assert refused.value.kind is RefusalKind.BAD_REQUEST


def test_a_sender_that_is_no_mailbox_is_a_wrong_setting() -> None:
    with pytest.raises(Misconfigured, match="sender"):
        SmtpChannel("127.0.0.1", 25, "", "", "the hub")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate and key for 127.0.0.1, signed by itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        signed.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


@asynccontextmanager
async def encrypted_server(certificate: Path) -> AsyncIterator[LoopbackMailServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    async with LoopbackMailServer(login=LOGIN, tls_context=context) as server:
        yield server


def secure(
    server: LoopbackMailServer,
    certificate: Path | None,
    starttls: Tls = "auto",
    password: str = LOGIN[1],
) -> SmtpChannel:
    trusted = ssl.create_default_context(cafile=certificate)
    return SmtpChannel(
        *("127.0.0.1", server.port, LOGIN[0], password, "hub@example.org", starttls, 5.0),
        clock=lambda: NOON,
        tls_context=trusted,
    )


@pytest.mark.parametrize("starttls", ["auto", "always"])
async def test_it_logs_in_over_tls_when_the_server_offers_it(
    certificate: Path, starttls: Tls
) -> None:
    async with encrypted_server(certificate) as server:
        await secure(server, certificate, starttls).check()
        assert server.messages == []
        await secure(server, certificate, starttls).send(outgoing(ANA))
        assert len(server.messages) == 1


async def test_an_untrusted_server_gets_neither_password_nor_message(certificate: Path) -> None:
    async with encrypted_server(certificate) as server:
        with pytest.raises(Unavailable):
            await secure(server, None).send(outgoing(ANA))
        assert server.messages == []


async def test_a_wrong_password_is_unauthorized(certificate: Path) -> None:
    async with encrypted_server(certificate) as server:
        for asked in ("check", "send"):
            channel = secure(server, certificate, password="wrong")
            with pytest.raises(Refused) as refused:
                await (channel.check() if asked == "check" else channel.send(outgoing(ANA)))
            assert refused.value.kind is RefusalKind.UNAUTHORIZED


async def test_required_encryption_that_is_not_offered_sends_nothing(
    post_office: LoopbackMailServer,
) -> None:
    with pytest.raises(Unavailable):
        await mail_through(post_office, starttls="always").send(outgoing(ANA))
    assert post_office.messages == []


async def test_a_password_does_not_cross_a_network_in_the_clear(
    post_office: LoopbackMailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activities.channels.email_smtp.is_this_machine", lambda host: False)
    channel = mail_through(post_office, username="hub", password="secret")
    with pytest.raises(Unavailable, match="encryption"):
        await channel.send(outgoing(ANA))


async def test_a_server_without_log_in_is_said_to_have_none() -> None:
    async with stuck_server([b"220 hi\r\n", b"250 hi\r\n", b"250 hi\r\n"]) as server:
        with pytest.raises(Refused, match="no-auth"):
            await mail_through(server, username="hub", password="x").check()


async def test_many_messages_at_once_arrive_once_each(post_office: LoopbackMailServer) -> None:
    channel = mail_through(post_office)
    await asyncio.gather(*(channel.send(outgoing(f"p{n}@example.org")) for n in range(20)))
    assert sorted(mail.recipients[0] for mail in post_office.messages) == sorted(
        f"p{n}@example.org" for n in range(20)
    )
