"""Stage "hear the codec": texts held out of the training through the codec: words, how they sound, who speaks.

    python hear_codec.py codec.pt                 # a checkpoint in WORK
Speakers: the named voices' originals (teachers.py) and, with `--speech NAMES`, texts of those lots. A row a group: word errors and
DNSMOS of the originals and through the codec, how near the speaker stays (cosine of resemblyzer's embeddings of a sound before
and after, "same"), and how often, of all speakers, the nearest original is of the same one ("told").
"""
import argparse
from pathlib import Path

import numpy as np
import torch

from codes import Encoder
from judge import Judge, word_error_rate
from lots import read_lots, who
from teachers import Teachers
from texts import EVALUATION, UNSEEN
from voices import VOICES


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("codec", help="checkpoint in WORK")
    arguments.add_argument("--work", type=Path, default=Path(__file__).parent / "work")
    arguments.add_argument("--texts", type=int, default=4, help="of each named voice")
    arguments.add_argument("--speech", help="names of lots with other speakers, separated by commas")
    arguments.add_argument("--others", type=int, default=12, help="how many of them")
    options = arguments.parse_args()
    torch.set_num_threads(1)
    texts, sounds = UNSEEN + EVALUATION, []
    teachers, encoder, judge = Teachers(options.work), Encoder(options.work / options.codec), Judge()
    for voice in VOICES:
        sounds += [("named", voice.name, text, teachers.speak(text, voice)) for text in texts[: options.texts]]
    if options.speech:
        seen = set()
        for lot in read_lots(options.work, options.speech):
            for i, entry in enumerate(lot.entries):
                name = who(entry["speaker"])
                if name not in seen and len(seen) < options.others and entry["samples"] > 48_000:
                    seen.add(name)
                    sounds.append(("other", name, entry["text"], lot.samples(i)))
    rows, before, after, names = {}, [], [], []
    for group, name, text, sound in sounds:
        through = encoder.through(sound)
        plain = judge.plain(text)
        row = [plain, *(judge.plain(judge.heard(one)) for one in (sound, through))]
        rows.setdefault(group, []).append((*row, judge.quality(sound)[0], judge.quality(through)[0], len(before)))
        before.append(judge.person(sound))
        after.append(judge.person(through))
        names.append(name)
    before, after = np.array(before), np.array(after)
    likeness = after @ before.T
    print("group  count  WER before, after   DNSMOS before, after   same  told")
    for group, found in rows.items():
        plain, heard, through, quality, quality_through, at = zip(*found)
        same = np.mean([likeness[i, i] for i in at])
        told = np.mean([names[int(np.argmax(likeness[i]))] == names[i] for i in at])
        print(
            f"{group:6} {len(found):5}   {word_error_rate(plain, heard):.3f}  {word_error_rate(plain, through):.3f}   "
            f"      {np.mean(quality):.2f}  {np.mean(quality_through):.2f}           {same:.3f}  {told:.2f}"
        )


if __name__ == "__main__":
    main()
