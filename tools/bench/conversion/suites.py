"""The backend tests of ONNX as files: one folder for each case, made once.

A folder holds what a runtime needs, and what it should answer:

    model.onnx, input_0.pb ..., output_0.pb ...    as ONNX lays its tests out
    inputs.npz                                     the inputs by name, for `espalier run`
    case.json                                      operator, tolerances, names
"""

import hashlib
import io
import json
import pathlib
import re
import shutil
import zipfile
from dataclasses import dataclass

import ml_dtypes
import numpy
import onnx
from onnx import numpy_helper
from onnx.backend.test.loader import DATA_DIR, load_model_tests

HERE = pathlib.Path(__file__).parent
CACHE = pathlib.Path(".build-bench/conversion/suites")
EXCLUSIONS = HERE.parent / "onnx-exclusions.txt"
SUITES = ["node", "simple", "pytorch-converted", "pytorch-operator", "light"]

# Inputs that say what shape a result has, or along which axes: by operator, their positions. Some tests feed them;
# networks have them as constants, and so does a plan whose memory is laid out before it runs. A graph input that
# leads to such a position becomes a constant of the model, with the value that the test feeds.
STRUCTURE = {
    "AffineGrid": [1], "BlackmanWindow": [0], "CenterCropPad": [1], "Col2Im": [1, 2], "ConstantOfShape": [0],
    "CumProd": [1], "CumSum": [1], "DFT": [1, 2], "Expand": [1], "HammingWindow": [0], "HannWindow": [0],
    "If": [0], "Loop": [0, 1], "MaxUnpool": [2], "MelWeightMatrix": [0, 1, 2, 3, 4], "OneHot": [1], "Pad": [1, 3], "Range": [0, 1, 2],
    "Reshape": [1], "Resize": [1, 2, 3], "STFT": [1, 3], "Slice": [1, 2, 3, 4], "Split": [1], "Squeeze": [1],
    "Tile": [1], "TopK": [1], "Trilu": [1], "Unsqueeze": [1], "Upsample": [1],
    **{"Reduce" + kind: [1] for kind in
       ("L1", "L2", "LogSum", "LogSumExp", "Max", "Mean", "Min", "Prod", "Sum", "SumSquare")},
}


@dataclass(frozen=True)
class Case:
    suite: str
    name: str
    operator: str  # of the node suite; elsewhere the name of the suite
    rtol: float
    atol: float
    outputs: tuple  # names
    constants: tuple  # names of the inputs that became constants
    excluded: str  # the reason, or nothing

    @property
    def path(self):
        """How lists and reports name the case."""
        return f"{self.suite}/{self.name.removeprefix('test_')}"

    @property
    def folder(self):
        return CACHE / self.path

    def expected(self):
        return [tensor(self.folder / f"output_{at}.pb") for at in range(len(self.outputs))]


def tensor(path):
    proto = onnx.TensorProto()
    proto.ParseFromString(path.read_bytes())
    return numpy_helper.to_array(proto)


def patterns_of(path):
    """The patterns of a list, each with the heading that it stands under."""
    patterns, heading = [], ""
    for line in path.read_text().splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if line.startswith(" "):
            patterns.append((re.compile(line.strip()), heading))
        else:
            heading = line.strip()
    return patterns


def load():
    """All cases, in the order of their paths; writes their files unless they are there."""
    sources = [pathlib.Path(__file__).read_bytes(), EXCLUSIONS.read_bytes(), onnx.__version__.encode()]
    stamp = hashlib.sha256(b"\0".join(sources)).hexdigest()
    index = CACHE / "index.json"
    if index.exists():
        content = json.loads(index.read_text())
        if content["stamp"] == stamp:
            return [Case(**case) for case in content["cases"]]
    shutil.rmtree(CACHE, ignore_errors=True)
    cases = sorted(materialised(), key=lambda case: case.path)
    content = {"stamp": stamp, "cases": [case.__dict__ for case in cases]}
    CACHE.mkdir(parents=True, exist_ok=True)
    index.write_text(json.dumps(content))
    return cases


def materialised():
    """Writes the files of every case that is not excluded, and yields all cases."""
    patterns = patterns_of(EXCLUSIONS)
    unused = {pattern.pattern for pattern, _ in patterns}
    for suite, name, operator, tolerances, read in found():
        path = f"{suite}/{name.removeprefix('test_')}"
        reasons = [(pattern, reason) for pattern, reason in patterns if pattern.fullmatch(path)]
        unused -= {pattern.pattern for pattern, _ in reasons}
        if reasons:
            yield Case(suite, name, operator, *tolerances, (), (), reasons[0][1])
        else:
            yield written(suite, name, operator, tolerances, *read())
    if unused:
        raise SystemExit(f"{EXCLUSIONS.name}: no case is called {', '.join(sorted(unused))}")


def found():
    """For every case suite, name, operator, tolerances, and a function that gives model, inputs and outputs."""
    node = load_model_tests(kind="node")
    operators = {case.name: operator_of(case.model) for case in node}
    for case in node:
        operator = operators[re.sub("_expanded.*", "", case.name)]
        yield "node", case.name, operator, (case.rtol, case.atol), lambda case=case: in_memory(case)
    for suite in SUITES[1:4]:
        for case in load_model_tests(kind=suite):
            yield suite, case.name, suite, (case.rtol, case.atol), lambda case=case: on_disk(case)
    for case in load_model_tests(kind="real"):
        name = pathlib.Path(case.url).stem.removeprefix("light_")
        yield "light", name, "light", (case.rtol, case.atol), lambda case=case: light(case)


def operator_of(model):
    """The operator that a case of the node suite is about."""
    names = {node.op_type for node in model.graph.node}
    return names.pop() if len(names) == 1 else (names - {"Constant"}).pop()


def in_memory(case):
    (inputs, outputs), = case.data_sets
    return case.model, inputs, outputs


def on_disk(case):
    folder, data = pathlib.Path(case.model_dir), pathlib.Path(case.model_dir) / "test_data_set_0"
    arrays = [[tensor(data / f"{kind}_{at}.pb") for at in range(len(list(data.glob(f"{kind}_*.pb"))))]
              for kind in ("input", "output")]
    return onnx.load(folder / "model.onnx"), *arrays


def light(case):
    """A network without weights to speak of; its input is a ramp, as the runner of ONNX makes it."""
    path = pathlib.Path(DATA_DIR) / "light" / pathlib.Path(case.url).name
    model = onnx.load(path)
    weights = {initializer.name for initializer in model.graph.initializer}
    inputs = []
    for value in model.graph.input:
        if value.name not in weights:
            shape = [dim.dim_value for dim in value.type.tensor_type.shape.dim]
            size = numpy.prod(shape)
            inputs.append((numpy.arange(size).reshape(shape) / size).astype(numpy.float32))
    return model, inputs, [tensor(path.with_name(f"{path.stem}_output_0.pb"))]


def written(suite, name, operator, tolerances, model, inputs, outputs):
    """Writes the files of one case."""
    weights = {initializer.name for initializer in model.graph.initializer}
    names = [value.name for value in model.graph.input if value.name not in weights]
    given = dict(zip(names, map(proto, inputs), strict=True))
    constants = structural(model, given)
    result = onnx.ModelProto()
    result.CopyFrom(model)
    for at, value in reversed(list(enumerate(result.graph.input))):
        if value.name in constants:
            del result.graph.input[at]
            result.graph.initializer.append(renamed(given.pop(value.name), value.name))
    answers = [value.name for value in model.graph.output]
    case = Case(suite, name, operator, *tolerances, tuple(answers), tuple(constants), "")
    case.folder.mkdir(parents=True)
    (case.folder / "model.onnx").write_bytes(result.SerializeToString(deterministic=True))
    for at, (input_name, value) in enumerate(given.items()):
        (case.folder / f"input_{at}.pb").write_bytes(renamed(value, input_name).SerializeToString())
    for at, (answer, value) in enumerate(zip(answers, map(proto, outputs), strict=True)):
        (case.folder / f"output_{at}.pb").write_bytes(renamed(value, answer).SerializeToString())
    save_npz(case.folder / "inputs.npz", {key: numpy_helper.to_array(value) for key, value in given.items()})
    return case


def proto(value):
    return value if isinstance(value, onnx.TensorProto) else numpy_helper.from_array(numpy.asarray(value))


def renamed(value, name):
    result = onnx.TensorProto()
    result.CopyFrom(value)
    result.name = name
    return result


def structural(model, given):
    """The inputs that lead to a position of STRUCTURE; a Shape or Size on the way depends on no value."""
    makers = {output: node for node in model.graph.node for output in node.output}
    pending = [node.input[at] for node in model.graph.node for at in STRUCTURE.get(node.op_type, [])
               if at < len(node.input)]
    seen = set()
    while pending:
        value = pending.pop()
        if value and value not in seen:
            seen.add(value)
            maker = makers.get(value)
            if maker and maker.op_type not in ("Shape", "Size"):
                pending += maker.input
    return [name for name in given if name in seen]


def save_npz(path, arrays):
    """Writes arrays as numpy.savez does, whatever their names, the same bytes each time.

    NPY has no bfloat16: such numbers are written as float32, which holds them exactly.
    """
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            if array.dtype == ml_dtypes.bfloat16:
                array = array.astype(numpy.float32)
            buffer = io.BytesIO()
            numpy.lib.format.write_array(buffer, numpy.asanyarray(array), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), buffer.getvalue())
