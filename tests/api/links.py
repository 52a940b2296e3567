"""A private link of every kind, as whoever was sent it holds it."""

from activities.plan_reporting import report_link
from records.consent_drafts import consent_link
from records.consents import get_terms
from records.family_links import family_link
from records.interview import invite
from records.letters import get_letter, letter_link
from records.own_steps import steps_link
from records.packet_reviews import ask_participant, participant_link
from records.packets import get_packet
from records.private_links import path_of
from records.referrals import provider_link
from records.tables import ProgressReport, Referral
from records.unsubscribing import unsubscribe_token
from tests.api.pages.office import Office
from tests.api.pages.packets import Scene
from tests.api.programs import NOW, Installation
from tests.api.scenes import CONSENT
from tests.houses import AGREED, ROSA


def every_link(api: Installation, office: Office, ids: dict[str, str]) -> dict[str, str]:
    """A private link of every kind, each with something to read behind it."""
    team = api.program()
    written = team.made(
        f"/packets/{ids['packet']}/letters",
        {"first_name": "May", "last_name": "Hill", "relationship": "aunt"},
    )
    draft = {name: said for name, said in CONSENT.items() if name != "signature"}
    consent = team.made(f"/people/{ids['defendant']}/sharing", draft)
    mail = {"channel": "email", "address": "denise@example.org", "consent_words": AGREED}
    mailbox = team.made(f"/people/{ids['person']}/contacts", mail)
    packet = Scene(office, ids["case"], ids["packet"])
    packet.build()
    with api.writing() as session:
        row = get_packet(session, ids["packet"])
        links = {
            "/letter": letter_link(session, get_letter(session, written["id"]), NOW),
            "/tell": invite(session, row.id, ids["person"], ROSA, NOW),
            "/agree": consent_link(session, get_terms(session, consent["id"]), NOW),
            "/refer": provider_link(session, session.get_one(Referral, ids["met"]), NOW),
            "/report": report_link(session, session.get_one(ProgressReport, ids["waiting"]), NOW),
            "/steps": steps_link(session, ids["defendant"], NOW),
            "/f": family_link(session, ids["person"], ids["case"], NOW),
            "/read": participant_link(session, row, NOW),
        }
        ask_participant(session, row.id, ROSA, NOW)
        paths = {begin: path_of(link) for begin, link in links.items()}
    return {
        **paths,
        "/counsel": packet.counsel_path(),
        "/u": f"/u/{unsubscribe_token(mailbox['id'])}",
    }
