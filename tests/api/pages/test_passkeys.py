"""Passkeys in a real browser with an authenticator of its own, and what is tried against them."""

import hashlib
import json
import re
import secrets
import socket
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode

import httpx
import pytest
import uvicorn
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, CDPSession, Page, Route
from sqlmodel import select
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

from records.passkey_challenges import CHALLENGE_LASTS
from records.tables import Hub, Passkey, PasskeyChallenge, StaffMember
from tests.api.pages.office import Office
from tests.api.pages.signers import PASSWORD, Signer, hire, hire_with_codes, trail
from tests.chromium import launched

CASES = re.compile(r"^http://[^/]+/cases$")
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def site(opened: Office) -> Iterator[str]:
    """The office's pages, served on this machine; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(opened.app, host="127.0.0.1", port=port, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://localhost:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    """The browser."""
    with launched() as browser:
        yield browser


@dataclass
class Device:
    """Somebody's computer: its browser, and the authenticator that is built into it."""

    page: Page
    cdp: CDPSession
    authenticator: str

    def open(self, path: str) -> None:
        """Open a page."""
        self.page.goto(path)

    def credentials(self) -> list[dict[str, Any]]:
        """What the authenticator keeps."""
        about = {"authenticatorId": self.authenticator}
        return list(self.cdp.send("WebAuthn.getCredentials", about)["credentials"])

    def put(self, credential: dict[str, Any]) -> None:
        """Give the authenticator a credential."""
        about = {"authenticatorId": self.authenticator, "credential": credential}
        self.cdp.send("WebAuthn.addCredential", about)

    def clear(self) -> None:
        """Forget every credential."""
        self.cdp.send("WebAuthn.clearCredentials", {"authenticatorId": self.authenticator})

    def verify(self, verified: bool) -> None:
        """Whether its user's finger fits."""
        about = {"authenticatorId": self.authenticator, "isUserVerified": verified}
        self.cdp.send("WebAuthn.setUserVerified", about)

    def sign_in(self) -> None:
        """Press the button for passkeys."""
        self.open("/sign-in?next=/cases")
        self.page.get_by_role("button", name="Sign in with a passkey").click()

    def arrive(self) -> None:
        """Wait until they are in."""
        self.page.wait_for_url(CASES)

    @property
    def path(self) -> str:
        """Which page it shows."""
        return self.page.evaluate("location.pathname")  # type: ignore[no-any-return]


@pytest.fixture
def context(office: Office, site: str, chromium: Chromium) -> Iterator[BrowserContext]:
    """A browser without a history."""
    context = chromium.new_context(base_url=site)
    context.set_default_timeout(5000)
    yield context
    context.close()


@pytest.fixture
def device(context: BrowserContext) -> Device:
    """Rosa's computer."""
    page = context.new_page()
    cdp = context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    made = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return Device(page, cdp, made["authenticatorId"])


@pytest.fixture
def rosa(office: Office) -> Signer:
    """Rosa, who has a password alone."""
    return hire(office)


def register(device: Device, signer: Signer, name: str = "Rosa’s laptop") -> None:
    """Sign in by password, and make a passkey."""
    device.open("/sign-in")
    device.page.get_by_label("Name for signing in").fill(signer.name)
    device.page.get_by_label("Password").fill(PASSWORD)
    device.page.get_by_role("button", name="Sign in", exact=True).click()
    device.open("/me/passkeys/new")
    device.page.get_by_label("A name for it").fill(name)
    device.page.get_by_role("button", name="Make the passkey").click()
    device.page.get_by_role("heading", name="Your recovery codes").wait_for()


@pytest.fixture
def ready(office: Office, device: Device, rosa: Signer) -> Device:
    """Her computer with a passkey of hers; she is signed in nowhere."""
    key, handle = ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(16)
    device.put(
        {
            "credentialId": b64encode(handle).decode(),
            "isResidentCredential": True,
            "rpId": "localhost",
            "privateKey": b64encode(
                key.private_bytes(
                    serialization.Encoding.DER,
                    serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                )
            ).decode(),
            "userHandle": b64encode(rosa.id.encode()).decode(),
            "signCount": 1,
        }
    )
    point = key.public_key().public_numbers()
    cose = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
    with office.house.records.writing(office.hub_id) as session:
        row = Passkey(
            staff_id=rosa.id,
            name="Rosa’s laptop",
            credential_hash=hashlib.sha256(handle).hexdigest(),
            credential_id=bytes_to_base64url(handle),
            public_key=bytes_to_base64url(encode_cbor(cose)),
            sign_count=1,
            created_at=office.clock.at,
        )
        session.add(row)
    return device


def refused(device: Device) -> None:
    """The page says no, and nobody is in."""
    device.page.get_by_role("link", name="This passkey was not accepted.").wait_for()
    device.open("/cases")
    assert device.path == "/sign-in"


def kept(office: Office) -> Passkey:
    """The one passkey in the records."""
    with office.house.records.reading(office.hub_id) as session:
        return session.exec(select(Passkey)).one()


def test_a_passkey_is_made_listed_and_signs_in_with_nothing_else(
    office: Office, rosa: Signer, device: Device
) -> None:
    ready = device
    register(device, rosa)
    device.page.get_by_role("button", name="Sign out").click()
    ready.sign_in()
    ready.arrive()
    assert ready.page.get_by_text("Rosa").first.is_visible()
    ready.open("/me")
    assert "Rosa’s laptop · since" in ready.page.inner_text("#second")
    assert kept(office).sign_count == ready.credentials()[0]["signCount"] > 0
    actions = [action for _, action, _ in trail(office)]
    assert actions[1:3] == ["added a passkey", "made recovery codes"]
    assert ready.credentials()[0]["isResidentCredential"] is True


def test_after_the_password_a_passkey_is_asked_for(
    office: Office, rosa: Signer, ready: Device
) -> None:
    page = ready.page
    ready.open("/sign-in?next=/cases")
    page.get_by_label("Name for signing in").fill(rosa.name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="One more step").wait_for()
    assert page.get_by_label("Code from your app").count() == 0
    page.get_by_role("button", name="Sign in with a passkey").click()
    ready.arrive()
    assert "homeward-half" not in {one["name"] for one in page.context.cookies()}


def test_a_removed_passkey_signs_nobody_in(office: Office, rosa: Signer, ready: Device) -> None:
    ready.sign_in()
    ready.arrive()
    ready.open("/me")
    ready.page.get_by_role("link", name="Remove Rosa’s laptop").click()
    ready.page.get_by_label("Your password").fill(PASSWORD)
    ready.page.get_by_role("button", name="Remove").click()
    ready.page.get_by_text("That passkey is removed").wait_for()
    ready.page.get_by_role("button", name="Sign out", exact=True).first.click()
    ready.sign_in()
    refused(ready)
    assert "removed a passkey" in [action for _, action, _ in trail(office)]


def test_the_same_device_makes_no_second_passkey(rosa: Signer, device: Device) -> None:
    register(device, rosa)
    device.open("/me/passkeys/new")
    device.page.get_by_label("A name for it").fill("Again")
    device.page.get_by_role("button", name="Make the passkey").click()
    device.page.get_by_text("This device already has a passkey of yours.").wait_for()
    assert device.path == "/me/passkeys/new"


def test_a_copy_whose_counter_is_behind_is_refused_and_noted(office: Office, ready: Device) -> None:
    copied = ready.credentials()[0]
    ready.sign_in()
    ready.arrive()
    ready.page.get_by_role("button", name="Sign out").click()
    ready.clear()
    ready.put({**copied, "signCount": 0})
    ready.sign_in()
    refused(ready)
    assert "refused a passkey whose counter went back" in [one[1] for one in trail(office)]


def test_a_finger_that_does_not_fit_signs_nobody_in(ready: Device) -> None:
    ready.verify(False)
    ready.sign_in()
    ready.page.get_by_text("Nothing was chosen, or it took too long.").wait_for()
    assert ready.path == "/sign-in"


def test_a_page_that_asks_for_less_gets_no_further(ready: Device) -> None:
    """Whoever rewrites what the server asks for leaves out the finger; the server looks."""

    def relax(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "userVerification": "discouraged"})

    ready.page.route("**/sign-in/passkey/options", relax)
    ready.verify(False)
    ready.sign_in()
    refused(ready)


def rewritten(change: Callable[[dict[str, Any]], Any]) -> Callable[[Route], None]:
    """Changes what the browser answers on its way to the server."""

    def handle(route: Route) -> None:
        fields = {name: one[0] for name, one in parse_qs(route.request.post_data or "").items()}
        answer = json.loads(fields["credential"])
        fields["credential"] = json.dumps(change(answer) or answer)
        route.continue_(post_data=urlencode(fields))

    return handle


def _of_somebody_else(answer: dict[str, Any]) -> None:
    answer["response"]["userHandle"] = "QUFBQQ"


def _of_nobody(answer: dict[str, Any]) -> None:
    answer["response"]["userHandle"] = None


def _forged(answer: dict[str, Any]) -> None:
    answer["response"]["signature"] = answer["response"]["signature"][:-8] + "AAAAAAAA"


def _unknown(answer: dict[str, Any]) -> None:
    answer["id"] = answer["rawId"] = "QUFBQQ"


def _nonsense(answer: dict[str, Any]) -> Any:
    return [1, 2, {"id": answer["id"]}]


def _too_long(answer: dict[str, Any]) -> None:
    answer["more"] = "x" * 20_000


def test_an_answer_that_was_touched_signs_nobody_in(ready: Device) -> None:
    for change in (_of_somebody_else, _of_nobody, _forged, _unknown, _nonsense, _too_long):
        ready.page.unroute_all()
        ready.page.route("**/sign-in/passkey", rewritten(change))
        ready.sign_in()
        refused(ready)
    ready.page.unroute_all()
    ready.sign_in()
    ready.arrive()


def test_an_answer_that_comes_too_late_signs_nobody_in(office: Office, ready: Device) -> None:
    def late(route: Route) -> None:
        office.clock.at += CHALLENGE_LASTS
        route.continue_()

    ready.page.route("**/sign-in/passkey", late)
    ready.sign_in()
    refused(ready)


def test_an_answer_signs_in_once_and_in_its_own_browser_alone(
    office: Office, site: str, ready: Device
) -> None:
    sent: list[tuple[str, dict[str, str]]] = []

    def copy(route: Route) -> None:
        sent.append((route.request.post_data or "", route.request.all_headers()))
        route.continue_()

    ready.page.route("**/sign-in/passkey", copy)
    ready.sign_in()
    ready.arrive()
    body, headers = sent[0]
    form = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    for cookie in (headers["cookie"], ""):
        again = httpx.post(
            f"{site}/sign-in/passkey", content=body, headers={**form, "Cookie": cookie}
        )
        assert again.status_code == 422
        assert "was not accepted" in again.text
    with office.house.records.reading("") as session:
        assert session.exec(select(PasskeyChallenge)).all() == []


def test_a_passkey_of_somebody_who_left_signs_nobody_in(
    office: Office, rosa: Signer, ready: Device
) -> None:
    with office.house.records.writing(office.hub_id) as session:
        member = session.get_one(StaffMember, rosa.id)
        member.active = False
        session.add(member)
    ready.sign_in()
    refused(ready)


def test_a_passkey_holds_at_its_own_address_alone(office: Office, ready: Device) -> None:
    """What is signed names the page that asked; another port is another site."""

    def elsewhere(answer: dict[str, Any]) -> None:
        data = json.loads(base64url_to_bytes(answer["response"]["clientDataJSON"]))
        data["origin"] = "http://localhost:1"
        answer["response"]["clientDataJSON"] = bytes_to_base64url(json.dumps(data).encode())

    ready.page.route("**/sign-in/passkey", rewritten(elsewhere))
    ready.sign_in()
    refused(ready)


def test_a_hub_that_asks_for_second_factors_takes_a_passkey(
    office: Office, rosa: Signer, device: Device
) -> None:
    with office.house.records.writing(office.hub_id) as session:
        hub = session.get_one(Hub, office.hub_id)
        hub.second_factor_required = True
        session.add(hub)
    try:
        register(device, rosa)
        device.page.get_by_role("link", name="I have them: go on").click()
        device.open("/cases")
        assert device.path == "/cases"
    finally:
        with office.house.records.writing(office.hub_id) as session:
            hub.second_factor_required = False
            session.add(hub)


def test_without_scripts_password_and_code_do(
    office: Office, site: str, chromium: Chromium
) -> None:
    rosa = hire_with_codes(office)
    context = chromium.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sign-in?next=/cases")
    assert not page.get_by_role("button", name="Sign in with a passkey").is_visible()
    page.get_by_label("Name for signing in").fill(rosa.name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    office.clock.at += timedelta(seconds=30)
    page.get_by_label("Code from your app").fill(rosa.code())
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url(CASES)
    context.close()


def test_no_page_but_those_of_passkeys_may_run_a_script(office: Office, rosa: Signer) -> None:
    browser = rosa.browser()
    for path, runs in {
        "/cases": False,
        "/me": False,
        "/me/code": False,
        "/me/passkeys/new": True,
    }.items():
        policy = browser.get(path).headers["content-security-policy"]
        assert ("script-src 'self'" in policy) is runs, path
        assert "unsafe" not in policy
    script = browser.get("/passkeys.js")
    assert "immutable" in script.headers["cache-control"]


def test_asking_for_challenges_is_slowed_down(office: Office) -> None:
    browser = office.browser()
    browser.http.base_url = httpx.URL("http://localhost")
    answers = [browser.post("/sign-in/passkey/options").status_code for _ in range(22)]
    assert answers[0] == 200
    assert answers[-1] == 429


@pytest.mark.parametrize("host", ["http://127.0.0.1:8000", "http://hub.example.org"])
def test_an_address_that_nobody_vouches_for_gets_no_passkeys(office: Office, host: str) -> None:
    browser = office.browser()
    browser.http.base_url = httpx.URL(host)
    assert browser.post("/sign-in/passkey/options").status_code == 404
    assert "passkey" not in browser.get("/sign-in").text
