"""One node of ONNX Runtime's for each thing that it does: what tools/bench/onnx-optimised compares first.

To add one: a line in `cases`, which names it, its attributes, and its inputs. An input is an array; in `fixed` it is an
initializer of the model. Nodes that ONNX Runtime has no kernel for on this processor come with nodes of ONNX that do the
same, which answer in their place.
"""

from dataclasses import dataclass, field

import numpy
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

RANDOM = numpy.random.default_rng(11)


@dataclass
class Case:
    name: str
    model: onnx.ModelProto
    inputs: dict
    reference: onnx.ModelProto = None  # answers in its place
    tolerance: float = 1e-4

    @property
    def is_rough(self):
        """Whether what ONNX Runtime rounds on the way is not part of the operator."""
        return self.tolerance > 1e-3

    def outputs(self):
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.intra_op_num_threads = 1
        session = onnxruntime.InferenceSession((self.reference or self.model).SerializeToString(), options,
                                               providers=["CPUExecutionProvider"])
        return dict(zip((output.name for output in session.get_outputs()), session.run(None, self.inputs)))


def floats(*shape):
    return RANDOM.standard_normal(shape).astype(numpy.float32)


def bytes_(*shape):
    return RANDOM.integers(0, 256, shape).astype(numpy.uint8)


def small(*shape):
    return RANDOM.integers(-127, 128, shape).astype(numpy.int8)


def scalar(number, kind=numpy.float32):
    return numpy.array(number, kind)


def model(nodes, inputs, fixed, outputs, sizes=None, opset=17):
    """A model of inputs whose sizes are those of arrays, or, where `sizes` has others, numbers and symbols."""
    graph = helper.make_graph(
        nodes, "case",
        [helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(array.dtype),
                                       (sizes or {}).get(name, array.shape))
         for name, array in inputs.items()],
        [helper.make_tensor_value_info(name, kind, None) for name, kind in outputs.items()],
        [numpy_helper.from_array(array, name) for name, array in fixed.items()])
    opsets = [helper.make_opsetid("", opset), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, ir_version=9, opset_imports=opsets, producer_name="test")


def node(name, operator, inputs, fixed=None, outputs=None, order=None, reference=None, tolerance=1e-4, sizes=None,
         domain="com.microsoft", **attributes):
    """A case of one node that reads its inputs in the order in which they stand; None leaves one out."""
    fixed = fixed or {}
    outputs = outputs or {"y": TensorProto.FLOAT}
    given = {key: value for key, value in inputs.items() if value is not None}
    constants = {key: value for key, value in fixed.items() if value is not None}
    everything = {**inputs, **fixed}
    names = [key if everything[key] is not None else "" for key in (order or everything)]
    made = helper.make_node(operator, names, list(outputs), domain=domain, **attributes)
    named = {key: value for key, value in outputs.items() if key}
    return Case(name, model([made], given, constants, named, sizes), given,
                reference and model(reference, given, constants, named), tolerance)


def cases():
    yield from functions()
    yield from layers()
    yield from normalizations()
    yield from attention()
    yield from quantized()
    yield from quantized_products()


def functions():
    x, bias = floats(2, 3, 8), floats(8)
    yield node("gelu", "Gelu", {"x": x})
    yield node("bias-gelu", "BiasGelu", {"x": x}, {"b": bias})
    yield node("fast-gelu", "FastGelu", {"x": x})
    yield node("fast-gelu-bias", "FastGelu", {"x": x}, {"b": bias})
    yield node("quick-gelu", "QuickGelu", {"x": x})
    yield node("quick-gelu-alpha", "QuickGelu", {"x": x}, alpha=0.7)
    erf = [helper.make_node("Add", ["x", "b"], ["s"]),
           helper.make_node("Split", ["s"], ["left", "right"], axis=-1),
           helper.make_node("Gelu", ["right"], ["gate"], domain="com.microsoft"),
           helper.make_node("Mul", ["left", "gate"], ["y"])]
    yield node("bias-split-gelu", "BiasSplitGelu", {"x": x}, {"b": bias}, reference=erf)
    add = [helper.make_node("Add", ["x", "b"], ["s"]), helper.make_node("Add", ["s", "z"], ["y"])]
    yield node("bias-add", "BiasAdd", {"x": x, "z": floats(2, 3, 8)}, {"b": bias}, order=["x", "b", "z"], reference=add)
    softmax = [helper.make_node("Add", ["x", "b"], ["s"]), helper.make_node("Softmax", ["s"], ["y"], axis=-1)]
    yield node("bias-softmax", "BiasSoftmax", {"x": floats(2, 3, 4, 5), "b": floats(2, 1, 1, 5)}, axis=3,
               is_inner_broadcast=1, reference=softmax)
    gemm = [helper.make_node("MatMul", ["x", "w"], ["p"]),
            helper.make_node("FastGelu", ["p", "b"], ["y"], domain="com.microsoft")]
    yield node("gemm-fast-gelu", "GemmFastGelu", {"x": x}, {"w": floats(8, 4), "b": floats(4)}, reference=gemm)


def layers():
    image, filters = floats(2, 4, 7, 6), floats(6, 4, 3, 3)
    yield node("fused-conv", "FusedConv", {"x": image}, {"w": filters, "b": floats(6)}, activation="Relu", pads=[1, 1, 1, 1])
    yield node("fused-conv-sum", "FusedConv", {"x": image, "z": floats(2, 6, 7, 6)}, {"w": filters, "b": floats(6)},
               order=["x", "w", "b", "z"], activation="Relu", pads=[1, 1, 1, 1])
    for name, parameters in [("LeakyRelu", [0.2]), ("HardSigmoid", [0.3, 0.4]), ("Clip", [-0.5, 1.5]), ("Tanh", None),
                             ("Sigmoid", None)]:
        yield node(f"fused-conv-{name.lower()}", "FusedConv", {"x": image}, {"w": filters}, activation=name,
                   strides=[2, 1], **({"activation_params": parameters} if parameters else {}))
    yield node("fused-gemm", "FusedGemm", {"x": floats(3, 5)}, {"w": floats(4, 5), "b": floats(4)}, activation="LeakyRelu",
               activation_alpha=0.1, alpha=0.5, beta=2.0, transB=1)
    yield node("fused-gemm-hardsigmoid", "FusedGemm", {"x": floats(5, 3)}, {"w": floats(5, 4)}, activation="HardSigmoid",
               activation_alpha=0.3, activation_beta=0.6, transA=1)
    yield node("fused-matmul", "FusedMatMul", {"a": floats(2, 3, 4), "b": floats(2, 5, 4)}, alpha=0.25, transB=1)
    yield node("fused-matmul-batches", "FusedMatMul", {"a": floats(4, 2, 3, 5), "b": floats(2, 3, 5, 4)}, transBatchA=1,
               transB=0, alpha=1.5, tolerance=1e-4)
    yield node("transpose-matmul", "TransposeMatMul", {"a": floats(4, 3), "b": floats(4, 5)}, transA=1)
    relu = [helper.make_node("FusedMatMul", ["a", "b"], ["p"], domain="com.microsoft", alpha=2.0),
            helper.make_node("Relu", ["p"], ["y"])]
    yield node("fused-matmul-activation", "FusedMatMulActivation", {"a": floats(3, 4), "b": floats(4, 2)}, alpha=2.0,
               activation="Relu", reference=relu)
    turn = [helper.make_node("Transpose", ["x"], ["t"], perm=[0, 3, 1, 2]),
            helper.make_node("Conv", ["t", "w", "b"], ["c"], pads=[1, 1, 1, 1]),
            helper.make_node("Transpose", ["c"], ["u"], perm=[0, 2, 3, 1]),
            helper.make_node("Add", ["u", "z"], ["s"]), helper.make_node("Relu", ["s"], ["y"])]
    yield node("nhwc-fused-conv", "NhwcFusedConv", {"x": floats(2, 7, 6, 4), "z": floats(2, 7, 6, 6)},
               {"w": filters, "b": floats(6)}, order=["x", "w", "b", "z"], activation="Relu", pads=[1, 1, 1, 1],
               reference=turn)
    yield node("nhwc-max-pool", "NhwcMaxPool", {"x": bytes_(2, 6, 5, 3)}, outputs={"y": TensorProto.UINT8},
               kernel_shape=[2, 2], strides=[2, 2])


def normalizations():
    x, skip, gamma, beta, bias = floats(2, 3, 8), floats(2, 3, 8), floats(8), floats(8), floats(8)
    yield node("skip-layer-norm", "SkipLayerNormalization", {"x": x, "k": skip}, {"g": gamma, "b": beta, "c": bias},
               epsilon=1e-5)
    yield node("skip-layer-norm-shared", "SkipLayerNormalization", {"x": x, "k": floats(3, 8)}, {"g": gamma})
    yield with_sum("skip-layer-norm-sum", "SkipLayerNormalization", {"x": x, "k": skip}, {"g": gamma, "b": beta})
    yield with_sum("skip-simplified-norm", "SkipSimplifiedLayerNormalization", {"x": x, "k": skip},
                   {"g": gamma, "c": bias})
    yield node("simplified-norm", "SimplifiedLayerNormalization", {"x": x}, {"g": gamma}, domain="", epsilon=1e-6)
    yield node("layer-norm-old", "LayerNormalization", {"x": x}, {"g": gamma, "b": beta}, domain="", epsilon=1e-6)
    ids, segments = numpy.array([[1, 4, 0], [3, 3, 2]], numpy.int32), numpy.array([[0, 0, 1], [1, 0, 0]], numpy.int32)
    tables = {"w": floats(5, 8), "p": floats(4, 8), "e": floats(2, 8), "g": gamma, "b": beta}
    mask = numpy.array([[1, 1, 0], [1, 1, 1]], numpy.int32)
    yield node("embed-layer-norm", "EmbedLayerNormalization", {"ids": ids, "kinds": segments, "m": mask}, tables,
               {"y": TensorProto.FLOAT, "i": TensorProto.INT32, "s": TensorProto.FLOAT},
               order=["ids", "kinds", "w", "p", "e", "g", "b", "m"])
    yield node("embed-layer-norm-open", "EmbedLayerNormalization", {"ids": ids, "kinds": segments},
               {**tables, "p": numpy.outer(numpy.arange(128), tables["p"][0]).astype(numpy.float32)},
               {"y": TensorProto.FLOAT, "i": TensorProto.INT32}, order=["ids", "kinds", "w", "p", "e", "g", "b"],
               sizes={"ids": ["batch", "time"], "kinds": ["batch", "time"]})
    yield node("embed-layer-norm-positions", "EmbedLayerNormalization",
               {"ids": ids, "kinds": None, "m": None, "at": numpy.array([[2, 0, 3], [1, 1, 0]], numpy.int32)},
               {**tables, "e": None}, {"y": TensorProto.FLOAT, "i": TensorProto.INT32},
               order=["ids", "kinds", "w", "p", "e", "g", "b", "m", "at"])
    yield from group_norms()


def with_sum(name, operator, inputs, fixed):
    """A skip normalisation that gives its sum as its fourth output."""
    made = helper.make_node(operator, [*inputs, *fixed], ["y", "", "", "s"], domain="com.microsoft", epsilon=1e-5)
    kinds = {"y": TensorProto.FLOAT, "s": TensorProto.FLOAT}
    return Case(name, model([made], inputs, fixed, kinds), inputs)


def group_norms():
    gamma, beta = floats(6), floats(6)
    normal = [helper.make_node("Transpose", ["s"], ["t"], perm=[0, 3, 1, 2]),
              helper.make_node("Reshape", ["t", "groups"], ["r"]),
              helper.make_node("InstanceNormalization", ["r", "ones", "zeros"], ["n"], epsilon=1e-5),
              helper.make_node("Reshape", ["n", "whole"], ["v"]),
              helper.make_node("Transpose", ["v"], ["l"], perm=[0, 2, 3, 1]),
              helper.make_node("Mul", ["l", "g"], ["q"]), helper.make_node("Add", ["q", "b"], ["u"])]
    silu = [helper.make_node("Sigmoid", ["u"], ["o"]), helper.make_node("Mul", ["u", "o"], ["y"])]
    shapes = {"groups": numpy.array([2, 3, 40]), "whole": numpy.array([2, 6, 4, 5]),
              "ones": numpy.ones(3, numpy.float32), "zeros": numpy.zeros(3, numpy.float32)}
    for name, operator, before, inputs, order, extra in [
            ("group-norm", "GroupNorm", [helper.make_node("Identity", ["x"], ["s"])], {"x": floats(2, 4, 5, 6)},
             ["x", "g", "b"], {}),
            ("skip-group-norm", "SkipGroupNorm",
             [helper.make_node("Add", ["x", "k"], ["a"]), helper.make_node("Add", ["a", "c"], ["s"])],
             {"x": floats(2, 4, 5, 6), "k": floats(2, 1, 1, 6)}, ["x", "g", "b", "k", "c"], {"c": floats(6)})]:
        fixed = {"g": gamma, "b": beta, **extra}
        kinds = {"y": TensorProto.FLOAT}
        made = helper.make_node(operator, order, ["y"], domain="com.microsoft", groups=3, activation=1)
        yield Case(name, model([made], inputs, fixed, kinds), inputs,
                   model(before + normal + silu, inputs, {**fixed, **shapes}, kinds))


def attention():
    x, weights, bias = floats(2, 4, 8), floats(8, 24), floats(24)
    yield node("attention", "Attention", {"x": x}, {"w": weights, "b": bias}, num_heads=2)
    lengths, ends = numpy.array([3, 4], numpy.int32), numpy.array([3, 4, 1, 0], numpy.int32)
    table = numpy.array([[1, 1, 0, 1], [0, 1, 1, 1]], numpy.int32)
    whole = numpy.array(RANDOM.integers(0, 2, (2, 4, 4)), numpy.int32)
    whole[:, :, 0] = 1
    for name, mask in [("lengths", lengths), ("ends", ends), ("mask", table), ("masks", whole)]:
        yield node(f"attention-{name}", "Attention", {"x": x, "m": mask}, {"w": weights, "b": bias},
                   order=["x", "w", "b", "m"], num_heads=2)
    yield node("attention-causal", "Attention", {"x": x}, {"w": weights, "b": bias}, num_heads=4, unidirectional=1,
               scale=0.3)
    yield node("attention-causal-mask", "Attention", {"x": x, "m": table}, {"w": weights, "b": bias},
               order=["x", "w", "b", "m"], num_heads=2, unidirectional=1)
    sequence = ["batch", "time", 8]
    yield node("attention-open", "Attention", {"x": x, "m": table}, {"w": weights, "b": bias},
               order=["x", "w", "b", "m"], sizes={"x": sequence, "m": ["batch", "time"]}, num_heads=2)
    yield node("attention-open-causal", "Attention", {"x": x, "m": lengths}, {"w": weights, "b": bias},
               order=["x", "w", "b", "m"], sizes={"x": sequence, "m": ["batch"]}, num_heads=2, unidirectional=1)
    yield node("attention-bias", "Attention", {"x": x, "m": None, "p": None, "a": floats(1, 2, 4, 4)},
               {"w": weights, "b": bias}, order=["x", "w", "b", "m", "p", "a"], num_heads=2)
    yield node("attention-values", "Attention", {"x": x}, {"w": floats(8, 22), "b": floats(22)}, num_heads=2,
               qkv_hidden_sizes=[8, 8, 6])
    yield node("attention-past", "Attention", {"x": x, "p": floats(2, 2, 2, 3, 4)}, {"w": weights, "b": bias, "m": None},
               {"y": TensorProto.FLOAT, "n": TensorProto.FLOAT}, order=["x", "w", "b", "m", "p"], num_heads=2,
               unidirectional=1)
    q, k, v = floats(2, 3, 8), floats(2, 5, 8), floats(2, 5, 6)
    yield node("multi-head", "MultiHeadAttention", {"q": q, "k": k, "v": v}, num_heads=2)
    yield node("multi-head-open", "MultiHeadAttention", {"q": q, "k": k, "v": v}, num_heads=2,
               sizes={"q": ["batch", "queries", 8], "k": ["batch", "keys", 8], "v": ["batch", "keys", 6]})
    mask = numpy.array([[1, 1, 0, 1, 1], [0, 1, 1, 1, 0]], numpy.int32)
    yield node("multi-head-mask", "MultiHeadAttention", {"q": q, "k": k, "v": v, "m": mask}, {"b": floats(22)},
               order=["q", "k", "v", "b", "m"], num_heads=2, mask_filter_value=-3.0)
    yield node("multi-head-lengths", "MultiHeadAttention",
               {"q": q, "k": k, "v": v, "m": numpy.array([4, 2], numpy.int32)}, {"b": None},
               order=["q", "k", "v", "b", "m"], num_heads=2)
    yield node("multi-head-bias", "MultiHeadAttention",
               {"q": q, "k": k, "v": v, "a": floats(2, 1, 3, 5)}, {"b": None, "m": None},
               order=["q", "k", "v", "b", "m", "a"], num_heads=2, scale=0.5)
    yield node("multi-head-split", "MultiHeadAttention", {"q": q, "k": floats(2, 2, 5, 4), "v": floats(2, 2, 5, 4)},
               num_heads=2)
    yield node("multi-head-past", "MultiHeadAttention",
               {"q": floats(2, 1, 8), "k": floats(2, 1, 8), "v": floats(2, 1, 8), "p": floats(2, 2, 3, 4),
                "s": floats(2, 2, 3, 4)}, {"b": floats(24), "m": None, "a": None},
               {"y": TensorProto.FLOAT, "nk": TensorProto.FLOAT, "nv": TensorProto.FLOAT},
               order=["q", "k", "v", "b", "m", "a", "p", "s"], num_heads=2, unidirectional=1)
    yield node("multi-head-causal", "MultiHeadAttention", {"q": q, "k": floats(2, 3, 8), "v": floats(2, 3, 8)},
               num_heads=2, unidirectional=1)
    yield node("q-attention", "QAttention",
               {"x": bytes_(2, 4, 8)},
               {"w": small(8, 24), "b": bias, "xs": scalar(0.02), "ws": scalar(0.01), "m": None,
                "xz": scalar(120, numpy.uint8), "wz": scalar(0, numpy.int8)}, num_heads=2)
    angles = numpy.outer(numpy.arange(6), 0.5 ** numpy.arange(2)).astype(numpy.float32)
    tables = {"c": numpy.cos(angles), "s": numpy.sin(angles)}
    yield node("rotary", "RotaryEmbedding", {"x": floats(2, 3, 8), "p": numpy.array([1])}, tables,
               order=["x", "p", "c", "s"])
    yield node("rotary-open", "RotaryEmbedding", {"x": floats(2, 3, 8), "p": numpy.array([2])}, tables,
               order=["x", "p", "c", "s"], sizes={"x": ["batch", "time", 8]})
    yield node("rotary-positions", "RotaryEmbedding",
               {"x": floats(2, 2, 3, 4), "p": numpy.array([[0, 1, 2], [2, 3, 5]])}, tables, order=["x", "p", "c", "s"],
               interleaved=1)
    yield node("rotary-part", "RotaryEmbedding", {"x": floats(2, 3, 12), "p": numpy.array([[0, 1, 2], [1, 2, 3]])},
               tables, order=["x", "p", "c", "s"], num_heads=2, rotary_embedding_dim=4)


def quantized():
    a, b = bytes_(2, 3, 4), bytes_(4)
    at = {"as": scalar(0.02), "az": scalar(120, numpy.uint8)}
    bt = {"bs": scalar(0.03), "bz": scalar(100, numpy.uint8)}
    yt = {"ys": scalar(0.0517), "yz": scalar(128, numpy.uint8)}  # no result lies halfway
    byte, byte_int = {"y": TensorProto.UINT8}, {"y": TensorProto.INT8}
    order = ["a", "as", "az", "b", "bs", "bz", "ys", "yz"]
    for operator in ("QLinearAdd", "QLinearMul"):
        yield node(operator.lower(), operator, {"a": a, "b": b}, {**at, **bt, **yt}, byte, order)
    signed = {"as": scalar(0.02), "az": scalar(-3, numpy.int8), "ys": scalar(0.008), "yz": scalar(0, numpy.int8)}
    unary = ["a", "as", "az", "ys", "yz"]
    yield node("qlinearsigmoid", "QLinearSigmoid", {"a": small(2, 9)}, signed, byte_int, unary)
    yield node("qlinearleakyrelu", "QLinearLeakyRelu", {"a": small(2, 9)}, signed, byte_int, unary, alpha=0.2)
    probability = {"ys": scalar(1 / 256), "yz": scalar(0, numpy.uint8)}
    yield node("qlinearsoftmax", "QLinearSoftmax", {"a": bytes_(3, 6)}, {**at, **probability}, byte, unary, opset=13,
               tolerance=0.01)
    mean = [helper.make_node("DequantizeLinear", ["a", "as", "az"], ["d"]),
            helper.make_node("ReduceMean", ["d"], ["m"], axes=[1], keepdims=0),
            helper.make_node("QuantizeLinear", ["m", "ys", "yz"], ["y"])]
    yield node("qlinearreducemean", "QLinearReduceMean", {"a": bytes_(2, 3, 4)}, {**at, **yt}, byte, unary, axes=[1],
               keepdims=0, reference=mean)
    image, yt = bytes_(2, 3, 6, 5), {"ys": scalar(0.0371), "yz": scalar(128, numpy.uint8)}
    yield node("qlinearglobalaveragepool", "QLinearGlobalAveragePool", {"a": image}, {**at, **yt}, byte, unary)
    yield node("qlinearglobalaveragepool-last", "QLinearGlobalAveragePool", {"a": bytes_(2, 6, 5, 3)}, {**at, **yt}, byte,
               unary, channels_last=1)
    yield node("qlinearaveragepool", "QLinearAveragePool", {"a": image}, {**at, **yt}, byte, unary, kernel_shape=[3, 2],
               pads=[1, 0, 1, 0], count_include_pad=1)
    yield node("qlinearaveragepool-last", "QLinearAveragePool", {"a": bytes_(2, 6, 5, 3)}, {**at, **yt}, byte, unary,
               kernel_shape=[2, 2], channels_last=1)
    yield node("qlinearconcat", "QLinearConcat", {"a": bytes_(2, 3), "b": bytes_(2, 2)}, {**at, **bt, **yt}, byte,
               ["ys", "yz", "a", "as", "az", "b", "bs", "bz"], axis=1)
    yield node("qlinearwhere", "QLinearWhere", {"c": numpy.array([[True], [False]]), "a": bytes_(2, 4), "b": b},
               {**at, **bt, **yt}, byte, ["c", "a", "as", "az", "b", "bs", "bz", "ys", "yz"])
    weights = {"w": small(4, 3, 3, 3), "ws": floats(4) ** 2 * 0.01 + 0.001, "wz": numpy.zeros(4, numpy.int8),
               "bias": RANDOM.integers(-2000, 2000, 4).astype(numpy.int32)}
    order = ["a", "as", "az", "w", "ws", "wz", "ys", "yz", "bias"]
    wide = {"ys": scalar(0.3), "yz": scalar(128, numpy.uint8)}
    yield node("qlinearconv-last", "QLinearConv", {"a": bytes_(2, 6, 5, 3)}, {**at, **weights, **wide}, byte, order,
               channels_last=1, pads=[1, 1, 1, 1])
    yield node("quantize", "QuantizeLinear", {"x": floats(2, 3)}, {"s": scalar(0.02), "z": scalar(9, numpy.uint8)}, byte)
    yield node("quantize-axis", "QuantizeLinear", {"x": floats(2, 3)},
               {"s": numpy.array([0.02, 0.01, 0.05], numpy.float32), "z": numpy.array([1, 0, -2], numpy.int8)}, byte_int,
               axis=1)
    yield node("dequantize", "DequantizeLinear", {"x": bytes_(2, 3)}, {"s": scalar(0.02), "z": scalar(9, numpy.uint8)})
    yield node("dequantize-wide", "DequantizeLinear", {"x": RANDOM.integers(0, 65536, (2, 3)).astype(numpy.uint16)},
               {"s": scalar(0.02), "z": scalar(900, numpy.uint16)})


def quantized_products():
    columns = {"b": small(8, 5), "bs": floats(5) ** 2 + 0.01, "bz": numpy.zeros(5, numpy.int8), "c": floats(5)}
    yield node("dynamic-quantize-matmul", "DynamicQuantizeMatMul", {"a": floats(2, 3, 8)}, columns)
    yield node("dynamic-quantize-matmul-one", "DynamicQuantizeMatMul", {"a": floats(3, 8)},
               {"b": bytes_(8, 5), "bs": numpy.array([0.03], numpy.float32), "bz": numpy.array([120], numpy.uint8)})
    yield node("matmul-integer-to-float", "MatMulIntegerToFloat", {"a": bytes_(2, 3, 8)},
               {"as": scalar(0.02), "az": scalar(110, numpy.uint8), **columns},
               order=["a", "b", "as", "bs", "az", "bz", "c"])
    gemm = {"as": scalar(0.02), "az": scalar(120, numpy.uint8), "b": small(5, 8), "bs": floats(5) ** 2 * 0.01 + 0.001,
            "bz": numpy.zeros(5, numpy.int8), "c": RANDOM.integers(-2000, 2000, 5).astype(numpy.int32)}
    yield node("qgemm", "QGemm", {"a": bytes_(3, 8)}, {**gemm, "ys": scalar(0.3), "yz": scalar(128, numpy.uint8)},
               {"y": TensorProto.UINT8}, transB=1)
    yield node("qgemm-floats", "QGemm", {"a": bytes_(3, 8)}, gemm, transB=1, alpha=0.5)
    for name, bits, rows, block, zero in [("", 4, 40, 16, False), ("-zero", 4, 64, 32, True), ("-eight", 8, 40, 16, True),
                                          ("-two", 2, 32, 16, False)]:
        yield packed(f"matmul-n-bits{name}", bits, rows, block, zero)
    yield node("matmul-n-bits-float-zero", "MatMulNBits", {"a": floats(2, 3, 32)},
               {"w": bytes_(3, 2, 8), "s": floats(3, 2), "z": floats(3, 2) + 8}, K=32, N=3, bits=4, block_size=16)
    yield from recurrent()


def packed(name, bits, rows, block, has_zero):
    blocks, columns = -(-rows // block), 5
    fixed = {"w": bytes_(columns, blocks, block * bits // 8), "s": floats(columns, blocks)}
    if has_zero:
        fixed["z"] = bytes_(columns, -(-blocks * bits // 8))
    return node(name, "MatMulNBits", {"a": floats(3, rows)}, fixed, K=rows, N=columns, bits=bits, block_size=block)


def recurrent():
    """What ONNX Runtime rounds at each step is part of its kernel, not of the operator."""
    weights = {"w": small(2, 3, 16), "r": small(2, 4, 16), "b": floats(2, 32) * 0.3,
               "ws": numpy.array([0.005, 0.004], numpy.float32), "wz": numpy.zeros(2, numpy.int8),
               "rs": numpy.abs(floats(2, 16)) * 0.003 + 0.001, "rz": numpy.zeros((2, 16), numpy.int8)}
    outputs = {"y": TensorProto.FLOAT, "h": TensorProto.FLOAT, "e": TensorProto.FLOAT}
    order = ["x", "w", "r", "b", "l", "h0", "c0", "p", "ws", "wz", "rs", "rz"]
    missing = {"l": None, "h0": None, "c0": None, "p": None}
    inputs = {"x": floats(6, 2, 3)}
    yield node("dynamic-quantize-lstm", "DynamicQuantizeLSTM", inputs, {**weights, **missing}, outputs, order,
               hidden_size=4, direction="bidirectional", tolerance=0.05)
    # The same weights in an LSTM of ONNX, which rounds nothing.
    plain = {"w": (weights["w"] * weights["ws"][:, None, None]).transpose(0, 2, 1).astype(numpy.float32),
             "r": (weights["r"] * weights["rs"][:, None]).transpose(0, 2, 1).astype(numpy.float32), "b": weights["b"]}
    lstm = [helper.make_node("LSTM", ["x", "w", "r", "b"], list(outputs), hidden_size=4, direction="bidirectional")]
    exact = node("dynamic-quantize-lstm-exact", "DynamicQuantizeLSTM", inputs, {**weights, **missing}, outputs, order,
                 hidden_size=4, direction="bidirectional")
    exact.reference = model(lstm, inputs, plain, outputs)
    yield exact
