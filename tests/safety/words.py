"""The sentinels: made-up words that stand nowhere else, one for each secret of each person, committee and meeting.

All begin with `zq` and are made of letters and digits only, so that no escaping changes them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field


def _word(kind: str, whose: str = "") -> str:
    return f"zq{kind}{hashlib.sha256(f'{kind} {whose}'.encode()).hexdigest()[:10]}"


@dataclass
class Words:
    """Gives out words, and remembers all that it gave: kind → whose → word."""

    given: dict[str, dict[str, str]] = field(default_factory=dict)

    def _give(self, kind: str, whose: str = "") -> str:
        return self.given.setdefault(kind, {}).setdefault(whose, _word(kind, whose))

    def address(self, whose: str) -> str:
        return f"{self._give('address', whose)}@mail.example"

    def handle(self, whose: str) -> str:
        """Letters only, for a handle's look-alikes are folded together."""
        word = self._give("handle", whose)
        letters = "zq" + word[2:].translate(str.maketrans("0123456789", "ghijklmnop"))
        self.given["handle"][whose] = letters
        return letters

    def committee(self, whose: str) -> str:
        return f"{self._give('committee', whose)} committee"

    def employer(self, whose: str) -> str:
        return f"{self._give('employer', whose)} Ltd"

    def endpoint(self, whose: str) -> str:
        """Where the push service reaches somebody's browser."""
        return self._give("endpoint", whose)

    def site(self, whose: str) -> str:
        return self._give("site", whose)

    def title(self, whose: str) -> str:
        return f"{self._give('title', whose)} and overtime"

    def item(self, whose: str) -> str:
        return self._give("item", whose)

    def organizers_item(self, whose: str) -> str:
        return self._give("organizersitem", whose)

    def place(self, whose: str) -> str:
        return f"{self._give('place', whose)} hall, back door"

    def link(self, whose: str) -> str:
        return f"https://meet.example/{self._give('link', whose)}"

    def dial_in(self, whose: str) -> str:
        return f"{self._give('dialin', whose)} pin"

    def why(self, whose: str) -> str:
        return f"{self._give('why', whose)} is why"

    def answer(self, whose: str) -> str:
        return self._give("answer", whose)

    def reply(self, whose: str) -> str:
        return self._give("reply", whose)

    def tie(self, whose: str) -> str:
        """What organizers wrote to those of a wider committee, and why they parted."""
        return self._give("tie", whose)

    def joint(self, whose: str) -> str:
        """Why an organizer proposed what takes two."""
        return f"{self._give('joint', whose)} is why we need this"

    def arrival(self, whose: str) -> str:
        """What somebody who brings a committee says to those who answer."""
        return f"{self._give('arrival', whose)} is how you know me"

    def charter(self, whose: str) -> str:
        """What a committee is to be for, as two organizers propose it."""
        return f"{self._give('charter', whose)} is what we are for"

    def mandate(self, whose: str) -> str:
        """What a delegate may say and agree to."""
        return f"{self._give('mandate', whose)} is what you may agree to"

    def flag_note(self, whose: str) -> str:
        """What somebody wrote who flagged something."""
        return f"{self._give('flagnote', whose)} is what I saw"

    def decision(self, whose: str) -> str:
        """What a moderator wrote to somebody against whom they decided."""
        return f"{self._give('decision', whose)} is why we decided so"

    def message(self, whose: str) -> str:
        """What organizers write to all members of a committee."""
        return f"{self._give('message', whose)} **for** all of us"

    def poll(self, whose: str) -> str:
        """What organizers look for a time for, and what they ask with it."""
        return f"{self._give('poll', whose)} before the rota"

    def minutes(self, whose: str) -> str:
        """What was said at a meeting, what it decided and what is to do."""
        return self._give("minutes", whose)

    def paper(self, whose: str) -> str:
        """What a document on an agenda is called, and what stands in it."""
        return self._give("document", whose)

    def organizers_paper(self, whose: str) -> str:
        """The same at a point for organizers."""
        return self._give("organizersdoc", whose)

    @property
    def camera(self) -> str:
        """What a camera wrote into a photo."""
        return self._give("camera")

    def visitor(self, whose: str) -> str:
        """How somebody who registered for another committee's meeting wants to be called: letters only, as a handle."""
        word = self._give("visitor", whose)
        letters = "zq" + word[2:].translate(str.maketrans("0123456789", "ghijklmnop"))
        self.given["visitor"][whose] = letters
        return letters

    def organizers_minutes(self, whose: str) -> str:
        """What was said at a point for organizers."""
        return self._give("organizersminutes", whose)

    def objection(self, whose: str) -> str:
        """What a member objects to in minutes."""
        return self._give("objection", whose)

    def asked(self, whose: str) -> str:
        """What somebody who is stuck asks a person."""
        return f"{self._give('asked', whose)} is where I am stuck"

    def advice(self, whose: str) -> str:
        """What they are answered."""
        return self._give("advice", whose)

    def guide(self, whose: str) -> str:
        """The title of a page of help, and what it says."""
        return self._give("guide", whose)

    def topic(self, whose: str) -> str:
        """The title of a topic in the forum."""
        return f"{self._give('topic', whose)} at our place"

    def post(self, whose: str) -> str:
        """What somebody wrote in the forum."""
        return self._give("post", whose)

    def draft(self, whose: str) -> str:
        """What somebody began to write there."""
        return self._give("draft", whose)

    def label(self, whose: str) -> str:
        """What organizers call an invitation."""
        return self._give("label", whose)

    @property
    def question(self) -> str:
        return self._give("question")

    @property
    def said(self) -> str:
        return self._give("said")

    @property
    def note(self) -> str:
        return self._give("note")

    @property
    def reason(self) -> str:
        return self._give("reason")

    @property
    def change(self) -> str:
        """Why a meeting was moved or cancelled."""
        return self._give("change")

    @property
    def cell(self) -> str:
        """What stands in a list of workplaces beside the workplaces: somebody's number, perhaps."""
        return self._give("cell")

    @property
    def passkey(self) -> str:
        return self._give("passkey")

    @property
    def agent(self) -> str:
        return f"{self._give('agent')}/1.0 (made up)"


WORDS = Words()
