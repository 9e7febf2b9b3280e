"""Runs the backend tests of ONNX through Espalier; tools/bench/onnx-conformance calls it."""

import argparse
import collections
import json
import re
import sys
import tempfile
import textwrap

import ml_dtypes
import numpy

import outcomes
import suites

LIST = suites.HERE.parent / "onnx-conformance.txt"
STATES = ["passed", "failed", "unsupported", "excluded"]


def main():
    parser = argparse.ArgumentParser(
        prog="onnx-conformance",
        description="Runs the backend tests of ONNX and compares with tools/bench/onnx-conformance.txt.")
    parser.add_argument("--filter", metavar="REGEX", type=re.compile,
                        help="only cases with this in SUITE/CASE; says of each what became of it")
    parser.add_argument("--update", action="store_true", help="writes the list instead of comparing with it")
    parser.add_argument("--json", action="store_true", help="prints state and message of each case as JSON")
    options = parser.parse_args()

    cases = [case for case in suites.load() if not options.filter or options.filter.search(case.path)]
    if not cases:
        raise SystemExit(f"onnx-conformance: no case has {options.filter.pattern} in its path")
    results = outcomes.of_all(cases, run)
    kept = read_list()
    if options.json:
        print(json.dumps({path: dict(zip(("state", "message"), result)) for path, result in results.items()}, indent=2))
    elif options.filter:
        outcomes.print_cases(results)
    else:
        print_report(cases, results)
    if options.update:
        write_list(kept, results, complete=not options.filter)
    elif worse := regressions(kept, results):
        print(f"\n{len(worse)} cases passed according to {LIST.name}, and do no longer:", file=sys.stderr)
        for path in worse:
            print(f"  {path}: {' '.join(results[path])}", file=sys.stderr)
        raise SystemExit(1)


def run(case):
    """Converts and runs one case: its state and why."""
    if case.excluded:
        return "excluded", case.excluded
    with tempfile.TemporaryDirectory() as scratch:
        model, answers = f"{scratch}/case.espalier", f"{scratch}/answers.npz"
        status, message = outcomes.call("convert", case.folder / "model.onnx", model, "--no-check")
        if status:
            return "unsupported" if status == 1 else "failed", message
        status, message = outcomes.call("run", model, "--input", case.folder / "inputs.npz", "--output", answers, "--non-finite")
        if status:
            return "failed", message
        try:
            return compared(case, answers)
        except (OSError, ValueError) as error:
            return "failed", f"cannot read the output: {error}"


def compared(case, path):
    """Compares arrays with what the test expects.

    As the runner of ONNX does: equal shapes and element types, values within the tolerances of the test, bfloat16
    within two units in the last place. Instead of double and of bfloat16, which NPY does not have, float32 will do.
    """
    with numpy.load(path) as archive:
        for name, expected in zip(case.outputs, case.expected()):
            if name not in archive:
                return "failed", f"no output {name}, only {', '.join(archive) or 'none'}"
            actual, rtol = archive[name], case.rtol
            accepted = [expected.dtype]
            if expected.dtype in (numpy.float64, ml_dtypes.bfloat16):
                accepted.append(numpy.dtype(numpy.float32))
            if actual.dtype not in accepted:
                return "failed", f"{name}: {actual.dtype} instead of {expected.dtype}"
            if actual.shape != expected.shape:
                return "failed", f"{name}: shape {actual.shape} instead of {expected.shape}"
            if expected.dtype == ml_dtypes.bfloat16:
                actual, expected, rtol = actual.astype(numpy.float32), expected.astype(numpy.float32), max(rtol, 2**-6)
            close = numpy.isclose(actual, expected, rtol=rtol, atol=case.atol, equal_nan=True)
            if not close.all():
                at = tuple(int(axis[0]) for axis in numpy.nonzero(~close))
                return "failed", (f"{name}: {numpy.count_nonzero(~close)} of {close.size} differ; "
                                  f"at {list(at)} {actual[at]} instead of {expected[at]}")
    return "passed", ""


def read_list():
    if not LIST.exists():
        return {}
    lines = [line for line in LIST.read_text().splitlines() if line and not line.startswith("#")]
    return {path: state for state, path in (line.split() for line in lines)}


def write_list(kept, results, complete):
    states = {path: state for path, (state, _) in results.items()}
    if not complete:
        states = kept | states
    counts = collections.Counter(states.values())
    lines = ["# What becomes of each backend test of ONNX; tools/bench/onnx-conformance --update writes this.",
             "# " + ", ".join(f"{counts[state]} {state}" for state in STATES)]
    lines += [f"{state:12}{path}" for path, state in sorted(states.items())]
    LIST.write_text("\n".join(lines) + "\n")


def regressions(kept, results):
    return [path for path, (state, _) in results.items() if kept.get(path) == "passed" and state != "passed"]


def print_report(cases, results):
    print_operators(cases, results)
    failed = {path: result for path, result in results.items() if result[0] == "failed"}
    if failed:
        print("\nFailed:\n")
        outcomes.print_cases(failed)
    print("\nExcluded (tools/bench/onnx-exclusions.txt):\n")
    for reason, count in collections.Counter(case.excluded for case in cases if case.excluded).most_common():
        print(textwrap.fill(f"{count:5}  {reason}", 80, subsequent_indent=" " * 7))
    print()
    print_table("suite", [(suite, counts([case for case in cases if case.suite == suite], results))
                          for suite in suites.SUITES] + [("all", counts(cases, results))])


def print_operators(cases, results):
    """Operators of the node suite: names of those without a fault, a table of the others."""
    groups = collections.defaultdict(list)
    for case in cases:
        if case.suite == "node":
            groups[case.operator].append(case)
    rows = [(operator, counts(group, results)) for operator, group in sorted(groups.items())]
    whole = [f"{operator} {row['passed']}" for operator, row in rows
             if row["passed"] and not row["failed"] and not row["unsupported"]]
    print("Operators of the node suite that pass each case that is run, and how many:\n")
    print(textwrap.fill(", ".join(whole).replace(" ", "\u00a0").replace(",\u00a0", ", ") or "none", 78,
                        initial_indent="  ", subsequent_indent="  ").replace("\u00a0", " "))
    rest = [(operator, row) for operator, row in rows if row["failed"] or row["unsupported"]]
    if rest:
        print("\nOperators of the node suite that do not:\n")
        print_table("operator", rest)


def counts(cases, results):
    return collections.Counter(results[case.path][0] for case in cases)


def print_table(heading, rows):
    print(f"{heading:24}{'cases':>7}" + "".join(f"{state:>12}" for state in STATES))
    for name, row in rows:
        print(f"{name:24}{row.total():>7}" + "".join(f"{row[state]:>12}" for state in STATES))


main()
