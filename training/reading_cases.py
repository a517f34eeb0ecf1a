"""The fixtures of `test/engine/pronunciation`: how hibari's G2P reads the sentences there, with both accents.

    python reading_cases.py ../test/fixtures/pronunciation      (needs hibari-tts 0.2.1)

`sentences.txt` has one sentence a line; `cases.json` gets [{text, american, british}] of those whose words are all known to
the lexicon, for the others are read by a model of letters, here and there by another one.
"""
import json
import re
import sys
from pathlib import Path

from hibari.g2p import G2P


def as_the_voice_reads(phones):
    """Marks and blanks as the embedded voice learnt them."""
    phones = phones.replace("...", "…").replace("–", "—")
    phones = re.sub("[\"“”()]", "", phones)
    phones = re.sub(" *— *", "—", phones)
    phones = re.sub(" +", " ", phones)
    return re.sub(" (?=[;:,.!?…])", "", phones).strip()


def main(folder):
    unknown = []
    readers = {}
    for accent in ("american", "british"):
        reader = G2P(british=accent == "british")
        net = reader.oov
        reader._oov = lambda word, net=net: (unknown.append(word), net(word))[1]
        readers[accent] = reader
    cases = []
    for text in (folder / "sentences.txt").read_text(encoding="utf-8").splitlines():
        unknown.clear()
        # A dash between blanks is one, whatever class hibari's tagger gives it.
        dashed = text.replace(" - ", " — ")
        case = {accent: as_the_voice_reads(reader(dashed, normalize_text=False)) for accent, reader in readers.items()}
        if unknown:
            print("left out for", ", ".join(unknown), "|", text)
        else:
            cases.append(dict(text=text, **case))
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    (folder / "cases.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(len(cases), "cases")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
