"""Replies: plain ones are understood in three languages, everything else is left to a person."""

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.replies import HELD_OUT, NOT_A_STOP, Sample, confusion, samples, score
from domain.placeholders import BadTemplate
from domain.replies import URGENCY, Reading, ReplyKind, read_reply
from domain.reply_files import FOLDER, read_tables, tables
from domain.reply_phrases import parse
from domain.reply_tables import Sense
from domain.reply_text import MAX_CHARS, plain

MADE_FOR = [sample for sample in samples() if sample.part != HELD_OUT]
STOP_WORDS = [
    *["STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "CANCEL", "REVOKE", "OPTOUT"],
    *["ALTO", "PARAR", "CANCELAR", "REVOCAR", "SISPANN", "KANPE"],
]
FURTHER_WORDS = {
    "START": ReplyKind.START,
    "UNSTOP": ReplyKind.START,
    "HELP": ReplyKind.HELP,
    "AYUDA": ReplyKind.HELP,
    "EDE": ReplyKind.HELP,
    "INFO": ReplyKind.HELP,
    "YES": ReplyKind.CONFIRMED,
    "SI": ReplyKind.CONFIRMED,
    "SÍ": ReplyKind.CONFIRMED,
    "WI": ReplyKind.CONFIRMED,
    "1": ReplyKind.CONFIRMED,
    "NO": ReplyKind.CANNOT_COME,
    "NON": ReplyKind.CANNOT_COME,
    "RIDE": ReplyKind.RIDE,
    "2": ReplyKind.RIDE,
    "TRANSPORTE": ReplyKind.RIDE,
    "TRANSPÒ": ReplyKind.RIDE,
}
AROUND = st.sampled_from(["", " ", "\n", "  \t", "\u200b", "🙏", " 😊 ", " ❤️", "\ufeff"])
WORDS = st.sampled_from([*sorted(tables().known), "marcus", "?", ".", ",", "\n", "7"])


def named(sample: Sample) -> str:
    return f"{sample.language}: {sample.text}"


@pytest.mark.parametrize("sample", MADE_FOR, ids=named)
def test_a_reply_is_read_as_its_writer_meant_it(sample: Sample) -> None:
    assert sample.read == sample.meant


@pytest.mark.parametrize("sample", samples(NOT_A_STOP), ids=named)
def test_words_like_stop_in_another_sense_opt_nobody_out(sample: Sample) -> None:
    assert ReplyKind.STOP not in sample.kinds_read


def test_the_corpus_speaks_three_languages_and_holds_a_quarter_out() -> None:
    every = samples()
    for language in ("en", "es", "ht"):
        assert sum(sample.language == language for sample in every) >= 200
    assert len(samples(NOT_A_STOP)) >= 200
    assert len(samples(HELD_OUT)) >= len(every) // 4
    assert len({(sample.language, sample.text) for sample in every}) == len(every)


def test_of_what_was_held_out_nothing_is_imagined_and_little_is_missed() -> None:
    found = score(samples(HELD_OUT))
    for kind in (ReplyKind.STOP, ReplyKind.CONFIRMED, ReplyKind.WRONG_NUMBER, ReplyKind.START):
        assert found.imagined[kind] == 0
    assert found.kind >= 0.95
    assert found.exact >= 0.93


def test_whatever_of_it_is_missed_goes_to_a_person() -> None:
    for sample in samples(HELD_OUT):
        if sample.read.kind is not sample.meant.kind:
            assert ReplyKind.FOR_A_PERSON in sample.kinds_read


def test_the_table_of_what_is_taken_for_what_counts_every_reply() -> None:
    _, *rows = confusion(MADE_FOR).splitlines()
    counts = [int(cell) for row in rows for cell in row.split()[1:] if cell != "·"]
    assert sum(counts) == len(MADE_FOR)


@pytest.mark.parametrize("word", STOP_WORDS)
def test_each_stop_word_alone_stops_and_inside_of_a_sentence_does_not(word: str) -> None:
    for said in (word, word.lower(), f" {word.title()}. ", f"{word}!!", f"{word} 🙏", f'"{word}"'):
        assert read_reply(said).kind is ReplyKind.STOP
    for said in (f"{word}?", f"the bus {word} on the corner", f"my lawyer said {word.lower()} by"):
        assert read_reply(said).kind is ReplyKind.FOR_A_PERSON


@pytest.mark.parametrize(("word", "kind"), FURTHER_WORDS.items())
def test_each_word_that_our_messages_offer_is_understood(word: str, kind: ReplyKind) -> None:
    assert read_reply(word) == read_reply(f"{word.lower()}.") == Reading(kind)


@pytest.mark.parametrize("letter", "ABCD")
def test_a_letter_alone_chooses_and_beside_others_does_not(letter: str) -> None:
    for said in (letter, letter.lower(), f"{letter}.", f"{letter})", f"({letter})"):
        assert read_reply(said) == Reading(ReplyKind.CHOICE, choice=letter)
    for said in (f"{letter}?", f"{letter} Marcus", f"{letter}{letter}"):
        assert read_reply(said).kind is not ReplyKind.CHOICE


def test_a_stranger_silences_their_phone_and_nothing_else() -> None:
    assert read_reply("wrong number, stop calling me and texting me") == Reading(
        ReplyKind.WRONG_NUMBER, (ReplyKind.STOP,), everywhere=False
    )


@pytest.mark.parametrize(
    "quoting",
    [
        "Liked “Hope Hub: Marcus has court Tue, Dec 8. Reply STOP to stop.”",
        'Loved "Hope Hub: Marcus has court Tue, Dec 8. Reply YES if you are all set."',
        "Le gustó “Hope Hub: Marcus tiene corte el martes. ALTO para parar.”",
        "ok what now?\n> Hope Hub: Marcus has court.\n> STOP\n> wrong number",
        "Where is it?\nOn Tue, Dec 1, Hope Hub wrote:\nplease stop texting me",
    ],
)
def test_what_somebody_quotes_is_not_their_word(quoting: str) -> None:
    assert read_reply(quoting).kind is ReplyKind.FOR_A_PERSON
    assert not {ReplyKind.STOP, ReplyKind.CONFIRMED} & {*read_reply(quoting).also}


def test_their_own_word_beside_a_quotation_counts() -> None:
    assert read_reply("“Hope Hub: Marcus has court Tue, Dec 8.” YES").kind is ReplyKind.CONFIRMED
    assert read_reply("STOP\n> Hope Hub: Marcus has court.").kind is ReplyKind.STOP


@given(st.sampled_from(MADE_FOR), AROUND, AROUND)
def test_case_and_what_stands_around_a_reply_change_nothing(
    sample: Sample, before: str, behind: str
) -> None:
    for text in (sample.text, sample.text.upper(), sample.text.lower()):
        assert read_reply(f"{before}{text}{behind}") == sample.meant


@given(st.sampled_from(MADE_FOR))
def test_accents_and_apostrophes_may_be_typed_in_any_way(sample: Sample) -> None:
    decomposed = unicodedata.normalize("NFD", sample.text)
    assert read_reply(decomposed) == sample.meant
    assert read_reply(decomposed.replace("'", "’")) == sample.meant
    if "sí" not in unicodedata.normalize("NFC", sample.text).lower():
        assert read_reply(plain(sample.text)) == sample.meant


@given(st.text(max_size=MAX_CHARS))
@settings(deadline=None)
def test_no_text_is_too_strange_to_be_read(text: str) -> None:
    assert read_reply(text).kind in ReplyKind


def is_sound(reading: Reading) -> bool:
    """What holds of every reading, whatever was said."""
    kinds = (reading.kind, *reading.also)
    if reading.kind is ReplyKind.CHOICE:
        return reading.choice in "ABCD" and not reading.also
    return (
        not reading.choice
        and list(kinds) == [kind for kind in URGENCY if kind in kinds]
        and not {ReplyKind.CONFIRMED, ReplyKind.CANNOT_COME} <= {*kinds}
        and not {ReplyKind.CONFIRMED, ReplyKind.WRONG_NUMBER} <= {*kinds}
        and not {ReplyKind.STOP, ReplyKind.START} <= {*kinds}
        and (not reading.everywhere or ReplyKind.STOP in kinds)
        and not (reading.everywhere and ReplyKind.WRONG_NUMBER in kinds)
    )


@given(st.lists(WORDS, max_size=40))
@settings(deadline=None, max_examples=300)
def test_no_mixture_of_known_words_contradicts_itself(words: list[str]) -> None:
    assert is_sound(read_reply(" ".join(words)))


INNOCENT = [
    "my",
    "the",
    "bus",
    "lawyer",
    "judge",
    "court",
    "house",
    "tuesday",
    "marcus",
    "corte",
    "abogado",
    "tribinal",
    "avoka",
    "jij",
]


@given(
    st.lists(st.sampled_from(INNOCENT), min_size=1, max_size=8),
    st.sampled_from(STOP_WORDS),
    st.lists(st.sampled_from(INNOCENT), max_size=8),
)
def test_a_stop_word_among_others_opts_nobody_out(
    before: list[str], word: str, behind: list[str]
) -> None:
    reading = read_reply(" ".join([*before, word, *behind]))
    assert ReplyKind.STOP not in (reading.kind, *reading.also)


@given(
    st.sampled_from(MADE_FOR), st.sampled_from(["if", "maybe", "unless", "late", "quizas", "petèt"])
)
def test_with_an_if_or_a_maybe_nobody_is_taken_to_be_coming(sample: Sample, doubt: str) -> None:
    reading = read_reply(f"{sample.text} {doubt}")
    asks = "?" in sample.text or any(
        match.sense is Sense.QUESTION for match in parse(sample.text, tables()).matches
    )
    assert asks or ReplyKind.CONFIRMED not in (reading.kind, *reading.also)


@pytest.mark.parametrize(
    "piece",
    [
        "stop texting me ",
        "i do not want to get any more of these messages ",
        "please ",
        "can someone who can maybe ",
        "i do not know any ",
        "a",
        "'",
        '"',
        "“",
        "?",
        "\n",
        "> \n",
        "wrote:\n",
        "x" * 199 + "\n",
        "e\u0301",
        "\u200d",
        "👍",
        "\ufdfa",
    ],
)
def test_the_longest_and_oddest_texts_take_no_longer_than_their_length(piece: str) -> None:
    text = (piece * MAX_CHARS)[:MAX_CHARS]
    read_reply(text)
    started = time.process_time()
    for _ in range(5):
        read_reply(text)
    assert (time.process_time() - started) / 5 < 0.1


def test_what_a_mail_says_after_the_length_of_a_text_is_left_to_its_reader() -> None:
    assert read_reply("word " * MAX_CHARS + "stop texting me").kind is ReplyKind.FOR_A_PERSON


def test_no_language_hides_the_words_of_another() -> None:
    known = tables()
    assert known.languages == ("en", "es", "ht")
    assert not known.known & known.spellings.keys()
    assert not known.known & known.slips.keys()
    for words in known.spellings.values():
        assert not {*words} & known.spellings.keys()


def test_a_further_language_is_a_further_file() -> None:
    sources = {path.stem: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.toml")}
    with_french = read_tables(
        sources
        | {
            "fr": """
                fillers = ["svp"]
                keywords = ["arrêtez"]
                [groups]
                textos = ["textos", "messages"]
                [words]
                stop = ["arrêt"]
                [phrases]
                stop = ["arrêtez ces|vos <textos>"]
                [not_after]
                stop = ["ne"]
            """
        }
    )
    senses = {
        text: [match.sense for match in parse(text, with_french).matches]
        for text in ("Arret!", "svp arrêtez vos textos", "arretze ces messages", "n'arrêtez pas")
    }
    assert senses == {
        "Arret!": [Sense.STOP_WORD],
        "svp arrêtez vos textos": [Sense.STOP],
        "arretze ces messages": [Sense.STOP],
        "n'arrêtez pas": [],
    }


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("[words", "not TOML"),
        ("[words]\nhalt = ['x']", "[words] knows no halt"),
        ("[phrases]\nstop = ['<texts> no more']", "[groups] knows no texts"),
        ("fillers = ['please']\n[words]\nstop = ['please stop']", "please is a filler"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(source: str, says: str) -> None:
    with pytest.raises(BadTemplate, match=r"replies/xx\.toml") as refused:
        read_tables({"xx": source})
    assert says in str(refused.value)
