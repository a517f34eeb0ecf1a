"""Stage "curves": what the log files of the training say, as one picture for `docs/voice.md`.

    python curves.py        # WORK/{codec,codec-dec,lm}.log and WORK/judged.jsonl, as far as they are there -> docs/samples/curves.png

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


def draw_judged(figure, axis, path):
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    steps = [row["step"] for row in rows]
    quality = axis.twinx()
    axis.plot(steps, [row["wer"] for row in rows], "o-", label="word errors")
    quality.plot(steps, [row["dnsmos"] for row in rows], "s--", color="tab:orange", label="DNSMOS (right)")
    axis.set_ylim(0)
    quality.tick_params(labelsize=7)
    axis.set_title("judged, by steps of lm", fontsize=9)
    figure.legend(*zip(*((line, line.get_label()) for line in [*axis.lines, *quality.lines])), loc="outside lower right", fontsize=7)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=Path(__file__).parent / "work")
    arguments.add_argument("--out", type=Path, default=OUT)
    options = arguments.parse_args()
    stages = {name: labels for name, labels in SHOWN.items() if (options.work / f"{name}.log").exists()}
    judged = options.work / "judged.jsonl"
    count = len(stages) + judged.exists()
    figure, axes = pyplot.subplots(1, count, figsize=(3.5 * count, 3), dpi=80, layout="constrained", squeeze=False)
    axes = axes[0]
    for axis, (name, labels) in zip(axes, stages.items()):
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
    if judged.exists():
        draw_judged(figure, axes[-1], judged)
    for axis in axes:
        axis.tick_params(labelsize=7)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(options.out)


if __name__ == "__main__":
    main()
