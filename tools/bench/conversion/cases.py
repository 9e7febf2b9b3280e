"""Copies small backend tests of ONNX for the Swift tests; tools/bench/onnx-cases calls it.

Of the direct cases of the node suite it takes the smallest of each family: an operator with the same attributes,
inputs present and kinds of numbers. Of an operator's cases that are written as its composition it takes the
smallest one; of the other suites, every case that is small enough.
"""

import argparse
import pathlib
import shutil

import numpy
import onnx

import suites

FOLDER = pathlib.Path("Tests/ONNXCases")
LIST = suites.HERE.parent / "onnx-conformance.txt"
LARGEST = 8_000  # bytes of a case
BUDGET = 3_000_000  # bytes of all


def main():
    parser = argparse.ArgumentParser(prog="onnx-cases", description=f"Writes the cases of {FOLDER} again.")
    parser.add_argument("--all", action="store_true", help=f"not only what passed according to {LIST.name}")
    options = parser.parse_args()

    cases = [case for case in suites.load() if not case.excluded]
    if not options.all:
        passed = {line.split()[1] for line in LIST.read_text().splitlines() if line.startswith("passed")}
        cases = [case for case in cases if case.path in passed]
    chosen = selected(sorted(cases, key=lambda case: (size(case), case.path)))
    total = sum(map(size, chosen))
    if total > BUDGET:
        raise SystemExit(f"onnx-cases: {total} bytes in {len(chosen)} cases are more than {BUDGET}")
    for suite in suites.SUITES:
        shutil.rmtree(FOLDER / suite, ignore_errors=True)
    for case in chosen:
        target = FOLDER / case.path
        target.mkdir(parents=True)
        for file in files(case):
            shutil.copy(file, target / file.name)
    operators = {case.operator for case in chosen if case.suite == "node"}
    print(f"{len(chosen)} cases, of the node suite about {len(operators)} operators; {total} bytes")


def selected(cases):
    """The first case of each family; the cases come smallest first."""
    families = {}
    for case in cases:
        if size(case) <= LARGEST:
            families.setdefault(family(case), case)
    return families.values()


def family(case):
    if case.suite != "node":
        return case.path
    if "_expanded" in case.name:
        return case.operator, "expanded"
    graph = onnx.load(case.folder / "model.onnx").graph
    kinds = tuple(numpy.dtype(onnx.helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type)).kind
                  for value in graph.input)
    node = next(node for node in graph.node if node.op_type == case.operator)
    attributes = tuple(sorted(map(trait, node.attribute)))
    return case.operator, kinds, tuple(map(bool, node.input)), len(node.output), attributes


def trait(attribute):
    """What about an attribute makes a family: a word, or how many numbers there are."""
    value = onnx.helper.get_attribute_value(attribute)
    if isinstance(value, bytes):
        return attribute.name, value.decode()
    return attribute.name, len(value) if isinstance(value, list) else 0


def files(case):
    return sorted(file for file in case.folder.iterdir() if file.suffix in (".onnx", ".pb"))


def size(case):
    return sum(file.stat().st_size for file in files(case))


main()
