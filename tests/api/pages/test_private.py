"""What every private link promises: nothing by looking, no guessing, no word lost."""

import asyncio
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy.exc import OperationalError

from activities.plan_reporting import ask_counsel, make_report, report_link
from api.app import build_app
from api.pages import counsel_pages, letter_pages, review_pages, routes, telling_pages
from api.throttle import MOST_FAILURES, Throttle
from domain.consents import (
    ExpiryEvent,
    Medium,
    Recipient,
    RecipientKind,
    ShareKind,
    SharePurpose,
    Signature,
    Terms,
)
from domain.plan_reports import ReportKind
from domain.referrals import Setter
from domain.vocabulary import LinkPurpose, PacketState, ReferralState
from engine.building import open_documents
from records.casework import get_case
from records.consent_drafts import completed, consent_link
from records.consents import ask_consent, sign_consent
from records.counsel import NewCounsel, set_counsel
from records.crypto import keys
from records.database import HubSession
from records.directory import NewProvider, add_provider
from records.family_links import family_link
from records.interview import invite
from records.letters import Writer, ask_for_letter, letter_link
from records.own_steps import steps_link
from records.packet_reviews import ask_participant, cancel_packet
from records.packets import PacketContent, change_packet
from records.plans import NewStep, start_plan
from records.private_links import PATHS, LinkFor, path_of, revoke_links
from records.referrals import (
    Answer,
    NewReferral,
    draft_referral,
    move_referral,
    provider_link,
    send_referral,
)
from records.tables import Defendant, Person
from tests.api.pages.office import NOW, OWN, Browser, Office, said
from tests.api.pages.packets import Scene, a_packet, inside, pass_time, with_mother
from tests.houses import ROSA

PURPOSES = tuple(PATHS)
AT_ONCE = (LinkPurpose.FAMILY,)
"""Pages that are read at once (tests/api/pages/test_family.py): no button, no visit, no cookie."""
BEHIND_A_BUTTON = tuple(purpose for purpose in PURPOSES if purpose not in AT_ONCE)
WORDS = {
    LinkPurpose.LETTER: ("/write", "story"),
    LinkPurpose.INTERVIEW: ("/ties", "w.here"),
    LinkPurpose.REVIEW: ("/part/ties", "words"),
    LinkPurpose.COUNSEL: ("/comment", "comment_words"),
    LinkPurpose.CONSENT: ("/revoke", "words"),
    LinkPurpose.REFERRAL: ("/on", "words"),
    LinkPurpose.REPORT: ("/back", "words"),
    LinkPurpose.STEPS: ("/say", "words"),
    LinkPurpose.FAMILY: ("/answer", "words"),
}
"""Where each kind of visitor writes, below their own address, and in which field."""


def links(office: Office, language: str = "en") -> dict[LinkPurpose, str]:
    """A packet and a referral that all kinds of visitors are asked about; the address of each."""
    scene = a_packet(office, language=language)
    mother = with_mother(scene)
    scene.build()
    with office.house.records.writing(office.hub_id) as session:
        writer = Writer("Lee", "Mills", "pastor", language)
        letter = ask_for_letter(session, scene.packet_id, writer, ROSA, NOW)
        found = {
            LinkPurpose.LETTER: path_of(letter_link(session, letter, NOW)),
            LinkPurpose.INTERVIEW: path_of(invite(session, scene.packet_id, mother, ROSA, NOW)),
        }
        ask_participant(session, scene.packet_id, ROSA, NOW)
        found[LinkPurpose.CONSENT] = _consent(session, scene)
        found[LinkPurpose.REFERRAL] = _referral(session, scene, language)
        found[LinkPurpose.REPORT] = _report(office, session, scene, language)
        found[LinkPurpose.STEPS] = _steps(session, scene)
        session.get_one(Person, mother).language = language
        found[LinkPurpose.FAMILY] = path_of(family_link(session, mother, scene.case_id, NOW))
    return found | {
        LinkPurpose.REVIEW: scene.participant_path(),
        LinkPurpose.COUNSEL: scene.counsel_path(),
    }


def _consent(session: HubSession, scene: Scene) -> str:
    """What Marcus signed, and may take back."""
    case = get_case(session, scene.case_id)
    person_id = session.get_one(Defendant, case.defendant_id).person_id
    bare = Terms(
        "",
        "",
        frozenset({ShareKind.HOUSING}),
        Recipient(RecipientKind.COURT),
        SharePurpose.COURT,
        event=ExpiryEvent.CASE_END,
    )
    terms = completed(session, person_id, bare, ours=True)
    row = ask_consent(session, person_id, terms, ROSA, NOW)
    sign_consent(session, row.id, Signature(Medium.PAPER, "Marcus", NOW.date()), ROSA, NOW)
    return path_of(consent_link(session, row, NOW))


def _referral(session: HubSession, scene: Scene, language: str) -> str:
    """A provider said yes, and works with Marcus."""
    provider = add_provider(session, NewProvider("Grove House"))
    new = NewReferral(provider.id, "housing", agreed_words="Yes, tell them.")
    row = draft_referral(session, scene.case_id, new, ROSA, NOW)
    send_referral(session, row.id, ROSA, NOW)
    session.get_one(Person, provider.desk_id).language = language
    move_referral(session, row.id, ReferralState.ACCEPTED, Setter.TEAM, Answer(), ROSA, NOW)
    return path_of(provider_link(session, row, NOW))


def _report(office: Office, session: HubSession, scene: Scene, language: str) -> str:
    """A report that counsel is asked to read."""
    plan = start_plan(session, scene.case_id, [NewStep("housing", "A room")], ROSA, NOW)
    store = open_documents(office.house_settings(), keys())
    row = make_report(session, store, plan.id, ReportKind.SUMMARY, None, ROSA, NOW)
    ask_counsel(session, row.id, ROSA, NOW)
    link = report_link(session, row, NOW)
    session.get_one(Person, link.person_id).language = language
    return path_of(link)


def _steps(session: HubSession, scene: Scene) -> str:
    """What Marcus is asked to do."""
    case = get_case(session, scene.case_id)
    start_plan(session, case.id, [NewStep("employment", "Meet the job coach")], ROSA, NOW)
    person_id = session.get_one(Defendant, case.defendant_id).person_id
    return path_of(steps_link(session, person_id, NOW))


def within(office: Office, purpose: LinkPurpose, path: str) -> Browser:
    """A browser in which the page is open."""
    return office.browser() if purpose in AT_ONCE else inside(office, path)


def addresses(method: str) -> Iterator[tuple[LinkPurpose, str]]:
    """Every page below a private link: whose, and its address without the link's."""
    for part in routes.PRIVATE_PARTS:
        for route in part.router.routes:
            path = getattr(route, "path", "")
            purpose = next(one for one, begin in PATHS.items() if path.startswith(begin))
            if method in getattr(route, "methods", ()):
                below = path.removeprefix(PATHS[purpose] + "{token}")
                yield purpose, re.sub(r"\{\w+(:\w+)?\}", "ties", below)


def kept(office: Office, *, audit: bool = True) -> list[str]:
    """Every row of the records, with the audit trail or without."""
    with sqlite3.connect(office.house_settings().data / "homeward.db") as watcher:
        rows = list(watcher.iterdump())
    trail = ('INSERT INTO "audit_event"', 'INSERT INTO "audit_head"')
    return [row for row in rows if audit or not row.startswith(trail)]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_looking_at_any_address_changes_nothing_and_shows_nothing(
    office: Office, method: str
) -> None:
    known, before = links(office), kept(office)
    stranger = office.browser()
    for purpose, below in addresses("GET"):
        answer = stranger.http.request(method, known[purpose] + below)
        assert "Johnson" not in answer.text, below
        assert purpose in AT_ONCE or "Marcus" not in answer.text, below
        assert "set-cookie" not in answer.headers, below
    assert kept(office) == before


def test_a_page_of_a_running_visit_changes_nothing_but_the_audit(office: Office) -> None:
    known = links(office)
    visitors = {purpose: within(office, purpose, path) for purpose, path in known.items()}
    before = kept(office, audit=False)
    for purpose, below in addresses("GET"):
        assert visitors[purpose].get(known[purpose] + below).status_code < 500, below
    assert kept(office, audit=False) == before


@pytest.mark.parametrize(("purpose", "below"), sorted(addresses("POST")))
def test_no_other_site_sends_a_form_of_a_private_page(
    office: Office, purpose: LinkPurpose, below: str
) -> None:
    path = links(office)[purpose]
    visitor = within(office, purpose, path)
    before = kept(office)
    foreign = [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://example.org"}]
    if purpose not in AT_ONCE:  # those read no cookie: who sends a form knows the address
        foreign += [{"Origin": "null"}, {}]
    for headers in foreign:
        assert visitor.post(path + below, {"words": "x"}, headers=headers).status_code == 403
    assert kept(office) == before


@pytest.mark.parametrize("purpose", BEHIND_A_BUTTON)
def test_the_visit_of_one_link_opens_no_other(office: Office, purpose: LinkPurpose) -> None:
    known = links(office)
    visitor = inside(office, known[purpose])
    mark = next(iter(visitor.http.cookies.jar)).value
    for other in set(BEHIND_A_BUTTON) - {purpose}:
        below, _ = WORDS[other]
        headers = {"Cookie": f"visit={mark}"}
        page = office.browser().http.get(known[other], headers=headers)
        assert "Marcus" not in page.text
        part = office.browser().http.get(known[other] + below, headers=headers)
        assert part.headers["location"] == known[other]


def test_whoever_tries_many_addresses_is_not_heard_for_a_minute(office: Office) -> None:
    clock = [0.0]
    office.app.state.pages = replace(office.app.state.pages, links=Throttle(clock=lambda: clock[0]))
    known = links(office, "es")
    reader = inside(office, known[LinkPurpose.REVIEW])
    stranger = office.browser()
    for number in range(MOST_FAILURES):
        assert stranger.get(f"/letter/guess-{number}").status_code == 404
    slow = stranger.http.get("/counsel/guess", headers={"Accept-Language": "es-MX"})
    assert (slow.status_code, slow.headers["retry-after"]) == (429, "60")
    assert "Espere un minuto" in said(slow)
    assert stranger.get(known[LinkPurpose.LETTER]).status_code == 429, "a right guess as well"
    assert reader.get(known[LinkPurpose.REVIEW]).status_code == 200, "who was here is heard"
    clock[0] += 61
    assert stranger.get(known[LinkPurpose.LETTER]).status_code == 200


@pytest.mark.parametrize("purpose", PURPOSES)
def test_whoever_takes_their_time_saves_what_they_wrote(
    office: Office, purpose: LinkPurpose
) -> None:
    path = links(office)[purpose]
    visitor = within(office, purpose, path)
    below, field = WORDS[purpose]
    fields = {field: "Twelve years.", **hidden(visitor.get(path + page_of(purpose)).text)}
    pass_time(office, hours=13)
    assert visitor.get(path + page_of(purpose)).headers.get("location", path) == path
    chosen = {"choice": "change", "way": "hold", "how": "could_not", "said": "cannot"}
    answer = visitor.post(path + below, {**fields, **chosen})
    assert answer.status_code == 303
    assert answer.headers["location"] != path, "it was not sent to the door"
    assert visitor.get(answer.headers["location"]).status_code == 200, "the visit goes on"
    pages = [visitor.get(path), visitor.get(path + page_of(purpose))]
    assert any("Twelve years." in page.text for page in pages)


def page_of(purpose: LinkPurpose) -> str:
    """The page with the form of `WORDS`."""
    alone = (
        LinkPurpose.COUNSEL,
        LinkPurpose.CONSENT,
        LinkPurpose.REFERRAL,
        LinkPurpose.REPORT,
        LinkPurpose.STEPS,
        LinkPurpose.FAMILY,
    )
    return "" if purpose in alone else WORDS[purpose][0]


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))


@pytest.mark.parametrize("language", ["en", "es", "ht"])
@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_link_that_ended_meanwhile_gives_the_words_back(
    office: Office, purpose: LinkPurpose, language: str
) -> None:
    path = links(office, language)[purpose]
    visitor = within(office, purpose, path)
    below, field = WORDS[purpose]
    pass_time(office, days=400)
    answer = visitor.post(
        path + below, {field: "Twelve <b>years</b>.", "choice": "change", "way": "hold"}
    )
    assert answer.status_code == 410
    assert "Twelve &lt;b&gt;years&lt;/b&gt;." in answer.text
    again = office.browser().post(path + below, {"choice": "change", "way": "hold"})
    assert again.status_code == 410
    assert "Twelve" not in again.text


def test_counsel_who_was_replaced_while_writing_gets_the_words_back(office: Office) -> None:
    path = links(office)[LinkPurpose.COUNSEL]
    ana = inside(office, path)
    fields = hidden(ana.get(path).text)
    with office.house.records.writing(office.hub_id) as session:
        case_id = session.connection().exec_driver_sql('select id from "case"').scalar_one()
        set_counsel(session, case_id, NewCounsel("Ben", "Cole"), ROSA, NOW)
    answer = ana.post(f"{path}/send-back", {**fields, "back_words": "Page 3 is wrong."})
    assert answer.status_code == 410
    assert "Page 3 is wrong." in said(answer)
    assert "Marcus" not in answer.text


def test_a_reader_whose_packet_was_cancelled_meanwhile_gets_the_words_back(
    office: Office,
) -> None:
    path = links(office, "ht")[LinkPurpose.REVIEW]
    marcus = inside(office, path)
    with office.house.records.writing(office.hub_id) as session:
        packet_id = session.connection().exec_driver_sql("select id from packet").scalar_one()
        cancel_packet(session, packet_id, ROSA, NOW)
    answer = marcus.post(f"{path}/part/ties", {"choice": "change", "words": "Mwen rete isit."})
    assert "Mwen rete isit." in said(answer)
    assert "Sa ou te ekri" in said(answer)


@pytest.mark.parametrize(
    ("purpose", "module", "name"),
    [
        (LinkPurpose.LETTER, letter_pages, "save_letter"),
        (LinkPurpose.INTERVIEW, telling_pages, "tell"),
        (LinkPurpose.REVIEW, review_pages, "keep_answer"),
        (LinkPurpose.COUNSEL, counsel_pages, "comment"),
    ],
)
def test_when_the_records_are_busy_the_words_come_back_in_the_visitors_language(
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
    purpose: LinkPurpose,
    module: object,
    name: str,
) -> None:
    path = links(office, "es")[purpose]
    visitor = inside(office, path)
    below, field = WORDS[purpose]
    fields = {
        **hidden(visitor.get(path + page_of(purpose)).text),
        "choice": "change",
        "way": "hold",
    }

    def locked(*_: object, **__: object) -> None:
        raise OperationalError("update", {}, Exception("database is locked"))

    monkeypatch.setattr(module, name, locked)
    visitor.http.headers["Accept-Language"] = "es-US,es;q=0.9"
    answer = visitor.post(path + below, {**fields, field: "Doce años."})
    assert answer.status_code == 503
    assert '<html lang="es">' in answer.text
    assert "Doce años." in said(answer)
    assert "Inténtelo de nuevo" in said(answer)
    assert f'href="{path}"' in answer.text


def test_an_address_that_only_takes_forms_leads_back_when_it_is_opened(office: Office) -> None:
    known = links(office)
    for purpose, below in addresses("POST"):
        answer = within(office, purpose, known[purpose]).get(known[purpose] + below)
        assert answer.status_code in (200, 303), below
        if answer.status_code == 303:
            assert answer.headers["location"] == known[purpose], below


def test_answers_sent_twice_are_sent_once_and_thanked_for(office: Office) -> None:
    path = links(office)[LinkPurpose.REVIEW]
    marcus = inside(office, path)
    below, field = WORDS[LinkPurpose.REVIEW]
    seen = hidden(marcus.get(path + below).text)
    marcus.post(path + below, {**seen, "choice": "change", field: "Not my street."})
    for _ in range(2):
        assert marcus.post(f"{path}/send", {"more": ""}).headers["location"] == f"{path}/thanks"


def test_what_stood_beside_the_answers_waits_with_them(office: Office) -> None:
    scene = a_packet(office)
    scene.build()
    with office.house.records.writing(office.hub_id) as session:
        ask_participant(session, scene.packet_id, ROSA, NOW)
    path = scene.participant_path()
    marcus = inside(office, path)
    for part in dict.fromkeys(re.findall(path + r"/part/(\w+)\"", marcus.get(path).text)):
        seen = hidden(marcus.get(f"{path}/part/{part}").text)
        marcus.post(f"{path}/part/{part}", {**seen, "choice": "right"})
    rebuilt(scene)
    assert marcus.post(f"{path}/send", {"more": "Thank my mother."}).status_code == 409
    assert "Thank my mother.</textarea>" in marcus.get(f"{path}/send").text
    scene.build()
    marcus.post(f"{path}/send", {"more": "Thank my mother."})
    assert scene.reviews()[0].words == "Thank my mother."
    assert scene.packet().state == PacketState.COUNSEL_REVIEW


def rebuilt(scene: Scene) -> None:
    """Another judge: what he reads is the same, and the next version is not made yet."""
    with scene.office.house.records.writing(scene.office.hub_id) as session:
        ask = "We ask for release to his mother's home."
        content = PacketContent(ask=ask, judge="Hon. B. Stone")
        change_packet(session, scene.packet_id, content, ROSA, NOW)


def test_who_waits_for_the_records_waits_alone(office: Office) -> None:
    """Another process may hold the records for seconds; every other page answers meanwhile."""
    for purpose, path in links(office).items():
        deed = "/calendar" if purpose in AT_ONCE else ""
        assert office.post_while_held(path + deed).status_code == 303


def test_a_form_larger_than_any_is_told_as_a_page_to_people(office: Office) -> None:
    app = build_app(office.house_settings(), office.house.records, lambda: NOW)
    path = links(office)[LinkPurpose.LETTER]
    spoken = {**OWN, "Accept": "text/html", "Accept-Language": "ht"}

    async def sent(address: str, headers: dict[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as http:
            return await http.post(address, content=b"story=" + b"x" * 2_000_000, headers=headers)

    page = asyncio.run(sent(f"{path}/write", spoken))
    assert page.status_code == 413
    assert "Sa twòp yon sèl kou" in said(page)
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src")
    staff = asyncio.run(sent("/cases/new", spoken))
    assert "That was too much text" in said(staff)
    program = asyncio.run(sent("/api/v1/cases", {"Accept": "text/html"}))
    assert program.headers["content-type"] == "application/problem+json"


def test_the_longest_texts_of_a_letter_fit_into_one_form_in_any_script(office: Office) -> None:
    path = links(office)[LinkPurpose.LETTER]
    writer = inside(office, path)
    fields = hidden(writer.get(f"{path}/write").text)
    fields |= dict.fromkeys(("who", "know", "story", "will"), "我認識他" * 2500)
    assert len(urlencode(fields)) > 256 * 1024
    assert writer.post(f"{path}/write", fields).status_code == 303


def test_an_ended_link_is_ended_for_every_page_at_once(office: Office) -> None:
    scene = a_packet(office)
    scene.build()
    path = scene.counsel_path()
    ana: Browser = inside(office, path)
    with office.house.records.writing(office.hub_id) as session:
        person = (
            session.connection().exec_driver_sql("select person_id from private_link").scalar_one()
        )
        wanted = LinkFor(LinkPurpose.COUNSEL, scene.packet_id, person_id=person)
        revoke_links(session, wanted, NOW)
    for purpose, below in (*addresses("GET"), *addresses("POST")):
        if purpose is LinkPurpose.COUNSEL and below != "/ties":
            answer = ana.post(path + below, {"comment_words": "x", "take": "version x pdf"})
            assert answer.status_code in (404, 405, 410), below
            assert "Marcus" not in answer.text
