"""The flite synthesiser, called through its shared libraries.

flite (Carnegie Mellon University, a BSD-like licence) is the teacher of the embedded voice. Beside the
waveform, the libraries tell when each phone sounds and to which word of the text it belongs, and what its
lexicon and letter-to-sound rules say for a word: the command line tells neither.
"""
import ctypes
from dataclasses import dataclass

import numpy as np
from scipy.signal import resample_poly

SAMPLE_RATE = 24_000
MARGIN_SECONDS = 0.06
LOUDNESS_RMS = 0.08


@dataclass(frozen=True)
class Voice:
    """One speaker: a flite voice, how far its pitch and its formants are moved, and its pace."""

    name: str
    base: str
    pitch: float = 1.0
    formants: float = 1.0
    slowness: float = 1.0
    description: str = ""


VOICES = [
    Voice("ella", "slt", formants=0.96, description="feminine"),
    Voice("mia", "slt", pitch=1.22, formants=1.02, description="feminine, bright"),
    Voice("robert", "rms", description="masculine"),
    Voice("frank", "rms", pitch=0.82, formants=0.96, description="masculine, deep"),
    Voice("angus", "awb", description="masculine, scottish"),
]
VOICE_INDEX = {voice.name: index for index, voice in enumerate(VOICES)}


@dataclass
class Utterance:
    """Sound at 24 kHz (int16) and, for every phone, (name, start s, end s, index of its word in the text)."""

    samples: np.ndarray
    phones: list


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
        """Speak `text`: trimmed to 60 ms around the sound, loudness made equal. None where nothing sounds."""
        pointer, features = self._voice(voice)
        self._set_float(features, b"f0_shift", voice.pitch / voice.formants)
        self._set_float(features, b"duration_stretch", voice.slowness * voice.formants)
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
        loud = np.flatnonzero(np.abs(sound) > 0.01)
        if len(loud) == 0:
            return None
        margin = int(MARGIN_SECONDS * SAMPLE_RATE)
        first = max(0, loud[0] - margin)
        sound = sound[first : loud[-1] + margin]
        shift = first / SAMPLE_RATE
        phones = [(name, start - shift, end - shift, word) for name, start, end, word in phones]
        rms = max(float(np.sqrt(np.mean(sound**2))), 1e-4)
        sound = np.clip(sound * (LOUDNESS_RMS / rms), -0.99, 0.99)
        return Utterance((sound * 32767).astype(np.int16), phones)

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
