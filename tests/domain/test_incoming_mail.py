"""Mail from outside: reports in the shapes of four mail systems, people, programs, and malice."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.incoming_mail import (
    MOST_WORDS,
    Action,
    DeliveryReport,
    Nothing,
    PersonsWords,
    read_mail,
)

SAMPLES = Path(__file__).parent / "mail"
OURS = "<0123456789abcdef0123456789abcdef@example.org>"


def sample(name: str) -> bytes:
    """A report about our mail, with the line ends of the wire."""
    text = (SAMPLES / f"{name}.eml").read_text().replace("<OUR-ID@example.org>", OURS)
    return text.replace("\n", "\r\n").encode()


def mail(body: str = "Which floor?", **headers: str) -> EmailMessage:
    """What Denise writes; a header given as "" is left out."""
    said = {
        "From": "Denise Johnson <Denise@Example.org>",
        "To": "hub@example.org",
        "Subject": "Re: Hello from Liberty City Defense",
        "Message-ID": "<answer-1@example.org>",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    message = EmailMessage()
    for name, value in said.items():
        if value:
            message[name] = value
    message.set_content(body)
    return message


def words(message: EmailMessage) -> PersonsWords:
    """A mail that must be a person's."""
    found = read_mail(message.as_bytes())
    assert isinstance(found, PersonsWords), found
    return found


@pytest.mark.parametrize(
    ("name", "action", "status"),
    [
        ("postfix-unknown", Action.FAILED, "5.1.1"),
        ("postfix-expired", Action.FAILED, "4.4.1"),
        ("postfix-delivered", Action.DELIVERED, "2.0.0"),
        ("exim-unrouteable", Action.FAILED, "5.2.1"),
        ("exim-old-plain", Action.FAILED, "5.0.0"),
        ("office365-not-found", Action.FAILED, "5.1.10"),
        ("office365-policy", Action.FAILED, "5.7.23"),
        ("exchange-mailbox-full", Action.FAILED, "5.2.2"),
        ("gmail-unknown", Action.FAILED, "5.1.1"),
    ],
)
def test_a_report_says_what_became_of_which_mail(name: str, action: Action, status: str) -> None:
    found = read_mail(sample(name))
    assert isinstance(found, DeliveryReport)
    assert (found.action, found.status) == (action, status)
    assert found.about[0] == OURS


@pytest.mark.parametrize("name", sorted(path.stem for path in SAMPLES.glob("*.eml")))
def test_a_report_is_read_with_the_line_ends_of_a_pipe_too(name: str) -> None:
    assert read_mail(sample(name).replace(b"\r\n", b"\n")) == read_mail(sample(name))


def test_a_delay_is_no_failure() -> None:
    assert read_mail(sample("postfix-delayed")) is Nothing.AUTOMATIC


def test_a_report_without_the_mail_that_it_is_about_changes_nothing() -> None:
    about_nothing = sample("postfix-unknown").replace(OURS.encode(), b"")
    assert read_mail(about_nothing) is Nothing.AUTOMATIC


def test_a_person_is_heard_with_address_and_own_words() -> None:
    quoted = "STOP\n\nOn Tue, Dec 1, 2026 at 10:02 AM Hub <hub@example.org> wrote:\n> Hello\n"
    found = words(mail(quoted))
    assert found == PersonsWords("denise@example.org", "STOP", "<answer-1@example.org>")


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; type=vacation"},
        {"X_Autoreply": "yes"},
        {"X_Autorespond": "I am away"},
        {"Precedence": "bulk"},
        {"Precedence": "auto_reply"},
        {"Return_Path": "<>"},
        {"From": "MAILER-DAEMON@example.org"},
        {"From": "no-reply@example.org"},
    ],
)
def test_what_programs_answer_is_ignored(headers: dict[str, str]) -> None:
    away = mail("I am on holiday until Monday. To stop, say STOP.", **headers)
    assert read_mail(away.as_bytes()) is Nothing.AUTOMATIC


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "no"},
        {"Precedence": "list", "List_Id": "<hub.example.org>"},
        {"Return_Path": "<denise@example.org>"},
    ],
)
def test_a_person_is_heard_through_a_group_mailbox_too(headers: dict[str, str]) -> None:
    assert words(mail("STOP", **headers)).text == "STOP"


def test_html_alone_is_heard() -> None:
    message = mail()
    message.set_content("<p>No puedo ir</p><blockquote>Hola</blockquote>", subtype="html")
    assert words(message).text == "No puedo ir"


def test_a_blank_text_part_beside_html_is_passed_over() -> None:
    message = mail(" \n")
    message.add_alternative("<p>ALTO</p>", subtype="html")
    assert words(message).text == "ALTO"


def test_the_subject_counts_where_nothing_else_was_written_and_it_is_their_own() -> None:
    assert words(mail("", Subject="STOP")).text == "STOP"
    for subject in ("Re: Hello from Liberty City Defense", "RV: Hola", "", "re :x"):
        assert read_mail(mail("\n", Subject=subject).as_bytes()) is Nothing.EMPTY


def test_a_picture_alone_is_somebody_asking_for_something() -> None:
    message = mail("")
    message.add_attachment(b"jpeg", maintype="image", subtype="jpeg", filename="letter.jpg")
    assert words(message).text == ""


def test_an_attached_text_is_not_taken_for_their_words() -> None:
    message = mail("See attached")
    message.add_attachment("STOP", filename="notes.txt")
    assert words(message).text == "See attached"


@pytest.mark.parametrize(
    ("answer", "heard"),
    [("ACCEPTED", ""), ("DECLINED", "declined"), ("TENTATIVE", "tentative")],
)
def test_an_answer_from_a_calendar_is_shown_unless_it_only_agrees(answer: str, heard: str) -> None:
    calendar = (
        "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:hearing-1\r\n"
        f"ATTENDEE;CN=Denise;PARTSTA\r\n T={answer}:mailto:denise@example.org\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    message = mail("", Subject=f"{answer.title()}: Court date")
    message.set_content(calendar, subtype="calendar", params={"method": "REPLY"})
    found = read_mail(message.as_bytes())
    if not heard:
        assert found is Nothing.AUTOMATIC
    else:
        assert isinstance(found, PersonsWords)
        assert heard in found.text


@pytest.mark.parametrize(
    ("charset", "body"),
    [("iso-8859-1", "Mañana no puedo"), ("windows-1252", "J’ai"), ("utf-8", "Mèsi 😀")],
)
def test_words_in_any_encoding_are_read(charset: str, body: str) -> None:
    message = mail()
    message.set_content(body, charset=charset)
    assert words(message).text == body


def test_an_encoding_that_does_not_exist_is_no_reason_not_to_listen() -> None:
    raw = mail("STOP").as_bytes().replace(b'charset="utf-8"', b'charset="x-nothing"')
    found = read_mail(raw)
    assert isinstance(found, PersonsWords)
    assert found.text == "STOP"


def test_a_mail_without_an_id_gets_one_from_its_content() -> None:
    without = mail("Which floor?", Message_ID="")
    assert words(without).message_id == words(without).message_id
    assert words(without).message_id != words(mail("Which room?", Message_ID="")).message_id


def test_a_long_mail_is_cut_and_a_huge_one_is_read_from_its_beginning() -> None:
    assert len(words(mail("word " * 5000)).text) <= MOST_WORDS
    message = mail("STOP")
    message.add_attachment(b"x" * 5_000_000, maintype="image", subtype="jpeg", filename="a.jpg")
    assert words(message).text == "STOP"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n\r\n",
        b"\x00\xff\xfe",
        b"STOP",
        b"From:\r\n\r\nSTOP",
        b"From: a@example.org, b@example.org\r\n\r\nSTOP",
        b"From: nobody\r\n\r\nSTOP",
    ],
)
def test_what_is_no_mail_of_one_person_is_unreadable(raw: bytes) -> None:
    assert read_mail(raw) is Nothing.UNREADABLE


@pytest.mark.parametrize(
    "raw",
    [
        b"From: =?utf-8?q?=ff?= <a@example.org>\r\nMessage-ID: <>\r\n\r\nhi",
        b"From: a@example.org\r\nContent-Type: multipart/mixed\r\n\r\nno boundary",
        b"From: a@example.org\r\nContent-Type: text/plain; charset*=''%FF\r\n\r\nhi",
        b"From: a@example.org\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
        b"From: a@example.org\r\nContent-Type: message/delivery-status\r\n\r\nAction\r\n\r\n:",
        b"From: a@example.org\r\nContent-Type: message/rfc822\r\n\r\n" * 3000,
        b"From: a@example.org\r\n"
        + b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i)
            for i in range(2000)
        ),
        b"From: " + b"(" * 50_000 + b"\r\n\r\nhi",
        b"From: a@example.org\r\nSubject: " + b"=?utf-8?b?" * 20_000 + b"\r\n\r\n",
    ],
)
def test_malformed_mail_never_raises(raw: bytes) -> None:
    read_mail(raw)


@given(st.binary(max_size=2000))
def test_any_bytes_are_read(raw: bytes) -> None:
    read_mail(raw)
    read_mail(b"From: a@example.org\r\n" + raw)


@given(st.sampled_from(sorted(SAMPLES.glob("*.eml"))), st.data())
def test_damaged_reports_never_raise(path: Path, data: st.DataObject) -> None:
    raw = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=20))
        if not raw:
            break
    read_mail(bytes(raw))
