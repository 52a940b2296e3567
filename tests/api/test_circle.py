"""The circle over the API: relatives, how to reach them, what they agreed to."""

from tests.api.programs import Program, a_case

DENISE = {
    "first_name": "Denise",
    "last_name": "Johnson",
    "relationship": "mother",
    "language": "es",
    "contacts": [
        {"channel": "sms", "address": "(305) 555-0123", "consent_words": "Sí, mándeme textos."},
        {"channel": "email", "address": "Denise@Example.ORG", "consent_words": "Yes."},
    ],
}


def test_a_mother_is_enrolled_with_her_consents_and_leaves_again(rosa: Program) -> None:
    case = a_case(rosa)
    denise = rosa.made(f"/cases/{case['id']}/supporters", DENISE)
    assert (denise["first_name"], denise["relationship"]) == ("Denise", "mother")
    contacts = rosa.read(f"/people/{denise['person_id']}/contacts")["items"]
    assert {c["address"] for c in contacts} == {"+13055550123", "denise@example.org"}
    consents = rosa.read(f"/people/{denise['person_id']}/consents")["items"]
    assert consents[0]["words"] == "Sí, mándeme textos."
    assert consents[0]["given_at"] == "2026-12-02T15:00:00Z"
    ended = rosa.made(f"/supporters/{denise['id']}/end")
    assert ended["ended_at"] is not None
    assert rosa.read(f"/cases/{case['id']}/supporters")["items"][0]["ended_at"] is not None


def test_a_bad_number_enrolls_nobody(rosa: Program) -> None:
    case = a_case(rosa)
    contact = {"channel": "sms", "address": "12", "consent_words": "Yes."}
    answer = rosa.post(f"/cases/{case['id']}/supporters", {**DENISE, "contacts": [contact]})
    assert answer.status_code == 422
    assert rosa.read(f"/cases/{case['id']}/supporters")["items"] == []


def test_a_contact_needs_the_words_of_consent(rosa: Program) -> None:
    case = a_case(rosa)
    contact = {"channel": "sms", "address": "(305) 555-0123", "consent_words": " "}
    answer = rosa.post(f"/people/{case['person_id']}/contacts", contact)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == ["body", "consent_words"]


def test_an_opt_out_ends_the_consents_and_asking_anew_starts_them_again(rosa: Program) -> None:
    case = a_case(rosa)
    contact = {"channel": "sms", "address": "(305) 555-0124", "consent_words": "Yes."}
    path = f"/people/{case['person_id']}"
    made = rosa.made(f"{path}/contacts", contact)
    out = rosa.made(f"/contacts/{made['id']}/opt-out")
    assert out["opted_out_at"] == "2026-12-02T15:00:00Z"
    revision = rosa.read(f"/cases/{case['id']}")["revision"]
    rosa.made(f"/contacts/{made['id']}/opt-out")
    assert rosa.read(f"/cases/{case['id']}")["revision"] == revision, "twice is once"
    assert rosa.read(f"{path}/consents")["items"][0]["withdrawn_at"] is not None
    again = rosa.made(f"{path}/contacts", {**contact, "address": "305.555.0124"})
    assert again["id"] == made["id"]
    assert again["opted_out_at"] is None
    assert [c["withdrawn_at"] is None for c in rosa.read(f"{path}/consents")["items"]] == [
        False,
        True,
    ]


def test_counsel_is_named_with_the_ways_to_write_to_them(rosa: Program) -> None:
    case = a_case(rosa)
    assert rosa.get(f"/cases/{case['id']}/counsel").status_code == 404
    mail = {"channel": "email", "address": "torres@example.org", "consent_words": "Work address."}
    named = {"first_name": "Elena", "last_name": "Torres", "contacts": [mail]}
    rosa.made(f"/cases/{case['id']}/counsel", named)
    read = rosa.read(f"/cases/{case['id']}/counsel")
    assert (read["first_name"], read["kind"]) == ("Elena", "appointed")
    assert [way["address"] for way in read["contacts"]] == ["torres@example.org"]
    rosa.made(f"/cases/{case['id']}/counsel", {"first_name": "Ana", "kind": "conflict"})
    assert rosa.read(f"/cases/{case['id']}/counsel")["first_name"] == "Ana"
