"""Which role may call which operation: one table, and nothing that is not in it may be called.

Advocates and supervisors work on cases; counsel writes court dates and charges, reads plans, and
reads packets and approves them, which nobody else can; a hub admin runs the hub and reads nothing
about a case.
"""

from collections.abc import Mapping
from types import MappingProxyType

from domain.vocabulary import Role

_ADVOCATE, _SUPERVISOR = Role.ADVOCATE, Role.SUPERVISOR
_COUNSEL, _ADMIN = Role.COUNSEL, Role.HUB_ADMIN

EVERYONE = frozenset(Role)
TEAM = frozenset({_ADVOCATE, _SUPERVISOR})
CASEWORK = TEAM | {_COUNSEL}
HUB = TEAM | {_ADMIN}
SUPERVISION = frozenset({_SUPERVISOR, _ADMIN})
ADMIN = frozenset({_ADMIN})
COUNSEL = frozenset({_COUNSEL})
IDENTITY = frozenset({_SUPERVISOR, _COUNSEL})

SEES_BODIES = TEAM
"""Roles that read what a message said; others see that there was one."""
OVERRIDES = frozenset({_SUPERVISOR})
"""Roles that may move a case against the table, with a reason."""
SEES_TREATMENT = TEAM
"""Roles that read what a treatment step is about without a consent of its own."""

ALLOWED: Mapping[str, frozenset[Role]] = MappingProxyType(
    {
        "read_hub": EVERYONE,
        "change_hub": ADMIN,
        "list_team_contacts": ADMIN,
        "add_team_contact": ADMIN,
        "remove_team_contact": ADMIN,
        "list_staff": HUB,
        "list_courts": EVERYONE,
        "read_court": EVERYONE,
        "add_court": HUB,
        "change_court": HUB,
        "list_closures": EVERYONE,
        "add_closure": SUPERVISION,
        "remove_closure": SUPERVISION,
        "open_case": TEAM,
        "list_cases": CASEWORK,
        "find_cases": CASEWORK,
        "read_case": CASEWORK,
        "move_case": TEAM,
        "list_events": TEAM,
        "read_identity": IDENTITY,
        "change_identity": TEAM,
        "read_agenda": TEAM,
        "list_dockets": CASEWORK,
        "add_docket": TEAM,
        "list_supporters": TEAM,
        "enroll_supporter": TEAM,
        "end_supporter": TEAM,
        "read_counsel": CASEWORK,
        "name_counsel": TEAM,
        "list_contacts": TEAM,
        "add_contact": TEAM,
        "opt_out": TEAM,
        "list_consents": TEAM,
        "list_conversations": TEAM,
        "read_conversation": TEAM,
        "answer_conversation": TEAM,
        "finish_conversation": TEAM,
        "name_sender": TEAM,
        "list_unreachable": TEAM,
        "list_hearings": CASEWORK,
        "read_hearing": CASEWORK,
        "schedule_hearing": CASEWORK,
        "move_hearing": CASEWORK,
        "vacate_hearing": CASEWORK,
        "record_outcome": CASEWORK,
        "list_hearing_answers": TEAM,
        "list_tasks": TEAM,
        "close_task": TEAM,
        "list_messages": EVERYONE,
        "preview_message": EVERYONE,
        "read_message": TEAM,
        "list_agencies": TEAM,
        "add_agency": TEAM,
        "change_agency": TEAM,
        "end_agency": TEAM,
        "list_shares": TEAM,
        "add_share": TEAM,
        "end_share": TEAM,
        "preview_digest": TEAM,
        "list_plans": CASEWORK,
        "read_plan": CASEWORK,
        "start_plan": TEAM,
        "add_step": TEAM,
        "add_evidence": TEAM,
        "verify_step": TEAM,
        "excuse_step": TEAM,
        "discharge_plan": TEAM,
        "list_sharing": CASEWORK,
        "add_sharing": TEAM,
        "read_sharing": CASEWORK,
        "sign_sharing": TEAM,
        "revoke_sharing": TEAM,
        "end_sharing": TEAM,
        "show_sharing_link": TEAM,
        "list_disclosures": TEAM,
        "note_disclosure": TEAM,
        "download_accounting": TEAM,
        "list_packets": CASEWORK,
        "read_packet": CASEWORK,
        "request_packet": TEAM,
        "change_packet": TEAM,
        "list_questions": TEAM,
        "read_sections": CASEWORK,
        "add_passage": TEAM,
        "change_passage": TEAM,
        "remove_passage": TEAM,
        "list_versions": CASEWORK,
        "list_reviews": CASEWORK,
        "draft_packet": TEAM,
        "ask_participant": TEAM,
        "note_participant": TEAM,
        "send_to_counsel": TEAM,
        "review_packet": COUNSEL,
        "approve_packet": COUNSEL,
        "mark_packet_filed": CASEWORK,
        "cancel_packet": TEAM,
        "resume_packet": TEAM,
        "replace_packet": TEAM,
        "download_docx": CASEWORK,
        "download_pdf": CASEWORK,
        "download_exhibits": CASEWORK,
        "list_letters": CASEWORK,
        "ask_for_letter": TEAM,
        "read_letter": CASEWORK,
        "correct_letter": TEAM,
        "write_letter": TEAM,
        "sign_letter": TEAM,
        "upload_letter": TEAM,
        "download_letter": CASEWORK,
        "translate_letter": TEAM,
        "move_letter": TEAM,
        "decline_letter": TEAM,
        "resume_letter": TEAM,
        "withdraw_letter": TEAM,
        "show_letter_link": TEAM,
        "renew_letter_link": TEAM,
        "list_exhibits": CASEWORK,
        "add_exhibit": TEAM,
        "change_exhibit": TEAM,
        "move_exhibit": TEAM,
        "remove_exhibit": TEAM,
        "restore_exhibit": TEAM,
        "download_exhibit": CASEWORK,
        "list_packet_kinds": SUPERVISION,
        "download_template_in_use": SUPERVISION,
        "use_homewards_template": SUPERVISION,
        "list_packet_templates": SUPERVISION,
        "add_packet_template": SUPERVISION,
        "download_packet_template": SUPERVISION,
        "preview_packet_template": SUPERVISION,
        "use_packet_template": SUPERVISION,
        "list_charges": CASEWORK,
        "add_charge": COUNSEL,
        "change_charge": COUNSEL,
        "list_feeds": TEAM,
        "make_case_feed": TEAM,
        "make_caseload_feed": TEAM,
        "make_person_feed": TEAM,
        "revoke_feed": TEAM,
        "import_calendar": TEAM,
        "list_imports": TEAM,
        "list_tokens": ADMIN,
        "make_token": ADMIN,
        "revoke_token": ADMIN,
    }
)
