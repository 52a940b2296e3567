"""One of everything in a hub, and a request for every operation of the API."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PIL import Image

from domain.letters import Attached, Draft, dump_draft
from domain.vocabulary import Role
from records.calendar_reviews import HandedIn, apply_review, hand_in
from records.exhibits import NewExhibit, add_exhibit
from records.packet_templates import NewTemplate, add_template
from records.tables import (
    ContactPoint,
    Evidence,
    HumanTask,
    Letter,
    Message,
    MessageAttempt,
    PacketVersion,
    Reply,
    StaffMember,
)
from tests.activities.documents.words import docx_of
from tests.api.programs import NOW, Installation, Program, a_case, a_hearing
from tests.houses import AGREED, ROSA

SETTING = {"local_time": "2026-12-16T13:30", "zone": "America/New_York"}
CONTACT = {"channel": "sms", "address": "+13055550123", "consent_words": AGREED}
SHARE = {"consent_words": "Yes, tell the shelter.", "how": "in person"}
CONSENT = {
    "kinds": ["housing"],
    "recipient_kind": "provider",
    "recipient": "Northside Clinic",
    "purpose": "support",
    "expires_at": "2027-06-01T04:00:00Z",
    "signature": {"medium": "paper", "signed_as": "Denise Johnson", "signed_on": "2026-12-01"},
}
TEAM_PHONE = {"channel": "sms", "address": "+13055550199", "label": "Rosa"}
WRITER = {"first_name": "Lee", "last_name": "Brown", "relationship": "pastor"}
SERVICE = {
    "name": "Counseling",
    "languages": ["ht"],
    "places": [{"city": "Miami", "latitude": 25.78, "longitude": -80.2}],
    "hours": [{"byday": "MO,WE", "opens_at": "09:00", "closes_at": "17:00"}],
}
PLAN_TEMPLATE = {"name": "Ours", "steps": [{"title": "A room", "kind": "housing"}]}
_COLUMNS = b"event_dt,last_name,first_name,courtroom,start_tm,case_no,event\n"
LISTED = _COLUMNS + b'03/01/2027,OAK,ANA,"Courtroom A, Example Court",9:00 am,F26-7,Trial\n'
WAITING = LISTED + (
    b'03/02/2027,DOE,SAM,"Courtroom B, Example Court",1:30 pm,F26-001234,Sentencing\n'
    b'31/31/2027,ASH,LEE,"Courtroom B, Example Court",1:30 pm,F26-9,Sentencing\n'
)
CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nEND:VCALENDAR\r\n"


@dataclass(frozen=True, slots=True)
class Call:
    """A request: method, path below /api/v1, and what it carries."""

    method: str
    path: str
    more: Mapping[str, Any]

    def about(self, ids: Mapping[str, str]) -> tuple[str, Mapping[str, Any]]:
        """Path and what it carries, with `{name}` of an id in place."""
        body = self.more.get("json")
        if not isinstance(body, dict):
            return self.path.format(**ids), self.more
        filled = {
            name: value.format(**ids) if isinstance(value, str) else value
            for name, value in body.items()
        }
        return self.path.format(**ids), {**self.more, "json": filled}


CONTACT_HELD = {"happened_at": "2026-12-01T15:00:00Z", "method": "call"}


def everything(api: Installation, hub: str = "") -> dict[str, str]:
    """One of everything in a hub; ids by name."""
    team, counsel = api.program("advocate", hub), api.program("counsel", hub)
    case = a_case(team, docket_number="F26-001234")
    hearing = a_hearing(team, case)
    supporter = team.made(
        f"/cases/{case['id']}/supporters",
        {"first_name": "Denise", "relationship": "mother", "contacts": [CONTACT]},
    )
    contact = team.read(f"/people/{supporter['person_id']}/contacts")["items"][0]
    court = team.made("/courts", {"name": f"Court {case['id']}", "zone": "America/New_York"})
    supervisor = api.program("supervisor", hub)
    closure = supervisor.made("/closures", {"closed_on": "2026-12-25", "court_id": court["id"]})
    plan = team.made(
        f"/cases/{case['id']}/plans", {"steps": [{"kind": "housing", "title": "Find a room"}]}
    )
    provider = team.made("/providers", {"name": f"Clinic of {case['id']}"})
    service = team.made(f"/providers/{provider['id']}/services", SERVICE)
    referral, met = (_referral(team, case["id"], provider["id"]) for _ in range(2))
    team.made(f"/referrals/{met}/send")
    team.made(f"/referrals/{met}/state", {"state": "accepted"})
    log = team.made(f"/cases/{case['id']}/contact-log", CONTACT_HELD)
    kept_apart = supervisor.made(
        f"/people/{case['person_id']}/conflicts",
        {"other_id": supporter["person_id"]},
    )
    team.made(f"/cases/{case['id']}/counsel", {"first_name": "Ana", "last_name": "Ruiz"})
    packet = team.made(f"/cases/{case['id']}/packets", {})
    charge = counsel.made(f"/cases/{case['id']}/charges", {"statute": "812.014"})
    feed = team.made(f"/cases/{case['id']}/feeds")
    agency = team.made(
        "/agencies", {"name": "Riverside Shelter", "first_name": "Gloria", "contacts": [CONTACT]}
    )
    share = team.made(f"/agencies/{agency['id']}/shares", {**SHARE, "case_id": case["id"]})
    consent = team.made(f"/people/{supporter['person_id']}/sharing", CONSENT)
    token = api.program("hub_admin", hub).made("/tokens", {"name": "spare", "role": "advocate"})
    return {
        "case": case["id"],
        "contact_entry": log["id"],
        "hearing": hearing["id"],
        "person": supporter["person_id"],
        "supporter": supporter["id"],
        "contact": contact["id"],
        "court": court["id"],
        "closure": closure["id"],
        "plan": plan["id"],
        "step": plan["steps"][0]["id"],
        "provider": provider["id"],
        "service": service["id"],
        **_reports(team, case["id"], plan["id"]),
        "referral": referral,
        "met": met,
        "defendant": case["person_id"],
        "conflict": kept_apart["id"],
        "packet": packet["id"],
        "passage": team.made(
            f"/packets/{packet['id']}/sections/ties/passages", {"text": "He sings in the choir."}
        )["id"],
        "charge": charge["id"],
        "feed": feed["id"],
        "token": token["id"],
        "agency": agency["id"],
        "share": share["id"],
        "consent": consent["id"],
        "team_contact": api.program("hub_admin", hub).made("/team", TEAM_PHONE)["id"],
        "plan_template": supervisor.made("/plan-templates", PLAN_TEMPLATE)["id"],
        "step_kind": supervisor.made("/step-kinds", {"label": f"Ours {case['id']}"})["id"],
        "reply": _reply(api, hub, contact["id"]),
        "letter": _letter(api, hub, packet["id"]),
        "exhibit": _exhibit(api, hub, packet["id"]),
        "template": _template(api, hub),
        **_imports(api, hub, case["id"]),
        **_rows(api, hub, case["id"], supporter["person_id"], packet["id"]),
    }


def _imports(api: Installation, hub: str, name: str) -> dict[str, str]:
    """A calendar that was applied, and one that waits, with a row that cannot be read."""
    with api.writing(hub) as session:
        made = hand_in(session, HandedIn(f"list {name}", "alaska-criminal", "", LISTED), "Ana", NOW)
        apply_review(session, made.id, made.digest, "ana", "", NOW)
        waits = HandedIn(f"other list {name}", "alaska-criminal", "", WAITING)
        return {"import": made.id, "import_review": hand_in(session, waits, "Ana", NOW).id}


def _reports(team: Program, case_id: str, plan_id: str) -> dict[str, str]:
    """One that was just made, and two that counsel has."""
    counsel = {
        "first_name": "Ana",
        "last_name": "Ruiz",
        "contacts": [{"channel": "email", "address": "ana.ruiz@example.org", "consent_words": "."}],
    }
    team.made(f"/cases/{case_id}/counsel", counsel)
    other = team.made(
        f"/cases/{case_id}/plans",
        {"steps": [{"kind": "housing", "title": "Find a room"}]},
    )
    made = [
        team.made(f"/plans/{plan}/reports", {"kind": "summary"})
        for plan in (plan_id, other["id"], _hearing_plan(team, case_id))
    ]
    for row in made[1:]:
        team.made(f"/reports/{row['id']}/ask")
    return {
        "report": made[0]["id"],
        "waiting": made[1]["id"],
        "seen": made[1]["content_hash"],
        "sent_back": made[2]["id"],
    }


def _hearing_plan(team: Program, case_id: str) -> str:
    step = {"kind": "housing", "title": "Find a home"}
    return str(team.made(f"/cases/{case_id}/plans", {"steps": [step]})["id"])


def _referral(team: Program, case_id: str, provider_id: str) -> str:
    new = {"provider_id": provider_id, "need": "housing", "agreed_words": "Yes, tell them."}
    return str(team.made(f"/cases/{case_id}/referrals", new)["id"])


def _letter(api: Installation, hub: str, packet_id: str) -> str:
    """A letter that is in, as a file."""
    letter = api.program("advocate", hub).made(f"/packets/{packet_id}/letters", WRITER)
    stored = api.app.state.documents().put(f"letter for {packet_id}".encode())
    with api.writing(hub) as session:
        row = session.get_one(Letter, letter["id"])
        row.document_key, row.sha256, row.state = stored.key, stored.sha256, "sent"
        row.answers = dump_draft(
            Draft(document=Attached(stored.key, "a.pdf", "application/pdf", stored.sha256, 9))
        )
        session.add(row)
    return str(letter["id"])


def _exhibit(api: Installation, hub: str, packet_id: str) -> str:
    """A photograph that is enclosed."""
    stored = api.app.state.documents().put(a_photograph())
    new = NewExhibit("At work", stored.key, stored.sha256, stored.size, "image/jpeg", pages=1)
    with api.writing(hub) as session:
        return add_exhibit(session, packet_id, new, ROSA, NOW).id


def a_photograph() -> bytes:
    """A photograph of a page."""
    out = io.BytesIO()
    Image.new("RGB", (400, 500), "white").save(out, "JPEG")
    return out.getvalue()


def _reply(api: Installation, hub: str, contact_id: str) -> str:
    """What the supporter wrote back, and the task that it opened."""
    with api.writing(hub) as session:
        contact = session.get_one(ContactPoint, contact_id)
        reply = Reply(
            contact_index=contact.address_index,
            address=contact.address,
            contact_id=contact.id,
            person_id=contact.person_id,
            body="Where do I park?",
            read_as="for_a_person",
            received_at=NOW,
        )
        session.add(reply)
        session.flush()
        claim = f"task|reply_waiting|{reply.id}"
        session.add(
            HumanTask(claim=claim, kind="reply_waiting", subject_id=reply.id, opened_at=NOW)
        )
        return reply.id


def _template(api: Installation, hub: str) -> str:
    """A Word template of the hub's own."""
    stored = api.app.state.documents().put(docx_of("{{ person.name }}: {{ ask }}"))
    new = NewTemplate("release", stored.key, stored.sha256, stored.size, "Ours.")
    with api.writing(hub) as session:
        return add_template(session, new, ROSA, NOW).id


def _rows(
    api: Installation, hub: str, case_id: str, person_id: str, packet_id: str
) -> dict[str, str]:
    """What only workflows and people at the screen make: a task, a message, a version, staff."""
    docx = api.app.state.documents().put(f"docx of {packet_id}".encode())
    pdf = api.app.state.documents().put(f"pdf of {packet_id}".encode())
    exhibits = api.app.state.documents().put(f"exhibits of {packet_id}".encode())
    with api.writing(hub) as session:
        task = HumanTask(claim=f"task|{case_id}", kind="call_now", case_id=case_id, opened_at=NOW)
        message = Message(
            claim=f"message|{case_id}",
            case_id=case_id,
            person_id=person_id,
            step="before_3",
            audience="family",
            language="en",
            channel="sms",
            transport="outbox",
            template="en/before_3/family/sms",
            template_version="1",
            body="Hi Denise, Marcus has court on Tuesday.",
            state="sent",
            claimed_at=NOW,
            attempts=1,
        )
        staff = StaffMember(name="Rosa", sign_in=f"rosa-{case_id}", role=Role.ADVOCATE)
        version = PacketVersion(
            packet_id=packet_id,
            number=1,
            inputs_hash="0" * 64,
            template="release",
            template_version="1",
            docx_key=docx.key,
            docx_sha256=docx.sha256,
            docx_size=docx.size,
            pdf_key=pdf.key,
            pdf_sha256=pdf.sha256,
            pdf_size=pdf.size,
            exhibits_key=exhibits.key,
            exhibits_sha256=exhibits.sha256,
            exhibits_size=exhibits.size,
            pages=1,
            built_at=NOW,
        )
        session.add_all([task, message, staff, version])
        session.flush()
        session.add(
            MessageAttempt(message_id=message.id, number=1, tried_at=NOW, outcome="accepted")
        )
        return {
            "task": task.id,
            "message": message.id,
            "staff": staff.id,
            "version": version.id,
        }


def evidence_for(api: Installation, step_id: str) -> None:
    """Evidence of a step, received but not verified."""
    with api.writing() as session:
        session.add(Evidence(step_id=step_id, kind="letter", received_at=NOW))


def call(method: str, path: str, body: Any = None, **more: Any) -> Call:
    """A request with a JSON body, or with whatever `more` says."""
    return Call(method, path, {"json": body, **more} if body is not None else more)


CALLS: Mapping[str, Call] = {
    "read_hub": call("GET", "/hub"),
    "list_deeds": call("GET", "/audit"),
    "change_hub": call("PATCH", "/hub", {"participant_word": "participant"}),
    "list_team_contacts": call("GET", "/team"),
    "add_team_contact": call("POST", "/team", TEAM_PHONE),
    "remove_team_contact": call("DELETE", "/team/{team_contact}"),
    "list_staff": call("GET", "/staff"),
    "list_courts": call("GET", "/courts"),
    "read_court": call("GET", "/courts/{court}"),
    "add_court": call("POST", "/courts", {"name": "South Dade", "zone": "America/New_York"}),
    "change_court": call("PATCH", "/courts/{court}", {"phone": "+13055550100"}),
    "list_closures": call("GET", "/closures"),
    "add_closure": call("POST", "/closures", {"closed_on": "2027-01-01"}),
    "remove_closure": call("DELETE", "/closures/{closure}"),
    "open_case": call("POST", "/cases", {"first_name": "Ana", "last_name": "Ruiz"}),
    "list_cases": call("GET", "/cases"),
    "find_cases": call("POST", "/case-searches", {"docket_number": "f26 001234"}),
    "read_case": call("GET", "/cases/{case}"),
    "move_case": call("POST", "/cases/{case}/moves", {"track": "custody", "to": "released"}),
    "list_events": call("GET", "/cases/{case}/events"),
    "read_identity": call("GET", "/cases/{case}/identity"),
    "change_identity": call("PATCH", "/cases/{case}/identity", {"birth_date": "2001-02-03"}),
    "read_agenda": call("GET", "/agenda/{case}"),
    "list_dockets": call("GET", "/cases/{case}/dockets"),
    "add_docket": call("POST", "/cases/{case}/dockets", {"number": "F26-5678"}),
    "list_supporters": call("GET", "/cases/{case}/supporters"),
    "enroll_supporter": call("POST", "/cases/{case}/supporters", {"first_name": "Lee"}),
    "end_supporter": call("POST", "/supporters/{supporter}/end"),
    "read_counsel": call("GET", "/cases/{case}/counsel"),
    "name_counsel": call("POST", "/cases/{case}/counsel", {"first_name": "Elena"}),
    "list_contacts": call("GET", "/people/{person}/contacts"),
    "add_contact": call("POST", "/people/{person}/contacts", CONTACT),
    "opt_out": call("POST", "/contacts/{contact}/opt-out"),
    "list_consents": call("GET", "/people/{person}/consents"),
    "list_conversations": call("GET", "/conversations"),
    "read_conversation": call("GET", "/conversations/{reply}"),
    "answer_conversation": call("POST", "/conversations/{reply}/answers", {"words": "Room 3A."}),
    "finish_conversation": call("POST", "/conversations/{reply}/done", {}),
    "name_sender": call(
        "POST", "/conversations/{reply}/person", {"person_id": "{person}", "consent_words": AGREED}
    ),
    "list_unreachable": call("GET", "/unreachable"),
    "list_hearings": call("GET", "/hearings"),
    "read_hearing": call("GET", "/hearings/{hearing}"),
    "schedule_hearing": call("POST", "/cases/{case}/hearings", SETTING),
    "move_hearing": call("POST", "/hearings/{hearing}/move", SETTING),
    "vacate_hearing": call("POST", "/hearings/{hearing}/vacate"),
    "record_outcome": call("POST", "/hearings/{hearing}/outcome", {"appearance": "appeared"}),
    "list_hearing_answers": call("GET", "/hearings/{hearing}/answers"),
    "list_tasks": call("GET", "/tasks"),
    "close_task": call("POST", "/tasks/{task}/close", {"outcome": "She knows."}),
    "list_messages": call("GET", "/messages"),
    "preview_message": call("GET", "/messages/preview"),
    "read_message": call("GET", "/messages/{message}"),
    "list_agencies": call("GET", "/agencies"),
    "add_agency": call("POST", "/agencies", {"name": "Reentry", "first_name": "Ana"}),
    "change_agency": call("PATCH", "/agencies/{agency}", {"weekday": 2, "at": "10:30"}),
    "add_share": call("POST", "/agencies/{agency}/shares", {**SHARE, "case_id": "{case}"}),
    "list_shares": call("GET", "/agencies/{agency}/shares"),
    "preview_digest": call("GET", "/agencies/{agency}/digest"),
    "end_share": call("POST", "/agencies/{agency}/shares/{share}/end", {"how": "by phone"}),
    "end_agency": call("POST", "/agencies/{agency}/end"),
    "list_plans": call("GET", "/cases/{case}/plans"),
    "read_plan": call("GET", "/plans/{plan}"),
    "start_plan": call("POST", "/cases/{case}/plans", {"goals": "A home."}),
    "add_step": call("POST", "/plans/{plan}/steps", {"kind": "education", "title": "Enrol"}),
    "add_evidence": call("POST", "/steps/{step}/evidence", {"kind": "letter"}),
    "verify_step": call("POST", "/steps/{step}/verify"),
    "excuse_step": call("POST", "/steps/{step}/excuse", {"what_got_in_the_way": "No bus."}),
    "discharge_plan": call("POST", "/plans/{plan}/discharge", {"outcome": "discharged_successful"}),
    "choose_provider": call("PUT", "/steps/{step}/provider", {"provider_id": "{provider}"}),
    "list_providers": call("GET", "/providers"),
    "search_directory": call("GET", "/services"),
    "add_provider": call("POST", "/providers", {"name": "Grove Center"}),
    "read_provider": call("GET", "/providers/{provider}"),
    "change_provider": call("PATCH", "/providers/{provider}", {"phone": "305-555-0140"}),
    "add_service": call("POST", "/providers/{provider}/services", SERVICE),
    "read_service": call("GET", "/services/{service}"),
    "change_service": call("PATCH", "/services/{service}", {"languages": ["es"]}),
    "end_service": call("POST", "/services/{service}/end"),
    "end_provider": call("POST", "/providers/{provider}/end"),
    "list_reports": call("GET", "/plans/{plan}/reports"),
    "make_report": call("POST", "/plans/{plan}/reports", {"kind": "summary"}),
    "ask_counsel": call("POST", "/reports/{report}/ask"),
    "approve_report": call(
        "POST", "/reports/{waiting}/approval", {"content_hash": "{seen}", "name": "Ana Ruiz"}
    ),
    "send_report_back": call("POST", "/reports/{sent_back}/send-back", {"words": "Shorter."}),
    "withdraw_report": call("POST", "/reports/{report}/withdraw"),
    "show_steps_link": call("POST", "/plans/{plan}/link"),
    "list_contact_log": call("GET", "/cases/{case}/contact-log"),
    "note_contact": call("POST", "/cases/{case}/contact-log", CONTACT_HELD),
    "strike_contact": call("POST", "/contact-log/{contact_entry}/strike", {"why": "Not him."}),
    "read_caseload": call("GET", "/caseload"),
    "read_contact_figures": call("GET", "/contact-figures"),
    "list_referrals": call("GET", "/referrals"),
    "list_case_referrals": call("GET", "/cases/{case}/referrals"),
    "draft_referral": call(
        "POST", "/cases/{case}/referrals", {"provider_id": "{provider}", "need": "housing"}
    ),
    "read_referral": call("GET", "/referrals/{referral}"),
    "send_referral": call("POST", "/referrals/{referral}/send"),
    "show_referral_link": call("POST", "/referrals/{referral}/link"),
    "move_referral": call("POST", "/referrals/{referral}/state", {"state": "accepted"}),
    "set_meeting": call("POST", "/referrals/{referral}/meeting", {"meeting": "2026-12-16T10:00"}),
    "note_not_met": call("POST", "/referrals/{referral}/not-met", {"words": "Not there."}),
    "reoffer_referral": call(
        "POST", "/referrals/{referral}/re-offer", {"provider_id": "{provider}"}
    ),
    "note_visit": call("POST", "/referrals/{met}/visits", {"visited_on": "2026-12-01"}),
    "list_conflicts": call("GET", "/people/{person}/conflicts"),
    "declare_conflict": call("POST", "/people/{person}/conflicts", {"other_id": "{defendant}"}),
    "end_conflict": call("POST", "/conflicts/{conflict}/end"),
    "begin_plan": call("POST", "/plans/{plan}/begin"),
    "carry_over_plan": call("POST", "/plans/{plan}/carry-over"),
    "read_plan_progress": call("GET", "/plans/{plan}/progress"),
    "read_hub_progress": call("GET", "/progress"),
    "download_hub_progress": call("GET", "/progress/table"),
    "read_hub_outcomes": call("GET", "/outcomes"),
    "download_hub_outcomes": call("GET", "/outcomes/table"),
    "list_occurrences": call("GET", "/steps/{step}/occurrences"),
    "answer_step": call("POST", "/steps/{step}/answer", {"what_got_in_the_way": "No bus."}),
    "move_step": call("POST", "/steps/{step}/move", {"due_on": "2026-12-24"}),
    "change_recurrence": call(
        "POST", "/steps/{step}/recurrence", {"recurrence": "daily", "first": "2026-12-24"}
    ),
    "cancel_step": call("POST", "/steps/{step}/cancel"),
    "name_mentor": call("POST", "/supporters/{supporter}/mentor", {"mentor": True}),
    "list_step_kinds": call("GET", "/step-kinds"),
    "add_step_kind": call("POST", "/step-kinds", {"label": "Drum circle"}),
    "end_step_kind": call("POST", "/step-kinds/{step_kind}/end"),
    "list_plan_templates": call("GET", "/plan-templates"),
    "read_plan_template": call("GET", "/plan-templates/{plan_template}"),
    "add_plan_template": call("POST", "/plan-templates", PLAN_TEMPLATE),
    "import_plan_template": call(
        "POST", "/plan-template-imports", {"name": "Ours", "csv": "step,kind\nA room,housing\n"}
    ),
    "change_plan_template": call(
        "PUT", "/plan-templates/{plan_template}", {**PLAN_TEMPLATE, "revision": 1}
    ),
    "end_plan_template": call("POST", "/plan-templates/{plan_template}/end"),
    "preview_plan": call(
        "GET", "/cases/{case}/plan-preview?template=pretrial-90-days&starts_on=2026-12-07"
    ),
    "start_plan_from_template": call(
        "POST",
        "/cases/{case}/plans/from-template",
        {"template": "pretrial-90-days", "starts_on": "2026-12-07"},
    ),
    "list_sharing": call("GET", "/people/{person}/sharing"),
    "add_sharing": call("POST", "/people/{person}/sharing", CONSENT),
    "read_sharing": call("GET", "/sharing/{consent}"),
    "sign_sharing": call(
        "POST",
        "/sharing/{consent}/signature",
        {"medium": "paper", "signed_as": "Denise", "signed_on": "2026-12-01"},
    ),
    "show_sharing_link": call("POST", "/sharing/{consent}/link"),
    "send_sharing_link": call("POST", "/sharing/{consent}/send", {"contact_id": "{contact}"}),
    "list_disclosures": call("GET", "/people/{person}/disclosures"),
    "note_disclosure": call(
        "POST",
        "/people/{person}/disclosures",
        {
            "kinds": ["housing"],
            "recipient_kind": "provider",
            "recipient": "Northside Clinic",
            "what": "Where she lives.",
            "how": "by phone",
        },
    ),
    "download_accounting": call("GET", "/people/{person}/disclosures/accounting"),
    "end_sharing": call("POST", "/sharing/{consent}/event"),
    "revoke_sharing": call("POST", "/sharing/{consent}/revoke", {"how": "by phone"}),
    "list_packets": call("GET", "/cases/{case}/packets"),
    "read_packet": call("GET", "/packets/{packet}"),
    "request_packet": call("POST", "/cases/{case}/packets", {"kind": "release"}),
    "change_packet": call("PUT", "/packets/{packet}/content", {"ask": "Release."}),
    "list_questions": call("GET", "/packets/{packet}/questions"),
    "read_sections": call("GET", "/packets/{packet}/sections"),
    "add_passage": call(
        "POST", "/packets/{packet}/sections/residence/passages", {"text": "With his mother."}
    ),
    "change_passage": call(
        "PUT", "/packets/{packet}/passages/{passage}", {"revision": 1, "text": "He sings."}
    ),
    "remove_passage": call("DELETE", "/packets/{packet}/passages/{passage}"),
    "list_versions": call("GET", "/packets/{packet}/versions"),
    "list_reviews": call("GET", "/packets/{packet}/reviews"),
    "draft_packet": call("POST", "/packets/{packet}/draft"),
    "ask_participant": call("POST", "/packets/{packet}/participant"),
    "note_participant": call(
        "POST",
        "/packets/{packet}/participant/answers",
        {"version_id": "{version}", "verdict": "changes", "words": "Not my street."},
    ),
    "send_to_counsel": call("POST", "/packets/{packet}/counsel", {"unread_because": "Held."}),
    "review_packet": call(
        "POST",
        "/packets/{packet}/reviews",
        {"version_id": "{version}", "verdict": "comments", "words": "Good work."},
    ),
    "approve_packet": call(
        "POST",
        "/packets/{packet}/approvals",
        {"version_id": "{version}", "bound_hash": "0" * 64, "signed_as": "Ana Ruiz"},
    ),
    "mark_packet_filed": call("POST", "/packets/{packet}/filed", {"filed_on": "2026-12-02"}),
    "cancel_packet": call("POST", "/packets/{packet}/cancel"),
    "resume_packet": call("POST", "/packets/{packet}/resume"),
    "download_docx": call("GET", "/packets/{packet}/versions/1/docx"),
    "download_pdf": call("GET", "/packets/{packet}/versions/1/pdf"),
    "download_exhibits": call("GET", "/packets/{packet}/versions/1/exhibits"),
    "replace_packet": call("POST", "/packets/{packet}/replace", {"kind": "progress"}),
    "list_exhibits": call("GET", "/packets/{packet}/exhibits"),
    "add_exhibit": call(
        "POST",
        "/packets/{packet}/exhibits",
        data={"title": "At church", "kind": "photograph"},
        files={"file": ("IMG_1.jpg", a_photograph())},
    ),
    "change_exhibit": call("PATCH", "/exhibits/{exhibit}", {"caption": "In 2025"}),
    "move_exhibit": call("PUT", "/exhibits/{exhibit}/position", {"position": 0}),
    "download_exhibit": call("GET", "/exhibits/{exhibit}/file"),
    "remove_exhibit": call("DELETE", "/exhibits/{exhibit}"),
    "restore_exhibit": call("POST", "/exhibits/{exhibit}/restore"),
    "list_letters": call("GET", "/packets/{packet}/letters"),
    "ask_for_letter": call("POST", "/packets/{packet}/letters", WRITER),
    "read_letter": call("GET", "/letters/{letter}"),
    "download_letter": call("GET", "/letters/{letter}/file"),
    "correct_letter": call("PATCH", "/letters/{letter}", {"relationship": "uncle"}),
    "translate_letter": call(
        "PUT", "/letters/{letter}/translation", {"translation": "Hello.", "translated_by": "Ana"}
    ),
    "write_letter": call("PUT", "/letters/{letter}/words", {"story": "He sings."}),
    "sign_letter": call(
        "POST",
        "/letters/{letter}/signature",
        {"signed_as": "Lee Brown", "taken_down_by": "Rosa", "read_back": True},
    ),
    "upload_letter": call(
        "POST",
        "/letters/{letter}/file",
        data={"signed_as": "Lee Brown"},
        files={"file": ("letter.jpg", a_photograph())},
    ),
    "move_letter": call("PUT", "/letters/{letter}/position", {"position": 0}),
    "show_letter_link": call("POST", "/letters/{letter}/link"),
    "renew_letter_link": call("POST", "/letters/{letter}/link/renew"),
    "decline_letter": call("POST", "/letters/{letter}/decline", {"words": "No."}),
    "resume_letter": call("POST", "/letters/{letter}/resume"),
    "withdraw_letter": call("POST", "/letters/{letter}/withdraw"),
    "list_packet_kinds": call("GET", "/packet-kinds"),
    "download_template_in_use": call("GET", "/packet-kinds/release/template"),
    "use_homewards_template": call("DELETE", "/packet-kinds/release/template"),
    "list_packet_templates": call("GET", "/packet-templates"),
    "add_packet_template": call(
        "POST",
        "/packet-templates",
        data={"kind": "release", "note": "Our letterhead."},
        files={"file": ("ours.docx", docx_of("{{ person.name }}"))},
    ),
    "download_packet_template": call("GET", "/packet-templates/{template}/file"),
    "preview_packet_template": call("GET", "/packet-templates/{template}/preview"),
    "use_packet_template": call("POST", "/packet-templates/{template}/use"),
    "list_charges": call("GET", "/cases/{case}/charges"),
    "add_charge": call("POST", "/cases/{case}/charges", {"statute": "810.02"}),
    "change_charge": call("PATCH", "/charges/{charge}", {"state": "dropped"}),
    "list_feeds": call("GET", "/feeds"),
    "make_case_feed": call("POST", "/cases/{case}/feeds"),
    "make_caseload_feed": call("POST", "/staff/{staff}/feeds"),
    "make_person_feed": call("POST", "/people/{person}/feeds"),
    "revoke_feed": call("DELETE", "/feeds/{feed}"),
    "import_calendar": call(
        "POST",
        "/imports",
        data={"format": "icalendar", "zone": "America/New_York"},
        files={"file": ("calendar.ics", CALENDAR)},
    ),
    "list_imports": call("GET", "/imports"),
    "read_import": call("GET", "/imports/{import}"),
    "undo_import": call("POST", "/imports/{import}/undo", {}),
    "list_tokens": call("GET", "/tokens"),
    "make_token": call("POST", "/tokens", {"name": "page", "role": "counsel"}),
    "revoke_token": call("DELETE", "/tokens/{token}"),
}
"""A request for every operation, with names where ids belong."""
