"""Every convolution and activation of the decoder, fast (fast.py) against plain float, forward and gradients.

    python check_fast.py        # ends with the number of layers that are more than 3 % off; it must be 0

To be run after each change of torch: 2.13 computes a bf16 convolution of 8 channels, kernel 16 and stride 8 wrong in
channels-last order, without a word; `fast.py` goes round it.
"""
import argparse
import copy
import sys
from pathlib import Path

import torch
from torch import nn

import fast
from codec import CFG, Codec, Snake

MOST_OFF = 0.03


def off(value, wanted):
    return ((value.float() - wanted).norm() / wanted.norm().clamp_min(1e-9)).item()


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=Path(__file__).parent / "work")
    options = arguments.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    codec, seen, bad = Codec(CFG), [], 0
    for name, layer in codec.acoustic_decoder.named_modules():
        if isinstance(layer, (nn.Conv1d, nn.ConvTranspose1d, Snake)):
            layer.register_forward_hook(lambda layer, x, y, name=name: seen.append((name, layer, x[0].detach())))
    with torch.no_grad():
        codec.acoustic_decoder(torch.randn(4, CFG["lat"], 32))
    for name, layer, x in seen:
        layer._forward_hooks.clear()
        quick = fast.quicken(nn.Sequential(copy.deepcopy(layer)), Snake, options.work)[0]
        ours, theirs = x.clone().requires_grad_(), x.clone().requires_grad_()
        wanted, got = layer(ours), quick(theirs)
        pull = torch.randn_like(wanted)
        (wanted * pull).sum().backward()
        (got.float() * pull).sum().backward()
        errors = [off(got, wanted), off(theirs.grad, ours.grad)]
        errors += [off(q.grad, p.grad) for p, q in zip(layer.parameters(), quick.parameters())]
        if max(errors) > MOST_OFF:
            bad += 1
            print(name, tuple(x.shape), " ".join(f"{error:.3f}" for error in errors))
    print(len(seen), "layers,", bad, "bad")
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
