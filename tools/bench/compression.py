"""Compares how small Espalier and others make the numbers of a model; tools/bench/compression calls it.

    compression.py [--json] NAME=FILE...
"""

import gzip
import json
import sys

import brotli
import numpy
import onnx
import zipnn
import zstandard

import espalier


def entropy_bytes(raw, width):
    """The bytes that an ideal coder of order 0 takes for each byte plane, after the rotation of FORMAT.md.

    The coder is told how frequent each byte is; of few numbers it therefore makes less than can be made.
    """
    planes = numpy.frombuffer(espalier.rotated(raw, width, left=True), numpy.uint8)
    bits = 0.0
    for plane in planes.reshape(-1, width).T:
        counts = numpy.bincount(plane, minlength=256)
        counts = counts[counts > 0]
        bits -= (counts * numpy.log2(counts / len(plane))).sum()
    return bits / 8


RAW = "raw numbers, bytes"
GENERAL = {
    "gzip -9": lambda data: gzip.compress(data, 9, mtime=0),
    "zstd -19": zstandard.ZstdCompressor(level=19).compress,
    "brotli -q 11": brotli.compress,
}


def zipnn_bytes(raw, width):
    """ZipNN, told what the numbers are."""
    kind = {2: "bfloat16", 4: "float32"}[width]
    return len(zipnn.ZipNN(bytearray_dtype=kind, input_format="byte").compress(bytearray(raw)))


def together(sections):
    """The numbers of all sections, those of one width after the other."""
    widths = sorted({section.width for section in sections})
    return [(b"".join(s.raw for s in sections if s.width == width), width) for width in widths]


def one_by_one(sections):
    """The numbers of each section, as a file has them whose heads can be loaded alone."""
    return [(section.raw, section.width) for section in sections]


OPERATORS = {1: "Gemm", 2: "Conv", 3: "MaxPool", 4: "Relu", 5: "Add", 6: "Softmax", 7: "Reshape"}
ELEMENTS = {1: onnx.TensorProto.FLOAT, 2: onnx.TensorProto.FLOAT16, 3: onnx.TensorProto.BFLOAT16}


def onnx_file(sections):
    """The parameters and nodes of a model as ONNX: the right bytes, not a model that would run.

    Operators are named after the nearest of ONNX and have no attributes.
    """
    weights = {(s.name.encode(), s.digest): s.raw for s in sections if s.kind == espalier.WEIGHTS}
    nodes, initialisers = [], []
    for section in sections:
        if section.kind not in (espalier.TRUNK, espalier.HEAD):
            continue
        field = 1 if section.kind == espalier.TRUNK else 4
        graph = espalier.message(espalier.message(section.raw)[field][0])
        stores = [weights[store[1][0], store[2][0]] for store in map(espalier.message, graph.get(1, []))]
        names = [f"{section.name}/{espalier.message(i)[1][0].decode()}" for i in graph.get(2, [])]
        for parameter in map(espalier.message, graph.get(3, [])):
            names.append(f"{section.name}/{parameter[1][0].decode()}")
            shape = espalier.packed(parameter.get(3, []))
            element = parameter.get(6, parameter[2])[0]
            size = int(numpy.prod(shape)) * (4 if element == 1 else 2)
            offset = parameter.get(5, [0])[0]
            store = stores[parameter.get(4, [0])[0]]
            initialisers.append(onnx.helper.make_tensor(
                names[-1], ELEMENTS[element], shape, store[offset:offset + size], raw=True))
        for node in map(espalier.message, graph.get(4, [])):
            inputs = [names[value] for value in espalier.packed(node.get(2, []))]
            names.append(f"{section.name}/{len(names)}")
            nodes.append(onnx.helper.make_node(OPERATORS[node[1][0]], inputs, names[-1:]))
    graph = onnx.helper.make_graph(nodes, "model", [], [], initialisers)
    return onnx.helper.make_model(graph).SerializeToString()


def measure(path):
    """The bytes that each way takes, the raw numbers first."""
    with open(path, "rb") as file:
        data = file.read()
    sections = espalier.read(data)
    weights = [section for section in sections if section.kind == espalier.WEIGHTS]
    raw = b"".join(section.raw for section in weights)
    sizes = {
        RAW: len(raw),
        "Espalier file": len(data),
        "Espalier weights": sum(section.stored for section in weights),
        "plane entropy, together": sum(entropy_bytes(*numbers) for numbers in together(weights)),
        "plane entropy, by section": sum(entropy_bytes(*numbers) for numbers in one_by_one(weights)),
        "ZipNN, together": sum(zipnn_bytes(*numbers) for numbers in together(weights)),
        "ZipNN, by section": sum(zipnn_bytes(*numbers) for numbers in one_by_one(weights)),
    }
    for name, compress in GENERAL.items():
        sizes[name] = len(compress(raw))
    model = onnx_file(sections)
    sizes["ONNX"] = len(model)
    for name, compress in GENERAL.items():
        sizes[f"ONNX, {name}"] = len(compress(model))
    return sizes


def main(arguments):
    as_json = arguments[:1] == ["--json"]
    files = dict(argument.split("=", 1) for argument in arguments[as_json:])
    results = {name: measure(path) for name, path in files.items()}
    if as_json:
        print(json.dumps(results, indent=2))
        return
    width = 54 // len(files)
    print(f"{'to raw':26}" + "".join(f"{name:>{width}}" for name in results))
    for way in next(iter(results.values())):
        cells = []
        for sizes in results.values():
            ratio = f"{sizes[way] / sizes[RAW]:.4f}"
            cells.append(f"{sizes[way]:,}" if way == RAW else ratio)
        print(f"{way:26}" + "".join(f"{cell:>{width}}" for cell in cells))
    print()
    for other in ("plane entropy, together", "ZipNN, together", "ZipNN, by section"):
        cells = [f"{sizes['Espalier weights'] / sizes[other] - 1:+.2%}" for sizes in results.values()]
        print(f"{'to ' + other:26}" + "".join(f"{cell:>{width}}" for cell in cells))


main(sys.argv[1:])
