"""The flite synthesiser, called through its shared libraries.

flite (Carnegie Mellon University, a BSD-like licence) is the teacher of the embedded voice. Beside the
waveform, the libraries tell when each phone sounds and to which word of the text it belongs, and what its
lexicon and letter-to-sound rules say for a word: the command line tells neither.
"""
import ctypes

import numpy as np
from scipy.signal import resample_poly

from voices import SAMPLE_RATE, finished


class _Wave(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_char_p),
        ("sample_rate", ctypes.c_int),
        ("num_samples", ctypes.c_int),
        ("num_channels", ctypes.c_int),
        ("samples", ctypes.POINTER(ctypes.c_short)),
    ]


def _library(name):
    library = ctypes.CDLL(f"lib{name}.so.1", mode=ctypes.RTLD_GLOBAL)
    return library


def _declare(library, name, result, *arguments):
    function = getattr(library, name)
    function.restype = result
    function.argtypes = list(arguments)
    return function


_P, _S, _F = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_float


class Flite:
    """The library, loaded once a process."""

    def __init__(self):
        core = self._core = _library("flite")
        _library("flite_usenglish")
        lexicon = _library("flite_cmulex")
        self._synth = _declare(core, "flite_synth_text", _P, _S, _P)
        self._wave = _declare(core, "utt_wave", ctypes.POINTER(_Wave), _P)
        self._relation = _declare(core, "utt_relation", _P, _P, _S)
        self._head = _declare(core, "relation_head", _P, _P)
        self._next = _declare(core, "item_next", _P, _P)
        self._path = _declare(core, "path_to_item", _P, _P, _S)
        self._string = _declare(core, "item_feat_string", _S, _P, _S)
        self._float = _declare(core, "item_feat_float", _F, _P, _S)
        self._delete = _declare(core, "delete_utterance", None, _P)
        self._set_float = _declare(core, "flite_feat_set_float", None, _P, _S, _F)
        self._lookup = _declare(core, "lex_lookup", _P, _P, _S, _S, _P)
        self._car = _declare(core, "val_car", _P, _P)
        self._cdr = _declare(core, "val_cdr", _P, _P)
        self._val_string = _declare(core, "val_string", _S, _P)
        self._delete_val = _declare(core, "delete_val", None, _P)
        core.flite_init()
        self._lexicon = _declare(lexicon, "cmu_lex_init", _P)()
        self._voices = {}

    def _voice(self, voice):
        key = voice.name
        if key not in self._voices:
            library = _library(f"flite_cmu_us_{voice.base}")
            register = _declare(library, f"register_cmu_us_{voice.base}", _P, _S)
            pointer = register(None)
            # cst_voice begins: const char *name; cst_features *features; ...
            features = ctypes.cast(pointer, ctypes.POINTER(_P))[1]
            self._voices[key] = (pointer, features)
        return self._voices[key]

    def pronounce(self, word):
        """Phones of a word as flite's lexicon or its letter-to-sound rules give them, vowels with stress 0 or 1."""
        value = self._lookup(self._lexicon, word.encode(), None, None)
        phones, cell = [], value
        while cell:
            phones.append(self._val_string(self._car(cell)).decode())
            cell = self._cdr(cell)
        self._delete_val(value)
        return phones

    def speak(self, text, voice):
        """Speak `text`: an `Utterance`, or None where nothing sounds."""
        pointer, features = self._voice(voice)
        self._set_float(features, b"f0_shift", voice.pitch / voice.formants)
        self._set_float(features, b"duration_stretch", voice.formants)
        utterance = self._synth(text.encode(), pointer)
        try:
            wave = self._wave(utterance).contents
            sound = np.ctypeslib.as_array(wave.samples, (wave.num_samples,)).astype(np.float32) / 32768
            rate = wave.sample_rate
            phones = self._phones(utterance)
        finally:
            self._delete(utterance)
        # Played `formants` times faster, then brought to 24 kHz: pitch and formants move together, and the
        # settings above have moved the pitch and the pace the other way beforehand.
        up = round(SAMPLE_RATE / (rate * voice.formants) * 1000)
        divisor = np.gcd(up, 1000)
        sound = resample_poly(sound, up // divisor, 1000 // divisor).astype(np.float32)
        phones = [(name, start / voice.formants, end / voice.formants, word) for name, start, end, word in phones]
        return finished(sound, phones)

    def _phones(self, utterance):
        words = {}
        item = self._head(self._relation(utterance, b"Token"))
        while item:
            words[item] = len(words)
            item = self._next(item)
        phones, start = [], 0.0
        item = self._head(self._relation(utterance, b"Segment"))
        while item:
            end = self._float(item, b"end")
            token = self._path(item, b"R:SylStructure.parent.parent.R:Token.parent")
            phones.append((self._string(item, b"name").decode(), start, end, words.get(token, -1)))
            start = end
            item = self._next(item)
        return phones
