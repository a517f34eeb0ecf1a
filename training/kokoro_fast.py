"""Kokoro's last part, where nine tenths of its time go, in bf16 with channels last on a CPU that multiplies bf16; the rest stays in float32.

Sine source, spectra and the inverse transform are what bfloat16 spoils, so they are left to onnxruntime. The residual blocks
between them take it: their output is .4 % off, and a core speaks three times as fast.
"""
import re
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper, numpy_helper
from onnx.utils import Extractor

from fast import LAST, library_of
from kokoro import Kokoro

GENERATOR = "/decoder/decoder/generator/"
FRONT = "/decoder/decoder/decode.3/Div_4_output_0"
SOURCES = [f"{GENERATOR}noise_convs.{i}/Conv_output_0" for i in (0, 1)]
BEHIND = f"{GENERATOR}LeakyRelu_2_output_0"


def split(float_path):
    """Writes what comes before the residual blocks and what comes after them beside the model, and the blocks' weights."""
    path = Path(float_path)
    parts = path.with_name("kokoro-front.onnx"), path.with_name("kokoro-back.onnx"), path.with_name("kokoro-blocks.pt")
    if all(part.exists() for part in parts):
        return parts
    model = onnx.shape_inference.infer_shapes(onnx.load(path))
    constants = {item.name: numpy_helper.to_array(item) for item in model.graph.initializer}
    norms = [node.output[0].rsplit("/", 1)[0] for node in model.graph.node if re.search(r"generator/(noise_res|resblocks)\.\d/adain\d\.\d/Add_1$", node.name)]
    styles = [f"{name}/{end}_output_0" for name in norms for end in ("Add_1", "Slice_1")]
    known = {value.name for value in model.graph.value_info}
    for name in (FRONT, *SOURCES, BEHIND, *styles):
        if name not in known:
            model.graph.value_info.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, None, None]))
    extractor = Extractor(model)
    onnx.save(extractor.extract_model(["tokens", "style", "speed"], [FRONT, *SOURCES, model.graph.output[1].name, *styles]), parts[0])
    onnx.save(extractor.extract_model([BEHIND], [model.graph.output[0].name]), parts[1])
    weights = {}
    for node in model.graph.node:
        found = re.search(r"generator/((noise_res|resblocks|ups)\.\d(/convs\d\.\d)?)/Conv", node.name)
        if found and node.op_type in ("Conv", "ConvTranspose"):
            attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
            weights[found[1]] = dict(
                weight=torch.from_numpy(constants[node.input[1]].copy()), bias=torch.from_numpy(constants[node.input[2]].copy()),
                stride=attributes["strides"][0], padding=attributes["pads"][0], dilation=attributes.get("dilations", [1])[0],
                output_padding=attributes.get("output_padding", [0])[0],
            )  # fmt: skip
    for name, values in constants.items():
        found = re.search(r"generator\.((noise_res|resblocks)\.\d\.alpha\d\.\d)$", name)
        if found:
            weights[found[1]] = torch.from_numpy(values.copy()).flatten()
    torch.save(dict(weights=weights, norms=norms), parts[2])
    return parts


class FastKokoro(Kokoro):
    """As Kokoro; threads: 1."""

    def __init__(self, float_path, threads=1):
        front, back, blocks = split(float_path)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        super().__init__(back, threads)
        self._back = self._session
        self._front = onnxruntime.InferenceSession(str(front), options, providers=["CPUExecutionProvider"])
        state = torch.load(blocks)
        self._norms, self._weights = state["norms"], state["weights"]
        for part in self._weights.values():
            if isinstance(part, dict) and part["weight"].ndim == 3 and part["stride"] == 1:
                part["last"] = part["weight"].unsqueeze(2).bfloat16().contiguous(memory_format=LAST)
                part["bias_bf16"] = part["bias"].bfloat16()
        self._kernel = library_of("kokoro", Path(float_path).parent, (("activate", 5, 2), ("add", 2, 1)))
        self._session = self

    def _activated(self, x, style, alpha):
        """x [T, C] bf16 -> snake(instance norm with style), bf16."""
        y = torch.empty_like(x)
        gain, shift = (np.ascontiguousarray(part.ravel()) for part in style)
        self._kernel.activate(x.data_ptr(), gain.ctypes.data, shift.ctypes.data, alpha.data_ptr(), y.data_ptr(), *x.shape)
        return y

    def _conv(self, x, part):
        """x [T, C] bf16 -> the same shape."""
        wide = x.t()[None, :, None]
        y = F.conv2d(wide, part["last"], part["bias_bf16"], 1, (0, part["padding"]), (1, part["dilation"]))
        return y[0, :, 0].t().contiguous()

    def _block(self, x, name, styles):
        x = x.clone()
        for i in range(3):
            y = x
            for half in (1, 2):
                y = self._activated(y, styles[f"{GENERATOR}{name}/adain{half}.{i}"], self._weights[f"{name}.alpha{half}.{i}"])
                y = self._conv(y, self._weights[f"{name}/convs{half}.{i}"])
            self._kernel.add(x.data_ptr(), y.data_ptr(), x.numel())
        return x

    @torch.no_grad()
    def run(self, _, feeds):
        values = self._front.run(None, feeds)
        x, sources, durations = torch.from_numpy(values[0]), values[1:3], values[3]
        styles = {name: (values[4 + 2 * i], values[5 + 2 * i]) for i, name in enumerate(self._norms)}
        for stage in (0, 1):
            up = self._weights[f"ups.{stage}"]
            x = F.conv_transpose1d(
                F.leaky_relu(x, 0.1), up["weight"], up["bias"], up["stride"], up["padding"], up["output_padding"]
            )
            if stage == 1:
                x = F.pad(x, (1, 0), mode="reflect")
            source = torch.from_numpy(sources[stage])[0].t().contiguous().bfloat16()
            x = x[0].t().contiguous() + self._block(source, f"noise_res.{stage}", styles).float()
            narrow = x.bfloat16()
            x = sum(self._block(narrow, f"resblocks.{3 * stage + i}", styles).float() for i in range(3)) / 3
            x = x.t().contiguous()[None]
        (audio,) = self._back.run(None, {BEHIND: F.leaky_relu(x, 0.01).numpy()})
        return audio, durations
