"""Makes small ONNX documents in a folder; see tools/bench/onnx-documents."""

import sys

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSETS = [helper.make_opsetid("", 22), helper.make_opsetid("local", 1)]
folder = sys.argv[1]


def save(name, graph, functions=(), **options):
    model = helper.make_model(
        graph, opset_imports=OPSETS, functions=functions, ir_version=14, producer_name="onnx")
    path = f"{folder}/{name}.onnx"
    onnx.save(model, path, **options)
    return path


def value(name, element=TensorProto.FLOAT, shape=("n",)):
    return helper.make_tensor_value_info(name, element, shape)


def types():
    """Five numbers of every format twice: as NUMBER in the field for the format, as raw NUMBER in raw_data."""
    tensors = []
    for element in TensorProto.DataType.values():
        if element in (TensorProto.UNDEFINED, TensorProto.STRING):
            continue
        dtype = helper.tensor_dtype_to_np_dtype(element)
        numbers = numpy.array([0, 1, 1, 0, 1], numpy.float32).astype(dtype)
        tensors.append(helper.make_tensor(str(element), element, [5], numbers))
        tensors.append(numpy_helper.from_array(numbers, f"raw {element}"))
        assert tensors[-1].data_type == element and tensors[-1].raw_data
    tensors.append(helper.make_tensor("text", TensorProto.STRING, [2], [b"a", b"\xc3\xa4"]))
    save("types", helper.make_graph([], "types", [], [value("1")], tensors))


def functions():
    """y = scale(scale(x)) with scale(x) = x * factor, where factor is 2 unless given."""
    scale = helper.make_function(
        "local", "scale", ["x"], ["y"],
        [
            helper.make_node("Constant", [], ["factor"]),
            helper.make_node("Mul", ["x", "factor"], ["y"]),
        ],
        OPSETS, attribute_protos=[helper.make_attribute("factor", 2.0)])
    scale.node[0].attribute.add(
        name="value_float", ref_attr_name="factor", type=onnx.AttributeProto.FLOAT)
    nodes = [
        helper.make_node("scale", ["x"], ["h"], name="first", domain="local"),
        helper.make_node("scale", ["h"], ["y"], name="second", domain="local", factor=3.0),
    ]
    path = save(
        "functions", helper.make_graph(nodes, "functions", [value("x")], [value("y")]), [scale])
    onnx.checker.check_model(path, full_check=True)


def external():
    """A tensor of 0 to 15 whose numbers lie in external.data."""
    tensor = numpy_helper.from_array(numpy.arange(16, dtype=numpy.int32), "t")
    save(
        "external",
        helper.make_graph([], "external", [], [value("t", TensorProto.INT32, [16])], [tensor]),
        save_as_external_data=True, location="external.data", size_threshold=0)


def names():
    """Inputs and outputs whose names are the same letters in different bytes: a letter, or two that combine to it."""
    one, two = "\u00e9", "e\u0301"
    nodes = [
        helper.make_node("Add", [one, two], ["sum"], name=one),
        helper.make_node("Relu", ["sum"], [one + "!"], name=two),
        helper.make_node("Neg", ["sum"], [two + "!"], name=two),
    ]
    save(
        "names",
        helper.make_graph(
            nodes, "names", [value(one, shape=("n", 2)), value(two, shape=("n", 2))],
            [value(one + "!", shape=("n", 2)), value(two + "!", shape=("n", 2))]))


types()
functions()
external()
names()
