"""Whoever speaks a voice's originals: one `speak` for all of them."""
from flite import Flite
from pico import Pico


class Teachers:
    """Loaded once a process."""

    def __init__(self):
        flite = Flite()
        self._by_name = {"flite": flite, "pico": Pico(flite)}

    def speak(self, text, voice):
        """Speak `text`: an `Utterance`, or None where nothing sounds."""
        return self._by_name[voice.teacher].speak(text, voice)
