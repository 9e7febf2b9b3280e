"""Converts the backend tests of ONNX in, out and in again; tools/bench/onnx-conformance --out calls it."""

import argparse
import collections
import pathlib
import re
import sys
import tempfile
import textwrap

import ml_dtypes
import numpy
import onnx
import onnxruntime
from onnx import TensorProto, helper

import outcomes
import suites

LIST = suites.HERE.parent / "onnx-conformance-out.txt"
STATES = {
    "passed": "pass: onnx.checker, ONNX Runtime's numbers, the same bytes",
    "newer": "pass, but are the same bytes from opset 28 on only",
    "differs": "pass, but are not the same bytes again",
    "unproven": "are not compared with ONNX Runtime",
    "failed": "fail",
}
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
        description=f"Converts the backend tests of ONNX in, out and in again, and compares with {LIST.name}.")
    parser.add_argument("--filter", metavar="REGEX", type=re.compile,
                        help="only cases with this in SUITE/CASE; says of each what became of it")
    options = parser.parse_args()

    cases = [case for case in suites.load() if not case.excluded
             and (not options.filter or options.filter.search(case.path))]
    results = {path: result for path, result in outcomes.of_all(cases, run).items() if result}
    if not results:
        raise SystemExit("onnx-conformance --out: none of the cases is converted in")
    listed = exceptions()
    if options.filter:
        outcomes.print_cases(results)
    else:
        print_report(results, listed)
    unexpected = [(path, *result, expected(path, listed)) for path, result in results.items()
                  if result[0] != expected(path, listed)[0]]
    if unexpected:
        print(f"\nOther than {LIST.name} says:\n", file=sys.stderr)
        for path, state, message, (wanted, _) in unexpected:
            print(textwrap.fill(f"{path}: {state} instead of {wanted}  {message}", 80, subsequent_indent="  "),
                  file=sys.stderr)
        raise SystemExit(1)


def exceptions():
    """The patterns of the list, each with the state and the reason that it stands under."""
    return [(pattern, tuple(heading.split(": ", 1))) for pattern, heading in suites.patterns_of(LIST)]


def expected(path, listed):
    """The state and the reason that the list has for a case."""
    return next((heading for pattern, heading in listed if pattern.fullmatch(path)), ("passed", ""))


def print_report(results, listed):
    counts = collections.Counter(state for state, _ in results.values())
    print(f"{len(results)} cases are converted in, out and in again:\n")
    for state in STATES:
        print(f"{counts[state]:5}  {STATES[state]}")
    print(f"\nThe reasons (tools/bench/{LIST.name}):\n")
    reasons = collections.Counter(expected(path, listed)[1] for path in results)
    for reason, count in reasons.most_common():
        if reason:
            print(textwrap.fill(f"{count:5}  {reason}", 80, subsequent_indent=" " * 7))


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
    status, message = outcomes.call("run", model, "--input", inputs, "--output", answers, "--non-finite")
    if status:
        raise Outcome("unproven", message)
    with numpy.load(inputs) as archive:
        given = dict(archive)
    try:
        found = run_elsewhere(document, given)
    except onnxruntime.capi.onnxruntime_pybind11_state.NotImplemented as error:
        raise Outcome("unproven", f"ONNX Runtime: {brief(error)}") from error
    except RUNTIME_ERRORS as error:
        raise Outcome("failed", f"ONNX Runtime: {brief(error)}") from error
    with numpy.load(answers) as archive:
        if sorted(archive) != sorted(found):
            raise Outcome("failed", f"the outputs are {', '.join(found)} instead of {', '.join(archive)}")
        for name, expected in archive.items():
            if problem := difference(found[name], expected):
                if difference(run_elsewhere(case.folder / "model.onnx", given)[name], expected):
                    raise Outcome("unproven", "ONNX Runtime gives other numbers for the test itself")
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
    feeds = {value.name: given[value.name].astype(elements(value)) for value in document.graph.input
             if value.name in given}
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


main()
