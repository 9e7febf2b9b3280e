"""Running cases one by one, and saying what became of them."""

import concurrent.futures
import os
import subprocess
import sys
import textwrap

TIMEOUT = 120


def of_all(cases, run):
    """State and message of each case, by its path."""
    results = {}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for at, (case, result) in enumerate(zip(cases, pool.map(run, cases)), 1):
            results[case.path] = result
            if sys.stderr.isatty():
                print(f"\r{at} of {len(cases)} cases", end="\n" if at == len(cases) else "", file=sys.stderr)
    return results


def call(*arguments):
    """Exit status and message of the converter; a signal or a time-out is no refusal."""
    try:
        process = subprocess.run([os.environ["ESPALIER"], *arguments], stdin=subprocess.DEVNULL, timeout=TIMEOUT,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace")
    except subprocess.TimeoutExpired:
        return -1, f"{arguments[0]} took longer than {TIMEOUT} s"
    if process.returncode < 0:
        return process.returncode, f"{arguments[0]} ended by signal {-process.returncode}"
    return process.returncode, " ".join(process.stderr.split()) or f"status {process.returncode}"


def print_cases(results):
    for path, (state, message) in results.items():
        print(textwrap.fill(f"{state:12}{path}  {message}", 80, subsequent_indent=" " * 12))
