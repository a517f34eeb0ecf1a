"""Stage "word times": how far the times that the engine tells for words are off, held against times that are not its own.

hibari says the texts in the default voice's own voice and tells when each phone sounds. Its sound is laid on the engine's by
dynamic time warping over their cepstra, and its words' times with it.
"""
import argparse

import librosa
import numpy as np

from evaluate import ShippedEngine
from hibari_teacher import Hibari
from reading import read
from texts import EVALUATION, UNSEEN
from wav import RATE

STEP = RATE // 200


def cepstra(sound):
    """[13, every 5 ms], without the loudness, each of mean 0 and spread 1."""
    found = librosa.feature.mfcc(y=sound, sr=RATE, n_mfcc=14, n_fft=1024, win_length=600, hop_length=STEP)[1:]
    return (found - found.mean(1, keepdims=True)) / found.std(1, keepdims=True)


def words_of(times):
    """[(phone, start, end)] -> [(start, end)] of the words, whose phones a space parts."""
    words, word = [], []
    for phone, start, end in [*times, (" ", 0, 0)]:
        if phone == " ":
            words += [(word[0][0], word[-1][1])] if word else []
            word = []
        elif phone not in ".,!?;:—…":
            word.append((start, end))
    return words


def laid_on(other, mine, moments):
    """Moments (s) of `other` as moments of `mine`, the same text by the same voice."""
    _, path = librosa.sequence.dtw(cepstra(other), cepstra(mine), step_sizes_sigma=np.array([[1, 1], [0, 1], [1, 0]]))
    path = path[::-1] * STEP / RATE
    return [float(np.median(path[np.abs(path[:, 0] - moment) <= STEP / RATE, 1])) for moment in moments]


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--texts", choices=["evaluation", "unseen"], default="unseen")
    arguments.add_argument("--count", type=int, default=20)
    options = arguments.parse_args()
    teacher, engine = Hibari(), ShippedEngine(options)
    starts, ends, passed_over = [], [], 0
    for seed, text in enumerate(dict(evaluation=EVALUATION, unseen=UNSEEN)[options.texts][: options.count], 1):
        said = engine.plain(text, seed, wordTimes=True)
        sound, times = teacher.speak(read(text))
        words = words_of(times)
        if len(words) != len(said.words):
            # A number is several words for one and one for the other.
            passed_over += 1
            continue
        moments = laid_on(sound, said.sound, [moment for word in words for moment in word])
        starts += [abs(word["startSeconds"] - moment) for word, moment in zip(said.words, moments[::2])]
        ends += [abs(word["endSeconds"] - moment) for word, moment in zip(said.words, moments[1::2])]
    print("| what | words | median, ms | 90 %, ms | worst, ms |\n|---|---|---|---|---|")
    for what, off in (("starts", starts), ("ends", ends)):
        median, most = (1000 * np.percentile(off, share) for share in (50, 90))
        print(f"| {what} | {len(off)} | {median:.0f} | {most:.0f} | {1000 * max(off):.0f} |")
    print(f"{passed_over} texts passed over, for their words are counted differently")


if __name__ == "__main__":
    main()
