"""What can stand in the way of a page, and what each says to the person in front of it."""

from collections.abc import Mapping


class PageProblem(Exception):
    """A page that cannot be shown; says what happened, what was lost (nothing), what to do.

    Attributes:
        status: of the answer.
        title: what happened, as a heading.
        text: what to do, in plain words. Never anything that was typed.
        link: where to go on, with its words.
        headers: added to the answer.
    """

    status = 500
    title = "Something went wrong"
    text = "Nothing was changed. Try again."
    link: tuple[str, str] = ("/", "Go to Today")
    headers: Mapping[str, str] = {}

    def __init__(self) -> None:
        super().__init__(self.title)


class SignInNeeded(PageProblem):
    """Nobody is signed in, or the session has ended."""

    status = 401
    title = "You are signed out"
    text = (
        "Nothing was saved. Sign in again, then use your browser's Back button: most browsers "
        "still have what you typed."
    )
    link = ("/sign-in", "Sign in")


class SecondFactorNeeded(PageProblem):
    """The hub asks for a second factor, and this member of staff has none yet."""

    status = 403
    title = "Set up your second factor first"
    text = (
        "Nothing was saved. Your hub asks everybody for a second factor beside the password. It "
        "takes two minutes; then you can go on."
    )
    link = ("/me/second-factor", "Set it up")


class ProofNeeded(PageProblem):
    """It is a while since whoever sits there proved who they are.

    Attributes:
        back: the page that they wanted.
    """

    status = 403

    def __init__(self, back: str) -> None:
        super().__init__()
        self.back = back


class NotYours(PageProblem):
    """Signed in, but this page is for others."""

    status = 403
    title = "This page is not for your role"
    text = "Ask the administrator of your hub if you need it for your work."

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.text = text or type(self).text


class ForeignForm(PageProblem):
    """A form that another site sent."""

    status = 403
    title = "This form did not come from here"
    text = "Nothing was changed. Open the page again from Homeward and send the form from there."


class NoSuchPage(PageProblem):
    """Nothing lives at this address, or not in this hub."""

    status = 404
    title = "There is nothing here"
    text = "It may have been removed, or the address is not complete. Look for the person by name."
    link = ("/cases", "Find a case")


class WrongWay(PageProblem):
    """The address is right, but not for opening it like this."""

    status = 405
    title = "This address only takes forms"
    text = "Nothing was changed. Go back to the page that has the form."


class FormTooLarge(PageProblem):
    """More was sent than any form here needs."""

    status = 413
    title = "That was too much text"
    text = "Nothing was saved. Use your browser's Back button and shorten what you wrote."


class SentTwice(PageProblem):
    """The same form arrived twice in the same moment."""

    status = 409
    title = "This form was sent twice"
    text = "It was saved once. Open the case to see it."
    link = ("/cases", "Find the case")


class FileGone(PageProblem):
    """The record of a document is there, its file is not, or does not open."""

    status = 410
    title = "This file is not in the document store"
    text = (
        "The record of it is there, the file is missing or damaged. Change the packet to have a "
        "new version built, or put the documents folder back from your backup."
    )


class NotStored(PageProblem):
    """The document store has no room, or does not answer."""

    status = 503
    title = "The file could not be stored"
    text = (
        "Nothing was saved. Try again in a moment; if it happens again, tell your administrator "
        "that the document store is full or does not answer. `homeward doctor` says which."
    )
    headers = {"Retry-After": "30"}


class Busy(PageProblem):
    """The records were locked for too long."""

    status = 503
    title = "The records are busy"
    text = "Nothing was changed. Wait a moment, then try again."
    headers = {"Retry-After": "5"}


class Broken(PageProblem):
    """A fault of the program. `number` finds it in the log."""

    status = 500
    title = "Something broke on our side"

    def __init__(self, number: str) -> None:
        super().__init__()
        self.number = number
        self.text = (
            "What you did last was not saved; everything before it is safe. Try again. If it "
            f"happens again, give your administrator this number: {number}."
        )
