"""The voices of the embedded model, and which of Kokoro's speakers each one learns from."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Voice:
    """One speaker: Kokoro's name, the words that a description may ask for it by, the foremost first, and what the shipped
    clip says."""

    name: str
    speaker: str
    description: str
    clip: str

    @property
    def british(self):
        return self.speaker.startswith("b")

    @property
    def accent(self):
        return "british" if self.british else "american"


VOICES = [
    Voice("ella", "af_heart", "feminine, american, warm",
          "The morning train was late, but nobody minded the wait."),
    Voice("mia", "af_bella", "feminine, american, lively",
          "There is fresh coffee on the kitchen table, and the windows are open."),
    Voice("robert", "am_michael", "masculine, american, calm",
          "The old house stands at the end of the road, behind the tall trees."),
    Voice("frank", "am_fenrir", "masculine, american, deep",
          "You should wear a thick coat today, because the wind is very cold."),
    Voice("alice", "bf_emma", "feminine, british, calm",
          "The market on the square sells bread, cheese and fresh fish."),
    Voice("angus", "bm_george", "masculine, british, calm",
          "Nothing much grows in this field, although it rains every week."),
]
"""The first is the default."""
BY_NAME = {voice.name: voice for voice in VOICES}
BY_SPEAKER = {voice.speaker: voice for voice in VOICES}
DESCRIBING = (
    "feminine masculine american british calm lively warm deep bright young old female woman slow fast"
).split()
"""Words that the tokenizer keeps whole; none occurs in a string of phones."""
KEPT_OUT = "af_kore af_sky af_sarah am_eric am_puck am_onyx bf_lily bm_daniel".split()
"""Kokoro's speakers that no new speech is made of: `cloning.py` lets the model hear blends of them first."""
