"""Stage "curves": what the log files of the training say, as one picture for `docs/voice.md`.

    python curves.py        # WORK/{codec,codec-dec,lm}.log and WORK/judged.jsonl -> docs/samples/curves.png

judged.jsonl has a line for each time the voice was judged: {"step": language model's step, "wer": …, "dnsmos": …}.
"""
import argparse
import json
import re
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

OUT = Path(__file__).parent.parent / "docs" / "samples" / "curves.png"
SHOWN = dict(codec=("spectra", "heard", "names", "person"), **{"codec-dec": ("spectra", "heard", "names", "strays")}, lm=("books", "look", "name"))
"""Which numbers of each log file."""


def read_log(path, labels):
    """-> {label: [(step, value)]}; a label's value is the number behind it."""
    found = {label: [] for label in labels}
    for line in path.read_text().splitlines() if path.exists() else ():
        step = re.match(r"(\d+) (?!passed)", line)
        for label in labels if step else ():
            value = re.search(rf"\b{label} ([\d.]+)", line)
            if value:
                found[label].append((int(step[1]), float(value[1])))
    # A stage that was begun again tells a step twice: the last one counts.
    return {label: sorted(dict(points).items()) for label, points in found.items()}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=Path(__file__).parent / "work")
    arguments.add_argument("--out", type=Path, default=OUT)
    options = arguments.parse_args()
    figure, axes = pyplot.subplots(1, 4, figsize=(14, 3), dpi=80, layout="constrained")
    for axis, (name, labels) in zip(axes, SHOWN.items()):
        values = []
        for label, points in read_log(options.work / f"{name}.log", labels).items():
            if points:
                axis.plot(*zip(*points), label=label)
                values += [value for _, value in points]
        if values:
            # Tries that went astray are cut off.
            axis.set_ylim(0, 1.2 * sorted(values)[int(0.99 * (len(values) - 1))])
        axis.set_title(f"{name}, by steps", fontsize=9)
        axis.legend(fontsize=7)
    judged = options.work / "judged.jsonl"
    rows = [json.loads(line) for line in judged.read_text().splitlines()] if judged.exists() else []
    steps = [row["step"] for row in rows]
    quality = axes[3].twinx()
    axes[3].plot(steps, [row["wer"] for row in rows], "o-", label="word errors")
    quality.plot(steps, [row["dnsmos"] for row in rows], "s--", color="tab:orange", label="DNSMOS (right)")
    axes[3].set_ylim(0)
    quality.tick_params(labelsize=7)
    axes[3].set_title("judged, by steps of lm", fontsize=9)
    figure.legend(*zip(*((line, line.get_label()) for line in [*axes[3].lines, *quality.lines])), loc="outside lower right", fontsize=7)
    for axis in axes:
        axis.tick_params(labelsize=7)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(options.out)


if __name__ == "__main__":
    main()
