"""Small networks as ONNX Runtime's optimisers and quantizers write them, for tools/bench/onnx-optimised."""

import contextlib
import io
import logging

import numpy
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import (CalibrationDataReader, QuantFormat, QuantType, quantize_dynamic, quantize_static)
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions

from optimised_nodes import Case

EXTENDED = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED


def cases(work):
    logging.disable(logging.WARNING)
    build = Builder()
    for name, network, inputs in [build.images(), build.table(), build.words(), build.speech()]:
        yield Case(f"{name}-extended", extended(network, work), inputs)
        yield Case(f"{name}-dynamic", dynamic(network, work), inputs, tolerance=0.05 if name == "speech" else 1e-4)
        yield Case(f"{name}-dynamic-extended", extended(dynamic(network, work), work), inputs,
                   tolerance=0.05 if name == "speech" else 1e-4)
        if name in ("images", "table"):
            quantized = static(network, inputs, work)
            # ONNX Runtime adds products as integers and rounds once; a sum just beside a half goes to the other side.
            yield Case(f"{name}-static", quantized, inputs, tolerance=0.01)
            yield Case(f"{name}-static-extended", extended(quantized, work), inputs, tolerance=0.01)
        if name in ("table", "words"):
            for bits in (4, 8):
                yield Case(f"{name}-{bits}-bits", packed(network, bits), inputs)
    name, network, inputs = build.words()
    transformer = bert(network, work)
    yield Case("words-transformer", transformer, inputs)
    yield Case("words-transformer-dynamic", dynamic(transformer, work), inputs)


def extended(network, work):
    """What the graph optimiser writes."""
    source, target = work / "source.onnx", work / "extended.onnx"
    source.write_bytes(network.SerializeToString())
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level, options.optimized_model_filepath = EXTENDED, str(target)
    onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
    return onnx.load(target)


def dynamic(network, work):
    source, target = work / "source.onnx", work / "dynamic.onnx"
    source.write_bytes(network.SerializeToString())
    quantize_dynamic(source, target, weight_type=QuantType.QInt8,
                     extra_options={"DefaultTensorType": TensorProto.FLOAT})
    return onnx.load(target)


def static(network, inputs, work):
    class Reader(CalibrationDataReader):
        def __init__(self):
            self.rows = iter([inputs])

        def get_next(self):
            return next(self.rows, None)

    source, target = work / "source.onnx", work / "static.onnx"
    source.write_bytes(network.SerializeToString())
    quantize_static(source, target, Reader(), quant_format=QuantFormat.QOperator, per_channel=True,
                    activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8)
    return onnx.load(target)


def packed(network, bits):
    copy = onnx.ModelProto()
    copy.CopyFrom(network)
    quantizer = MatMulNBitsQuantizer(copy, bits=bits, block_size=16, is_symmetric=bits == 8)
    quantizer.process()
    return quantizer.model.model


def bert(network, work):
    """What the optimiser of transformers writes."""
    source, target = work / "source.onnx", work / "transformer.onnx"
    source.write_bytes(network.SerializeToString())
    options = FusionOptions("bert")
    with contextlib.redirect_stdout(io.StringIO()):
        model = optimizer.optimize_model(str(source), "bert", num_heads=2, hidden_size=16, opt_level=0,
                                         optimization_options=options)
        model.save_model_to_file(str(target))
    return onnx.load(target)


class Builder:
    """Networks as exporters write them, with weights that are drawn."""

    def __init__(self):
        self.random = numpy.random.default_rng(5)
        self.nodes, self.weights, self.count = [], [], 0

    def floats(self, *shape, scale=None):
        scale = scale or 1 / numpy.sqrt(max(shape[0] if len(shape) == 2 else numpy.prod(shape[1:]), 1))
        return (self.random.standard_normal(shape) * scale).astype(numpy.float32)

    def constant(self, array):
        self.count += 1
        self.weights.append(numpy_helper.from_array(numpy.asarray(array), f"w{self.count}"))
        return f"w{self.count}"

    def add(self, operator, *inputs, output=None, **attributes):
        """A node of inputs, arrays among which become initializers."""
        self.count += 1
        names = [value if isinstance(value, str) else self.constant(value) for value in inputs]
        output = output or f"v{self.count}"
        self.nodes.append(helper.make_node(operator, names, [output], f"n{self.count}", **attributes))
        return output

    def finish(self, name, inputs, outputs, opset=15):
        graph = helper.make_graph(
            self.nodes, name,
            [helper.make_tensor_value_info(key, helper.np_dtype_to_tensor_dtype(array.dtype),
                                           ["batch", *array.shape[1:]]) for key, array in inputs.items()],
            [helper.make_tensor_value_info(key, TensorProto.FLOAT, shape) for key, shape in outputs.items()],
            self.weights)
        network = helper.make_model(graph, ir_version=9, opset_imports=[helper.make_opsetid("", opset)],
                                    producer_name="pytorch")
        self.nodes, self.weights, self.count = [], [], 0
        onnx.checker.check_model(network, full_check=True)
        return name, network, inputs

    def images(self):
        """Convolutions with batch normalisation, a shortcut, activations of several sorts, and two answers."""
        x = self.normalized_conv("x", 3, 8, 3, pads=[1, 1, 1, 1])
        x = self.add("Relu", x)
        y = self.normalized_conv(x, 8, 8, 3, pads=[1, 1, 1, 1])
        x = self.add("Relu", self.add("Add", x, y))
        x = self.add("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2])
        x = self.add("Clip", self.normalized_conv(x, 8, 8, 3, group=8), numpy.float32(0), numpy.float32(6))
        x = self.add("LeakyRelu", self.normalized_conv(x, 8, 12, 1), alpha=0.1)
        x = self.add("Concat", x, self.add("Sigmoid", x), axis=1)
        x = self.add("AveragePool", x, kernel_shape=[2, 2])
        x = self.add("Flatten", self.add("GlobalAveragePool", x))
        self.add("Gemm", x, self.floats(5, 24), self.floats(5), transB=1, output="kind")
        self.add("Sigmoid", self.add("Gemm", x, self.floats(1, 24), self.floats(1), transB=1), output="is")
        return self.finish("images", {"x": self.floats(2, 3, 10, 10, scale=1)},
                           {"kind": ["batch", 5], "is": ["batch", 1]})

    def normalized_conv(self, x, channels, filters, size, **attributes):
        group = attributes.get("group", 1)
        x = self.add("Conv", x, self.floats(filters, channels // group, size, size), **attributes)
        return self.add("BatchNormalization", x, 1 + self.floats(filters, scale=0.1), self.floats(filters, scale=0.1),
                        self.floats(filters, scale=0.1), 1 + self.random.random(filters).astype(numpy.float32))

    def table(self):
        x = self.add("Relu", self.add("Gemm", "x", self.floats(24, 20), self.floats(24), transB=1))
        x = self.add("Tanh", self.add("Add", self.add("MatMul", x, self.floats(24, 32)), self.floats(32)))
        x = self.add("LeakyRelu", self.add("Gemm", x, self.floats(16, 32), self.floats(16), transB=1), alpha=0.2)
        self.add("Add", self.add("MatMul", x, self.floats(16, 3)), self.floats(3), output="y")
        return self.finish("table", {"x": self.floats(4, 20, scale=1)}, {"y": ["batch", 3]})

    def words(self, size=16, heads=2, length=6):
        """Embeddings and two layers of a transformer as PyTorch exports BERT."""
        mask = self.add("Unsqueeze", self.add("Unsqueeze", "mask", numpy.array([1])), numpy.array([2]))
        mask = self.add("Mul", self.add("Sub", numpy.float32(1), self.add("Cast", mask, to=TensorProto.FLOAT)),
                        numpy.float32(-10000))
        x = self.add("Add", self.add("Gather", self.floats(9, size), "ids"),
                     self.add("Gather", self.floats(2, size), "kinds"))
        x = self.add("Add", x, self.add("Gather", self.floats(length, size),
                                        numpy.arange(length, dtype=numpy.int64).reshape(1, length)))
        x = self.layer_norm(x, size)
        for _ in range(2):
            x = self.block(x, mask, size, heads, length)
        self.add("Add", self.add("MatMul", x, self.floats(size, 4)), self.floats(4), output="y")
        inputs = {"ids": self.random.integers(0, 9, (2, length)), "mask": numpy.array([[1] * 6, [1] * 4 + [0] * 2]),
                  "kinds": self.random.integers(0, 2, (2, length))}
        return self.finish("words", inputs, {"y": ["batch", length, 4]})

    def block(self, x, mask, size, heads, length):
        parts = []
        for turn in ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3]):
            part = self.add("Add", self.add("MatMul", x, self.floats(size, size)), self.floats(size))
            part = self.add("Reshape", part, numpy.array([0, 0, heads, size // heads]))
            parts.append(self.add("Transpose", part, perm=turn))
        scores = self.add("Div", self.add("MatMul", parts[0], parts[1]), numpy.float32(numpy.sqrt(size / heads)))
        weights = self.add("Softmax", self.add("Add", scores, mask), axis=3)
        y = self.add("Transpose", self.add("MatMul", weights, parts[2]), perm=[0, 2, 1, 3])
        y = self.add("Reshape", y, numpy.array([0, 0, size]))
        y = self.add("Add", self.add("MatMul", y, self.floats(size, size)), self.floats(size))
        x = self.layer_norm(self.add("Add", y, x), size)
        y = self.add("Add", self.add("MatMul", x, self.floats(size, 32)), self.floats(32))
        half = self.add("Erf", self.add("Div", y, numpy.float32(numpy.sqrt(2))))
        y = self.add("Mul", self.add("Mul", y, self.add("Add", half, numpy.float32(1))), numpy.float32(0.5))
        y = self.add("Add", self.add("MatMul", y, self.floats(32, size)), self.floats(size))
        return self.layer_norm(self.add("Add", y, x), size)

    def layer_norm(self, x, size):
        centred = self.add("Sub", x, self.add("ReduceMean", x, axes=[-1]))
        variance = self.add("ReduceMean", self.add("Pow", centred, numpy.float32(2)), axes=[-1])
        root = self.add("Sqrt", self.add("Add", variance, numpy.float32(1e-12)))
        x = self.add("Mul", self.add("Div", centred, root), 1 + self.floats(size, scale=0.1))
        return self.add("Add", x, self.floats(size, scale=0.1))

    def speech(self):
        """A recurrent layer in both directions, and a product behind it."""
        x = self.add("Transpose", "x", perm=[1, 0, 2])
        self.count += 1
        weights = [self.constant(array) for array in
                   (self.floats(2, 32, 6), self.floats(2, 32, 8), self.floats(2, 64, scale=0.1))]
        self.nodes.append(helper.make_node("LSTM", [x, *weights], ["h"], "lstm", hidden_size=8, direction="bidirectional"))
        x = self.add("Transpose", "h", perm=[2, 0, 1, 3])
        x = self.add("Reshape", x, numpy.array([0, 0, 16]))
        self.add("Softmax", self.add("Add", self.add("MatMul", x, self.floats(16, 5)), self.floats(5)), axis=2, output="y")
        return self.finish("speech", {"x": self.floats(2, 7, 6, scale=1)}, {"y": ["batch", 7, 5]})
