"""The codec's convolutions on a CPU that multiplies bf16 (AMX or AVX-512), channels last. `quicken(module)` changes how they
are computed, not the weights; `check_fast.py` compares every layer with its plain form.

Conv1d runs as a Conv2d of height one in channels-last order (oneDNN's bf16 kernels take that as it is); a transposed
convolution of kernel 2 s and stride s is a convolution of two taps to s times the channels, whose reshape is free in
that order.
"""
import ctypes
import os
import shutil
import subprocess
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

LAST = torch.channels_last
FLAGS = "-O3 -march=native -ffast-math -shared -fPIC".split()


def library_of(name, folder, signatures):
    """NAME.c as a library in `folder`, built with gcc where it is not there yet; `signatures`: (function, pointers, sizes)."""
    source, library = Path(__file__).with_name(f"{name}.c"), Path(folder) / f"{name}.so"
    if not library.exists() or library.stat().st_mtime < source.stat().st_mtime:
        partial = library.with_suffix(f".{os.getpid()}")
        subprocess.run(["gcc", *FLAGS, str(source), "-o", str(partial), "-lmvec", "-lm"], check=True)
        partial.rename(library)
    kernel = ctypes.CDLL(str(library))
    for function, pointers, sizes in signatures:
        getattr(kernel, function).argtypes = [ctypes.c_void_p] * pointers + [ctypes.c_long] * sizes
    return kernel


def build(folder):
    return library_of("snake", folder, (("forward", 3, 2), ("backward", 5, 2), ("forward_rows", 3, 3), ("backward_rows", 5, 3)))


def supported():
    """Whether this CPU multiplies bf16, in tiles or in vectors, and gcc is there."""
    flags = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    return ("amx_bf16" in flags or "avx512_bf16" in flags) and shutil.which("gcc") is not None


def _at(tensor):
    return tensor.data_ptr()


def _last(x, dtype):
    return x.unsqueeze(2).to(dtype).contiguous(memory_format=LAST)


class FastConv1d(nn.Conv1d):
    dtype = torch.bfloat16

    def forward(self, x):
        d, s = self.dtype, self.stride[0]
        if s > 1 and self.kernel_size[0] == 2 * s:
            # Two taps over s times the channels. As it stands, oneDNN's bf16 kernel gets 8 channels, stride 8 wrong.
            batch, width, length = x.shape
            out = (length + 2 * self.padding[0] - 2 * s) // s + 1
            x = F.pad(x.to(d).transpose(1, 2), (0, 0, self.padding[0], self.padding[0] + s))[:, : (out + 1) * s]
            x = x.reshape(batch, out + 1, s * width).transpose(1, 2)
            w = self.weight.view(-1, width, 2, s).permute(0, 3, 1, 2).reshape(-1, s * width, 2)
            return F.conv2d(_last(x, d), _last(w, d), None if self.bias is None else self.bias.to(d)).squeeze(2)
        y = F.conv2d(
            _last(x, d), _last(self.weight, d), None if self.bias is None else self.bias.to(d),
            (1, self.stride[0]), (0, self.padding[0]), (1, self.dilation[0]), self.groups,
        )  # fmt: skip
        return y.squeeze(2)


class FastConvTranspose1d(nn.ConvTranspose1d):
    dtype = torch.bfloat16

    def forward(self, x):
        d, s, out = self.dtype, self.stride[0], self.out_channels
        batch, width, length = x.shape
        # weight [I, O, 2 s] -> taps: x[t - 1] meets k = s..2s-1, x[t] meets k = 0..s-1
        w = self.weight.view(width, out, 2, s).flip(2).permute(3, 1, 0, 2).reshape(s * out, width, 2)
        y = F.conv2d(_last(x, d), _last(w, d), None, 1, (0, 1)).squeeze(2)  # [B, s O, T + 1]
        y = y.transpose(1, 2).reshape(batch, (length + 1) * s, out)
        wanted = (length - 1) * s - 2 * self.padding[0] + 2 * s + self.output_padding[0]
        y = y[:, self.padding[0] : self.padding[0] + wanted]
        return (y + self.bias.to(d)).transpose(1, 2)


class Sine(torch.autograd.Function):
    kernel = None

    @staticmethod
    def forward(ctx, x, alpha):
        """x [B, C, T] bf16, channels last; alpha [1, C, 1]."""
        rows = x.transpose(1, 2).contiguous()
        y = torch.empty_like(rows)
        a = alpha.detach().flatten().contiguous()
        Sine.kernel.forward(_at(rows), _at(a), _at(y), rows.shape[0] * rows.shape[1], rows.shape[2])
        ctx.save_for_backward(rows, a)
        return y.transpose(1, 2)

    @staticmethod
    def backward(ctx, g):
        rows, a = ctx.saved_tensors
        g = g.to(torch.bfloat16).transpose(1, 2).contiguous()
        gx, ga = torch.empty_like(rows), torch.empty_like(a)
        Sine.kernel.backward(_at(rows), _at(a), _at(g), _at(gx), _at(ga), rows.shape[0] * rows.shape[1], rows.shape[2])
        return gx.transpose(1, 2), ga[None, :, None]


class FastSnake(nn.Module):
    def forward(self, x):
        return Sine.apply(x.to(torch.bfloat16), self.alpha)


class FloatSine(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, alpha):
        """x [B, C, T] float; alpha [1, C, 1]."""
        x, a = x.contiguous(), alpha.detach().flatten().contiguous()
        y = torch.empty_like(x)
        Sine.kernel.forward_rows(_at(x), _at(a), _at(y), x.shape[0] * x.shape[1], x.shape[1], x.shape[2])
        ctx.save_for_backward(x, a)
        return y

    @staticmethod
    def backward(ctx, g):
        x, a = ctx.saved_tensors
        g, gx, ga = g.contiguous(), torch.empty_like(x), torch.empty_like(a)
        Sine.kernel.backward_rows(
            _at(x), _at(a), _at(g), _at(gx), _at(ga), x.shape[0] * x.shape[1], x.shape[1], x.shape[2]
        )
        return gx, ga[None, :, None]


class FloatSnake(nn.Module):
    def forward(self, x):
        return FloatSine.apply(x, self.alpha)


def quicken_float(module, snake, folder):
    """Only the activations, in float: for what bf16 would blur, such as the encoder."""
    Sine.kernel = Sine.kernel or build(folder)
    for m in module.modules():
        if type(m) is snake:
            m.__class__ = FloatSnake
    return module


def quicken(module, snake, folder):
    """`snake`: the class of the activations; `folder` keeps their compiled kernel."""
    Sine.kernel = Sine.kernel or build(folder)
    for m in module.modules():
        if type(m) is nn.Conv1d:
            m.__class__ = FastConv1d
        elif type(m) is nn.ConvTranspose1d:
            assert m.kernel_size[0] == 2 * m.stride[0]
            m.__class__ = FastConvTranspose1d
        elif type(m) is snake:
            m.__class__ = FastSnake
    return module
