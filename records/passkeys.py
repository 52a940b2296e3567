"""Passkeys: registering one, and signing in with one (W3C Web Authentication, level 3).

A passkey is both factors, so the authenticator has to have verified its user. One whose counter
does not go up is refused: somebody may have a copy of it.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import webauthn
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from webauthn.helpers import bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from records.casework import NotFound
from records.database import HubSession, Records
from records.passkey_challenges import (
    CHALLENGE_MILLISECONDS,
    BadPasskey,
    Holder,
    new_challenge,
    take_challenge,
)
from records.second_factors import end_lonely_codes
from records.tables import Passkey, StaffMember

MOST_PASSKEYS: Final = 10
MOST_ANSWER: Final = 16_384
"""Characters of what a browser answers."""
_VERIFIED: Final = UserVerificationRequirement.REQUIRED


class CounterWentBack(BadPasskey):
    """The passkey was used elsewhere since: there may be a copy of it.

    Attributes:
        passkey_id, staff_id, hub_id: whose it is.
    """

    def __init__(self, passkey: Passkey) -> None:
        super().__init__()
        self.passkey_id, self.staff_id, self.hub_id = passkey.id, passkey.staff_id, passkey.hub_id


@dataclass(frozen=True, slots=True)
class Place:
    """Where passkeys hold: the site's domain (the "relying party") and its exact origin."""

    domain: str
    origin: str


def ask_to_register(
    records: Records, place: Place, staff_id: str, holder: Holder, now: datetime
) -> str:
    """What `navigator.credentials.create` needs, as JSON."""
    with records.everywhere() as session:
        member = session.get_one(StaffMember, staff_id)
        options = webauthn.generate_registration_options(
            rp_id=place.domain,
            rp_name="Homeward",
            user_id=staff_id.encode(),
            user_name=member.sign_in,
            challenge=new_challenge(session, holder, now),
            timeout=CHALLENGE_MILLISECONDS,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
            ),
            exclude_credentials=[
                PublicKeyCredentialDescriptor(id=webauthn.base64url_to_bytes(row.credential_id))
                for row in passkeys_of(session, staff_id)
            ],
        )
    return webauthn.options_to_json(options)


def register(
    records: Records, place: Place, holder: Holder, answer: str, now: datetime
) -> dict[str, Any]:
    """What to keep of a new passkey: the columns of its row, for `keep_passkey`.

    Raises:
        BadPasskey: nobody asked for it, or it proves nothing.
    """
    challenge = take_challenge(records, holder, now)
    try:
        seen = webauthn.verify_registration_response(
            credential=_read(answer),
            expected_challenge=challenge,
            expected_rp_id=place.domain,
            expected_origin=place.origin,
            require_user_verification=True,
        )
    except Exception as error:
        # Whatever a stranger's bytes break in a parser: they are no passkey.
        raise BadPasskey from error
    return {
        "credential_hash": _hash(seen.credential_id),
        "credential_id": bytes_to_base64url(seen.credential_id),
        "public_key": bytes_to_base64url(seen.credential_public_key),
        "sign_count": seen.sign_count,
    }


def keep_passkey(
    session: HubSession, staff_id: str, name: str, kept: dict[str, Any], now: datetime
) -> Passkey:
    """Give a member of staff a passkey that `register` looked at.

    Raises:
        BadPasskey: somebody has it already, or they have `MOST_PASSKEYS`.
    """
    if len(passkeys_of(session, staff_id)) >= MOST_PASSKEYS:
        raise BadPasskey
    row = Passkey(staff_id=staff_id, name=name, created_at=now, **kept)
    session.add(row)
    try:
        session.flush()
    except IntegrityError:
        raise BadPasskey from None
    return row


def passkeys_of(session: HubSession, staff_id: str) -> Sequence[Passkey]:
    """The passkeys of a member of staff, the oldest first."""
    return session.exec(
        select(Passkey).where(Passkey.staff_id == staff_id).order_by(col(Passkey.id))
    ).all()


def passkey_of(session: HubSession, staff_id: str, passkey_id: str) -> Passkey:
    """One of them.

    Raises:
        NotFound: it is not theirs.
    """
    row = session.get(Passkey, passkey_id)
    if row is None or row.staff_id != staff_id:
        raise NotFound("passkey")
    return row


def remove_passkey(session: HubSession, staff_id: str, passkey_id: str) -> None:
    """It signs nobody in any more.

    Raises:
        NotFound: it is not theirs.
    """
    session.delete(passkey_of(session, staff_id, passkey_id))
    session.flush()
    end_lonely_codes(session, staff_id)


def ask_to_sign_in(records: Records, place: Place, holder: Holder, now: datetime) -> str:
    """What `navigator.credentials.get` needs, as JSON; it names nobody."""
    with records.everywhere() as session:
        challenge = new_challenge(session, holder, now)
    options = webauthn.generate_authentication_options(
        rp_id=place.domain,
        challenge=challenge,
        timeout=CHALLENGE_MILLISECONDS,
        user_verification=_VERIFIED,
    )
    return webauthn.options_to_json(options)


def owner_of_answer(
    records: Records, place: Place, holder: Holder, answer: str, now: datetime
) -> StaffMember:
    """Whose passkey answered; its counter is kept.

    Raises:
        CounterWentBack: it was used elsewhere since.
        BadPasskey: it is nobody's, its owner works here no more, or it proves nothing.
    """
    challenge = take_challenge(records, holder, now)
    credential = _read(answer)
    with records.everywhere() as session:
        passkey, member = _known(session, credential)
        counted = _verified(place, challenge, credential, passkey)
        if (counted or passkey.sign_count) and counted <= passkey.sign_count:
            raise CounterWentBack(passkey)
        passkey.sign_count, passkey.last_used_at = counted, now
        session.add(passkey)
        session.expunge(member)
    return member


def _known(session: HubSession, credential: dict[str, Any]) -> tuple[Passkey, StaffMember]:
    try:
        parsed = parse_authentication_credential_json(credential)
    except Exception as error:
        raise BadPasskey from error
    row = session.exec(
        select(Passkey, StaffMember)
        .join(StaffMember, col(StaffMember.id) == Passkey.staff_id)
        .where(Passkey.credential_hash == _hash(parsed.raw_id), col(StaffMember.active).is_(True))
        .with_for_update(of=Passkey)
    ).first()
    if row is None or parsed.response.user_handle != row[1].id.encode():
        raise BadPasskey
    return row[0], row[1]


def _verified(place: Place, challenge: bytes, credential: dict[str, Any], passkey: Passkey) -> int:
    """The counter of an answer whose signature holds. The caller compares it with the last one."""
    try:
        seen = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=place.domain,
            expected_origin=place.origin,
            credential_public_key=webauthn.base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except Exception as error:
        raise BadPasskey from error
    return seen.new_sign_count


def _read(answer: str) -> dict[str, Any]:
    if len(answer) > MOST_ANSWER:
        raise BadPasskey
    try:
        read = json.loads(answer)
    except (ValueError, RecursionError):
        raise BadPasskey from None
    if not isinstance(read, dict):
        raise BadPasskey
    return read


def _hash(credential_id: bytes) -> str:
    return hashlib.sha256(credential_id).hexdigest()


__all__ = [
    "MOST_PASSKEYS",
    "BadPasskey",
    "CounterWentBack",
    "Holder",
    "Place",
    "ask_to_register",
    "ask_to_sign_in",
    "keep_passkey",
    "owner_of_answer",
    "passkey_of",
    "passkeys_of",
    "register",
    "remove_passkey",
]
