"""From the phrases of a reply to what it means as a whole.

A phrase alone decides little: a yes beside an "if" is none, a stop inside of a question is none,
and "cancel" among other words may be about anything. Whatever remains unclear is for a person.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from domain.reply_kinds import URGENCY, Reading, ReplyKind
from domain.reply_phrases import Match, Parsed
from domain.reply_tables import Sense

_MUCH: Final = 4
"""So many words beside a stop are worth an advocate's look."""

_STOPS: Final = frozenset({Sense.STOP, Sense.STOP_EVERYWHERE, Sense.STOP_CALLS})
_POLITE: Final = frozenset({Sense.COURTESY, Sense.SORRY, Sense.AND})
_REQUESTS: Final = _STOPS | {Sense.START, Sense.RIDE, Sense.RIDE_WORD, Sense.HELP_WORD}
_STOP_WORDS: Final = frozenset({Sense.STOP_WORD, Sense.STOP_EVERYWHERE_WORD})
_BESIDE_STOP: Final = (
    _POLITE
    | _STOPS
    | _STOP_WORDS
    | {
        Sense.STOP_ALONE_WORD,
        Sense.YES_WORD,
        Sense.NO_WORD,
        Sense.OK_WORD,
        Sense.ASKING,
        Sense.WRONG_NUMBER,
        Sense.WRONG_NUMBER_WORD,
        Sense.WHO,
    }
)


class Judgement:
    """One reply, looked at from every side."""

    def __init__(self, parsed: Parsed) -> None:
        self.parsed = parsed
        self.questions = _question_starts(parsed)
        self.matches = [match for match in parsed.matches if not self._is_void_here(match)]
        self.senses = {match.sense for match in self.matches}
        uncovered = self._uncovered()
        self.bare = not uncovered
        self.unknown = {
            (clause, at)
            for clause, at in uncovered
            if parsed.clauses[clause].words[at] not in parsed.small
        }
        self.left_over = len(self.unknown)
        self.nothing_else = (
            not self.left_over and not self.questions and Sense.NOTHING not in self.senses
        )

    def reading(self) -> Reading:
        """The whole."""
        kinds = {
            kind
            for kind, meant in (
                (ReplyKind.WRONG_NUMBER, self.wrong_number),
                (ReplyKind.STOP, self.stops),
                (ReplyKind.START, self.starts),
                (ReplyKind.HELP, self.nothing_but({Sense.HELP_WORD})),
                (ReplyKind.CANNOT_COME, self.cannot_come),
                (ReplyKind.RIDE, self.wants_ride),
                (ReplyKind.CONFIRMED, self.confirms),
            )
            if meant
        }
        if not kinds or self._needs_a_person(kinds):
            kinds.add(ReplyKind.FOR_A_PERSON)
        first, *rest = (kind for kind in URGENCY if kind in kinds)
        everywhere = (
            ReplyKind.STOP in kinds
            and ReplyKind.WRONG_NUMBER not in kinds
            and bool(
                self.senses & {Sense.STOP_EVERYWHERE, Sense.STOP_CALLS, Sense.STOP_EVERYWHERE_WORD}
            )
        )
        return Reading(first, tuple(rest), everywhere)

    def nothing_but(self, wanted: Collection[Sense], beside: Collection[Sense] = _POLITE) -> bool:
        """The message is one of these words and a little courtesy."""
        return (
            self.bare
            and self.nothing_else
            and self.senses <= {*wanted, *beside}
            and self._has(wanted)
        )

    @property
    def wrong_number(self) -> bool:
        """The phone belongs to somebody else."""
        return Sense.WRONG_NUMBER in self.senses or (
            self.nothing_else and Sense.WRONG_NUMBER_WORD in self.senses
        )

    @property
    def stops(self) -> bool:
        """No more messages."""
        if self.senses & _STOPS:
            return Sense.TEXT_ME not in self.senses
        return (
            self.nothing_but(_STOP_WORDS, _BESIDE_STOP)
            or self.nothing_but({Sense.STOP_ALONE_WORD}, _POLITE | _STOP_WORDS)
            or self._begins_with_stop()
        )

    @property
    def starts(self) -> bool:
        """Messages again; never in one breath with a stop."""
        if self.stops:
            return False
        return Sense.START in self.senses or self.nothing_but(
            {Sense.START_WORD}, _POLITE | {Sense.YES_WORD, Sense.OK_WORD, Sense.COMING}
        )

    @property
    def cannot_come(self) -> bool:
        """They will not be there."""
        return (
            Sense.CANNOT_COME in self.senses
            or self.nothing_but({Sense.NO_WORD}, {Sense.SORRY})
            or (self.nothing_else and Sense.CANNOT_COME_WORD in self.senses)
        )

    @property
    def wants_ride(self) -> bool:
        """They ask to be driven."""
        return Sense.RIDE in self.senses or (
            not self.left_over
            and Sense.RIDE_WORD in self.senses
            and not self.senses & {Sense.NOTHING, Sense.STOP_ALONE_WORD}
        )

    @property
    def confirms(self) -> bool:
        """They will be there, with no if and no maybe."""
        if self.cannot_come or self.wrong_number or self._in_doubt():
            return False
        if Sense.COMING in self.senses:
            return Sense.NO_WORD not in self.senses
        if self.left_over or self.senses & {Sense.NOTHING, Sense.SEEN, Sense.NO_WORD, Sense.WHO}:
            return False
        if self._begins_with_yes():
            return self._yes_means_coming()
        return self.nothing_but({Sense.OK_WORD})

    def _yes_means_coming(self) -> bool:
        """A yes beside "I need a ride" answers that question, unless a "but" parts them."""
        if self.senses & (_STOPS | _STOP_WORDS | {Sense.STOP_ALONE_WORD, Sense.START}):
            return False
        if self.senses & {Sense.START_WORD, Sense.HELP_WORD, Sense.PERSON}:
            return False
        return Sense.RIDE not in self.senses or Sense.AND in self.senses

    def _begins_with_yes(self) -> bool:
        for match in self.matches:
            if match.sense is Sense.YES_WORD:
                return True
            if match.sense not in {Sense.COURTESY, Sense.OK_WORD}:
                return False
        return False

    def _begins_with_stop(self) -> bool:
        """STOP as a sentence of its own, with something after it that asks and promises nothing."""
        first = self.parsed.clauses[:1]
        if not first or not first[0].ends or self.questions:
            return False
        inside = [match for match in self.matches if match.clause == 0]
        covered = sum(match.end - match.start for match in inside)
        return (
            covered == len(first[0].words)
            and any(match.sense in _STOP_WORDS for match in inside)
            and all(match.sense in _STOP_WORDS | _POLITE for match in inside)
            and not self.senses & {Sense.COMING, Sense.YES_WORD, Sense.RIDE, Sense.CANNOT_COME}
        )

    def _in_doubt(self) -> bool:
        if Sense.DOUBT in self.senses or self._yes_was_if():
            return True
        numbers = any(word[0].isdigit() for clause in self.parsed.clauses for word in clause.words)
        return numbers and not (self.nothing_else and Sense.COMING not in self.senses)

    def _yes_was_if(self) -> bool:
        """Without its accent, the Spanish yes is an if: what is unknown after it is a condition."""
        return any(
            match.sense is Sense.YES_WORD and (match.clause, match.end) in self.unknown
            for match in self.matches
        )

    def _needs_a_person(self, kinds: Collection[ReplyKind]) -> bool:
        if Sense.PERSON in self.senses:
            return True
        if ReplyKind.WRONG_NUMBER not in kinds and Sense.WHO in self.senses:
            return True
        if self.questions:
            return True
        enough = 1 if ReplyKind.CONFIRMED in kinds or self._begins_with_stop() else _MUCH
        return self.left_over >= enough and bool(
            {ReplyKind.CONFIRMED, ReplyKind.STOP, ReplyKind.START} & {*kinds}
        )

    def _is_void_here(self, match: Match) -> bool:
        """A stop or a promise inside of a question is none, unless the question asks for it."""
        begins = self.questions.get(match.clause)
        if begins is None or match.start < begins:
            return False
        return match.sense not in {
            Sense.QUESTION,
            Sense.WHO,
            Sense.RIDE,
            Sense.CANNOT_COME,
            Sense.NOTHING,
            Sense.PERSON,
        }

    def _uncovered(self) -> set[tuple[int, int]]:
        """Clause and place of the words that no phrase covers, outside of questions."""
        open_words = {
            (number, at)
            for number, clause in enumerate(self.parsed.clauses)
            for at in range(self.questions.get(number, len(clause.words)))
        }
        for match in self.parsed.matches:
            if not match.void:
                open_words -= {(match.clause, at) for at in range(match.start, match.end)}
        return open_words

    def _has(self, wanted: Collection[Sense]) -> bool:
        return any(sense in self.senses for sense in wanted)


def _question_starts(parsed: Parsed) -> dict[int, int]:
    """Clause → the word from which on it asks something other than a stop or a ride."""
    starts: dict[int, int] = {}
    for match in parsed.matches:
        if match.sense is Sense.QUESTION:
            starts.setdefault(match.clause, match.start)
    for number, clause in enumerate(parsed.clauses):
        if clause.asked and number not in starts:
            senses = {match.sense for match in parsed.matches if match.clause == number}
            if not (senses & _REQUESTS or _asks_to_stop(senses) or Sense.WHO in senses):
                starts[number] = 0
    return starts


def _asks_to_stop(senses: Collection[Sense]) -> bool:
    return Sense.ASKING in senses and bool({*senses} & _STOP_WORDS)
