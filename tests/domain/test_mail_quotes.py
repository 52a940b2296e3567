"""What a person wrote, out of what their mail program sent."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.mail_quotes import own_words, words_of_html

QUOTED = "> Hello Denise,\n>\n> Marcus has court Tuesday.\n"


@pytest.mark.parametrize(
    "above",
    [
        "On Tue, Dec 1, 2026 at 10:02 AM Liberty City Defense <hub@example.org> wrote:",
        "On Tue, Dec 1, 2026 at 10:02 AM Liberty City Defense\n<hub@example.org> wrote:",
        "On Tue, Dec 1, 2026,\n10:02 AM Liberty City Defense <\nhub@example.org> wrote:",
        "El mar, 1 dic 2026 a las 10:02, Liberty City Defense (<hub@example.org>) escribió:",
        "El mar., 1 de dic. de 2026 10:02,\nLiberty City Defense <hub@example.org> escribió:",
        "Le mar. 1 déc. 2026 à 10:02, Liberty City Defense <hub@example.org> a écrit :",
        "Em ter., 1 de dez. de 2026 às 10:02, Hub <hub@example.org> escreveu:",
        "Madi 1 desanm 2026, Liberty City Defense <hub@example.org> te ekri:",
        "-----Original Message-----\nFrom: hub@example.org",
        "-----Mensaje original-----\nDe: hub@example.org",
        "---------- Forwarded message ---------",
        "________________________________\nFrom: Liberty City Defense <hub@example.org>",
        "From: Hub <hub@example.org>\nSent: Tuesday, December 1, 2026 10:02 AM\n"
        "To: denise@example.org\nSubject: Hello",
        "De: Hub <hub@example.org>\nEnviado: martes, 1 de diciembre de 2026 10:02\n"
        "Para: denise@example.org\nAsunto: Hola",
        "De : Hub <hub@example.org>\nEnvoyé : mardi 1 décembre 2026 10:02\n"
        "À : denise@example.org\nObjet : Bonjour",
        "*From:* Hub <hub@example.org>\n*Sent:* Tuesday\n*To:* denise@example.org",
    ],
)
@pytest.mark.parametrize("quoted", [QUOTED, "Hello Denise,\nMarcus has court Tuesday.\n"])
def test_what_was_answered_to_is_cut_off(above: str, quoted: str) -> None:
    told = own_words(f"We will be there.\nWhich floor?\n\n{above}\n\n{quoted}")
    assert told == "We will be there.\nWhich floor?"


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPhone",
        "Sent from Yahoo Mail for Android",
        "Get Outlook for iOS",
        "Enviado desde mi iPhone",
        "Envoyé de mon iPhone",
        "-- \nDenise Johnson\n305-555-0111",
        "--\nDenise",
    ],
)
def test_a_signature_is_cut_off(line: str) -> None:
    assert own_words(f"STOP\n\n{line}\n") == "STOP"


def test_words_under_and_between_a_quotation_are_kept() -> None:
    attribution = "On Tue, Dec 1, 2026 at 10:02 AM Hub <hub@example.org> wrote:"
    assert own_words(f"{attribution}\n{QUOTED}\nSTOP\n") == "STOP"
    both = f"{attribution}\n\n> Do you need a ride?\nYes, for two.\n> Which day?\nTuesday."
    assert own_words(both) == "Yes, for two.\nTuesday."


@pytest.mark.parametrize(
    "text",
    [
        "On Tuesday I can not come.\nI work until 3.",
        "El juez 2 me dijo que el martes no.",
        "On Dec 8 he can come, but\n\nI have a question: which bus?",
        "From: my house it takes an hour.\nIs that ok?",
        "Meet at 9 -- not 10 -- please",
        "Le bus 7 est en retard",
        "She wrote: call me at 305-555-0111",
    ],
)
def test_ordinary_sentences_stay_whole(text: str) -> None:
    assert own_words(text) == text


def test_a_sentence_just_above_an_attribution_is_not_taken_for_part_of_it() -> None:
    attribution = "On Tue, Dec 1, 2026 Hub <hub@example.org> wrote:"
    assert own_words(f"On Tuesday at 9 I work\n{attribution}\n{QUOTED}") == "On Tuesday at 9 I work"


def test_html_alone_gives_its_words_without_what_it_quotes() -> None:
    gmail = (
        "<div dir='ltr'>No puedo ir &amp; lo siento<br>trabajo</div>"
        "<div class='gmail_quote'>On Tue wrote<blockquote>Hola Denise</blockquote></div>"
    )
    assert own_words(words_of_html(gmail)) == "No puedo ir & lo siento\ntrabajo"
    outlook = (
        "<html><head><style>p {color: red}</style><title>x</title></head><body><p>STOP</p>"
        "<div id='appendonsend'></div><hr><div id='divRplyFwdMsg'><b>From:</b> Hub</div>"
        "<div>Hello Denise</div></body></html>"
    )
    assert own_words(words_of_html(outlook)) == "STOP"
    apple = "<p>Wi</p><blockquote type='cite'><p>Bonjou</p></blockquote><p>mèsi</p>"
    assert own_words(words_of_html(apple)).split() == ["Wi", "mèsi"]


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    assert isinstance(own_words(text), str)
    assert isinstance(words_of_html(text), str)


@given(st.text(st.characters(categories=["L"]), min_size=1, max_size=200))
def test_one_line_of_letters_comes_back_as_it_is(text: str) -> None:
    assert own_words(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "On " + "1 wrote " * 40_000,
        "On 1 \n" * 40_000,
        "1 te ekr\n" * 40_000,
        "From: x\nTo: " * 40_000,
        "<blockquote>" * 20_000,
        "<div class='" * 20_000,
        "</p" * 60_000,
    ],
)
def test_hostile_text_is_read_in_seconds(text: str) -> None:
    began = time.perf_counter()
    own_words(text)
    words_of_html(text)
    assert time.perf_counter() - began < 5
