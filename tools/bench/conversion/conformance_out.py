"""Converts the backend tests of ONNX in, out and in again; tools/bench/onnx-conformance --out calls it."""

import argparse
import collections
import pathlib
import re
import sys
import tempfile

import ml_dtypes
import numpy
import onnx
import onnxruntime
from onnx import TensorProto, helper

import outcomes
import suites

LIST = suites.HERE.parent / "onnx-conformance-out.txt"
STATES = ["passed", "newer", "differs", "unknown", "failed"]  # the best first
NEWEST_OPSET = 28
TOLERANCE = 1e-5  # of the largest number of an output
RUNTIME_ERRORS = (onnxruntime.capi.onnxruntime_pybind11_state.Fail,
                  onnxruntime.capi.onnxruntime_pybind11_state.InvalidGraph,
                  onnxruntime.capi.onnxruntime_pybind11_state.InvalidArgument,
                  onnxruntime.capi.onnxruntime_pybind11_state.RuntimeException)


class Outcome(Exception):
    """A state, other than passed, and why."""


def main():
    parser = argparse.ArgumentParser(
        prog="onnx-conformance --out",
        description=f"Converts the backend tests of ONNX out again and compares with tools/bench/{LIST.name}.")
    parser.add_argument("--filter", metavar="REGEX", type=re.compile, help="only cases with this in SUITE/CASE")
    parser.add_argument("--update", action="store_true", help="writes the list instead of comparing with it")
    options = parser.parse_args()

    cases = [case for case in suites.load() if not case.excluded
             and (not options.filter or options.filter.search(case.path))]
    results = {path: result for path, result in outcomes.of_all(cases, run).items() if result}
    if not results:
        raise SystemExit("onnx-conformance --out: none of the cases is converted in")
    counts = collections.Counter(state for state, _ in results.values())
    outcomes.print_cases({path: result for path, result in results.items() if result[0] != "passed"})
    print(f"\n{len(results)} cases are converted in and out again: " + summary(counts))
    kept = read_list()
    if options.update:
        write_list(kept, results, complete=not options.filter)
    elif worse := regressions(kept, results):
        print(f"\n{len(worse)} cases are worse than {LIST.name} says:", file=sys.stderr)
        for path in worse:
            print(f"  {path}: {results[path][0]}, was {kept.get(path, 'passed')}", file=sys.stderr)
        raise SystemExit(1)


def summary(counts):
    return ", ".join(f"{counts[state]} {state}" for state in STATES)


def run(case):
    """What becomes of one case: its state and why; nothing if it is not converted in."""
    onnxruntime.set_default_logger_severity(4)
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        first, back, again = scratch / "first.espalier", scratch / "back.onnx", scratch / "again.espalier"
        if outcomes.call("convert", case.folder / "model.onnx", first, "--no-check")[0]:
            return None
        try:
            convert(first, back)
            check(back)
            compare(case, first, back, scratch / "answers.npz")
            convert(back, again)
            if first.read_bytes() == again.read_bytes():
                return "passed", ""
            convert(first, back, "--opset", str(NEWEST_OPSET))
            convert(back, again)
            if first.read_bytes() == again.read_bytes():
                return "newer", f"it is the same bytes again from opset {NEWEST_OPSET} only"
            return "differs", "it is not the same bytes again"
        except Outcome as outcome:
            return outcome.args


def convert(source, target, *options):
    status, message = outcomes.call("convert", source, target, *options)
    if status:
        raise Outcome("failed", f"{source.suffix} to {target.suffix}: {message}")


def check(path):
    """Demands what onnx.checker does, with all shapes inferred."""
    try:
        onnx.checker.check_model(str(path), full_check=True)
        onnx.shape_inference.infer_shapes(onnx.load(path), strict_mode=True, data_prop=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        raise Outcome("failed", f"onnx.checker: {error}") from error


def compare(case, model, document, answers):
    """Compares what ONNX Runtime makes of the document with what Espalier makes of the model."""
    inputs = case.folder / "inputs.npz"
    status, message = outcomes.call("run", model, "--input", inputs, "--output", answers)
    if status:
        raise Outcome("failed", message)
    with numpy.load(inputs) as archive:
        given = dict(archive)
    try:
        found = run_elsewhere(document, given)
    except onnxruntime.capi.onnxruntime_pybind11_state.NotImplemented as error:
        raise Outcome("unknown", f"ONNX Runtime: {brief(error)}") from error
    except RUNTIME_ERRORS as error:
        raise Outcome("failed", f"ONNX Runtime: {brief(error)}") from error
    with numpy.load(answers) as archive:
        if sorted(archive) != sorted(found):
            raise Outcome("failed", f"the outputs are {', '.join(found)} instead of {', '.join(archive)}")
        for name, expected in archive.items():
            if problem := difference(found[name], expected):
                raise Outcome("failed", f"{name}: {problem}")


def brief(error):
    """The message without the code before it."""
    return re.sub(r"^\[ONNXRuntimeError\] : \d+ : \w+ : ", "", str(error))


def run_elsewhere(path, given):
    """The outputs by name; NumPy has no bfloat16, so that inputs and outputs of it are made float32."""
    document = onnx.load(path)
    widen(document.graph)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(document.SerializeToString(), options, providers=["CPUExecutionProvider"])
    feeds = {value.name: given[value.name].astype(elements(value)) for value in document.graph.input}
    names = [value.name for value in session.get_outputs()]
    return dict(zip(names, session.run(names, feeds)))


def elements(value):
    return helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type)


def widen(graph):
    for value in graph.input:
        if value.type.tensor_type.elem_type == TensorProto.BFLOAT16:
            narrow = f"{value.name} as bfloat16"
            for node in graph.node:
                node.input[:] = [narrow if name == value.name else name for name in node.input]
            graph.node.insert(0, helper.make_node("Cast", [value.name], [narrow], to=TensorProto.BFLOAT16))
            value.type.tensor_type.elem_type = TensorProto.FLOAT
    for value in graph.output:
        if value.type.tensor_type.elem_type == TensorProto.BFLOAT16:
            narrow = f"{value.name} as bfloat16"
            for node in graph.node:
                node.output[:] = [narrow if name == value.name else name for name in node.output]
                node.input[:] = [narrow if name == value.name else name for name in node.input]
            graph.node.append(helper.make_node("Cast", [narrow], [value.name], to=TensorProto.FLOAT))
            value.type.tensor_type.elem_type = TensorProto.FLOAT


def difference(found, expected):
    """What is different about an output; nothing if it is near enough."""
    if found.shape != expected.shape or found.dtype != expected.dtype:
        return f"{found.dtype} {list(found.shape)} instead of {expected.dtype} {list(expected.shape)}"
    if expected.dtype.kind != "f":
        count = numpy.count_nonzero(found != expected)
        return f"{count} of {expected.size} differ" if count else ""
    finite = numpy.isfinite(expected)
    if not numpy.array_equal(found[~finite], expected[~finite], equal_nan=True):
        return "numbers that are not finite differ"
    if not finite.any():
        return ""
    wanted, got = expected[finite].astype(numpy.float64), found[finite].astype(numpy.float64)
    tolerance = max(TOLERANCE, 2 * float(numpy.finfo(expected.dtype).eps))
    relative = numpy.abs(got - wanted).max() / max(numpy.abs(wanted).max(), numpy.finfo(numpy.float32).tiny)
    return "" if relative <= tolerance else f"differs by {relative:.1e}, more than {tolerance:.0e}"


def read_list():
    """The states of the cases that have not passed."""
    if not LIST.exists():
        return {}
    lines = [line for line in LIST.read_text().splitlines() if line and not line.startswith("#")]
    return {path: state for state, path, *_ in (line.split(maxsplit=2) for line in lines)}


def write_list(kept, results, complete):
    counts = collections.Counter(state for state, _ in results.values())
    messages = {path: f"{state:8} {path}  {message}" for path, (state, message) in results.items() if state != "passed"}
    if not complete:
        raise SystemExit("onnx-conformance --out: --update needs all cases")
    lines = ["# What becomes of the backend tests of ONNX that are converted in and out again, but for those that pass;",
             "# tools/bench/onnx-conformance --out --update writes this.",
             f"# {summary(counts)}"]
    LIST.write_text("\n".join(lines + [messages[path] for path in sorted(messages)]) + "\n")


def regressions(kept, results):
    return [path for path, (state, _) in results.items()
            if STATES.index(state) > STATES.index(kept.get(path, "passed"))]


main()
