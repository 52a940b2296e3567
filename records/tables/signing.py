"""What signing in needs beside a password: codes from an app, recovery codes, passkeys."""

from datetime import datetime

from sqlalchemy import BigInteger, Text
from sqlmodel import Field, SQLModel

from records.columns import UtcDateTime
from records.tables.base import HubOwned, instant, long_text, maybe_instant, ref, sealed


class TotpSecret(HubOwned, table=True):
    """What a member of staff's app makes codes from (RFC 6238), once a code has confirmed it.

    `last_step` is the time step of the newest code that was used: it and all before it are spent.
    """

    __tablename__ = "totp_secret"
    staff_id: str = ref("staff_member.id")
    secret: str = sealed("totp_secret.secret")
    confirmed_at: datetime | None = maybe_instant()
    last_step: int = 0


class RecoveryCode(HubOwned, table=True):
    """A code on paper that works once; only a keyed hash is kept."""

    __tablename__ = "recovery_code"
    staff_id: str = ref("staff_member.id")
    code_hash: str = Field(unique=True)
    used_at: datetime | None = maybe_instant()


class Passkey(HubOwned, table=True):
    """A credential of the WebAuthn standard: password and second factor at once."""

    staff_id: str = ref("staff_member.id")
    name: str = sealed("passkey.name")
    credential_hash: str = Field(unique=True)
    credential_id: str = long_text()
    public_key: str = long_text()
    sign_count: int = Field(default=0, sa_type=BigInteger)
    last_used_at: datetime | None = maybe_instant()


class HalfSignIn(HubOwned, table=True):
    """A browser that knows the password and still owes the second factor. It opens no page."""

    __tablename__ = "half_sign_in"
    staff_id: str = ref("staff_member.id")
    token_hash: str = Field(unique=True)
    expires_at: datetime = instant()
    tries: int = 0


class PasskeyChallenge(SQLModel, table=True):
    """What a passkey has to sign for one browser; nobody knows yet whose passkey it will be."""

    __tablename__ = "passkey_challenge"
    holder_hash: str = Field(primary_key=True)
    challenge: str = Field(sa_type=Text)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)


class StaffInvitation(HubOwned, table=True):
    """A private link with which somebody who was invited chooses a password; only its hash is
    kept. Until it is used they are not active, and nobody signs in as them."""

    __tablename__ = "staff_invitation"
    staff_id: str = ref("staff_member.id")
    token_hash: str = Field(unique=True)
    expires_at: datetime = instant()
    used_at: datetime | None = maybe_instant()
    ended_at: datetime | None = maybe_instant()


class SetUpAddress(HubOwned, table=True):
    """A private address at which the hub's first administrator is made, once; only the hash of its
    token is kept. It ends when another is made."""

    __tablename__ = "set_up_address"
    token_hash: str = Field(unique=True)
    expires_at: datetime = instant()
    used_at: datetime | None = maybe_instant()
    ended_at: datetime | None = maybe_instant()
