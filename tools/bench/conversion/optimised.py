"""Converts files with operators of ONNX Runtime and compares; tools/bench/onnx-optimised calls it."""

import argparse
import os
import pathlib
import shutil
import subprocess
import warnings

import numpy
import onnxruntime
from onnx import numpy_helper

import optimised_networks
import optimised_nodes
import suites

WORK = pathlib.Path(".build-bench/conversion/optimised")
TARGET = pathlib.Path(__file__).parents[3] / "Tests/ONNXCases/optimised"
TOLERANCE = 1e-4  # of the largest number of an output


def main():
    warnings.filterwarnings("ignore")
    onnxruntime.set_default_logger_severity(4)
    parser = argparse.ArgumentParser(prog="onnx-optimised", description=__doc__.split(";")[0] + ".")
    parser.add_argument("texts", nargs="*", metavar="TEXT", help="only cases whose name contains one of them")
    parser.add_argument("--cases", action="store_true", help=f"write {TARGET.parent.name}/{TARGET.name}")
    options = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    found = [case for case in cases() if not options.texts or any(text in case.name for text in options.texts)]
    if options.cases:
        return write(found)
    failed = []
    print(f"{'case':<38}{'operators of ONNX Runtime':<62}difference")
    for case in found:
        problem = attempt(case)
        if problem:
            print(f"{case.name:<38}FAILED: {problem}")
            failed.append(case.name)
    print(f"\n{len(found) - len(failed)} of {len(found)} cases agree")
    if failed:
        raise SystemExit("onnx-optimised: failed\n  " + "\n  ".join(failed))


def cases():
    yield from optimised_nodes.cases()
    yield from optimised_networks.cases(WORK)


def attempt(case):
    """What is wrong with a case, or nothing."""
    document, target = WORK / "model.onnx", WORK / "model.espalier"
    document.write_bytes(case.model.SerializeToString())
    process = call("convert", document, target)
    if process.returncode:
        return " ".join(process.stderr.split())
    suites.save_npz(WORK / "inputs.npz", case.inputs)
    process = call("run", target, "--input", WORK / "inputs.npz", "--output", WORK / "outputs.npz")
    if process.returncode:
        return process.stderr
    worst = 0.0
    with numpy.load(WORK / "outputs.npz") as answers:
        for name, expected in case.outputs().items():
            if name not in answers or answers[name].shape != expected.shape:
                return f"{name} is {answers[name].shape if name in answers else 'missing'} instead of {expected.shape}"
            difference = numpy.abs(answers[name].astype(float) - expected).max()
            worst = max(worst, difference / max(numpy.abs(expected.astype(float)).max(), 1e-30))
    if not worst <= case.tolerance:
        return f"differs by {worst:.1e}"
    print(f"{case.name:<38}{operators(case.model)[:60]:<62}{worst:>10.1e}")
    return None


def operators(model):
    return ", ".join(sorted({node.op_type for node in model.graph.node
                             if node.domain or node.op_type in ("SimplifiedLayerNormalization", "LayerNormalization")}))


def write(found):
    shutil.rmtree(TARGET, ignore_errors=True)
    total = 0
    for case in found:
        if case.is_rough:
            continue
        folder = TARGET / case.name
        folder.mkdir(parents=True)
        (folder / "model.onnx").write_bytes(case.model.SerializeToString(deterministic=True))
        for kind, arrays in [("input", case.inputs), ("output", case.outputs())]:
            for at, (name, array) in enumerate(arrays.items()):
                tensor = numpy_helper.from_array(array, name)
                (folder / f"{kind}_{at}.pb").write_bytes(tensor.SerializeToString())
        total += sum(file.stat().st_size for file in folder.iterdir())
    print(f"{total} bytes")


def call(*arguments):
    return subprocess.run([os.environ["ESPALIER"], *arguments], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, errors="replace")


main()
