"""The pages that only tell something, in plain words: titles and paragraphs, for the catalogues."""

from collections.abc import Callable, Sequence


def _marked(text: str) -> str:
    """Marks what is translated when it is shown."""
    return text


Chapters = Sequence[tuple[str, Sequence[str]]]

HOW: Chapters = (
    (
        _marked("Your data stay where they are"),
        (
            _marked(
                "Each office keeps the data that it needs for its own work. There is no big file "
                "with everything about you. The network only knows which office knows you."
            ),
            _marked(
                "When an office needs a datum that another one has, it asks for it over the "
                "network. So you need not give the same datum twice."
            ),
        ),
    ),
    (
        _marked("Nobody asks without permission"),
        (
            _marked(
                "A committee decides which office may get which data, and for what. It publishes "
                "each decision. We call such a decision a deliberation."
            ),
            _marked(
                "The network looks at the decision before it passes on anything. If there is no "
                "decision, nothing is passed on."
            ),
        ),
    ),
    (
        _marked("Everything is written down"),
        (
            _marked(
                "The network writes down who asked what about whom, when and why. It does not "
                "write down the answer."
            ),
            _marked(
                "What is written down cannot be changed in secret. Others keep a signature of it "
                "and would see it."
            ),
        ),
    ),
    (
        _marked("You can see and correct"),
        (
            _marked(
                "On your page you see who used your data. Some uses are shown later, because a law "
                "says so, for example during an inquiry into fraud."
            ),
            _marked(
                "If something is wrong, you can report it. The office that keeps the datum must "
                "answer in time. If it corrects the datum, all who got it are told."
            ),
        ),
    ),
)
"""How the network works."""
ACCESSIBILITY: Chapters = (
    (
        _marked("For everybody"),
        (
            _marked(
                "These pages follow the Web Content Accessibility Guidelines (WCAG) 2.2, level AA. "
                "They work with the keyboard alone, with a screen reader, at large text and on a "
                "phone. They need no script."
            ),
        ),
    ),
    (
        _marked("What does not work yet"),
        (
            _marked(
                "Names of data, of offices and of decisions are only there in Dutch, French and "
                "German. On the pages in English they are in Dutch, and marked so for screen "
                "readers."
            ),
        ),
    ),
    (
        _marked("Tell us"),
        (
            _marked(
                "If something does not work for you, write to the data protection officer of the "
                "Crossroads Bank. The address is in your extract. You get an answer within a month."
            ),
        ),
    ),
)
"""For whom the pages are made."""


def chapters(told: Chapters, say: Callable[[str], str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The chapters in a language."""
    return tuple((say(title), tuple(map(say, text))) for title, text in told)
