"""hibari as a teacher: a small student of Kokoro's `af_heart`, 70 times faster, with the times of its phones."""
import importlib.resources

import numpy as np
import onnx
import onnxruntime
from hibari import Hibari as Synthesiser
from hibari import dsp

RATE = 24_000
DURATIONS = "/Cast_32_output_0"
"""What its graph calls the frames of each phone."""


class Hibari:
    """Loaded once a process."""

    def __init__(self):
        self._hibari = Synthesiser()
        model = onnx.load(str(importlib.resources.files("hibari") / "assets" / "hibari.onnx"))
        model.graph.output.append(onnx.helper.make_tensor_value_info(DURATIONS, onnx.TensorProto.INT64, None))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )

    def speak(self, phones, speed=1.0, seed=0):
        """`phones` of one text -> samples float32 at 24 kHz, [(phone, start s, end s)]."""
        known = [phone for phone in phones if phone in self._hibari.vocab]
        ids = np.array([self._hibari.ids(known)], np.int64)
        *parts, frames = self._session.run(None, {"ids": ids, "speed": np.array([speed], np.float32)})
        samples = dsp.synth(*(part[0] for part in parts), np.random.default_rng(seed))
        ends = np.cumsum(frames.ravel())
        ends = ends * (len(samples) / RATE / ends[-1])
        return samples, [(phone, float(ends[i]), float(ends[i + 1])) for i, phone in enumerate(known)]
