"""Converts trained ONNX files of public packages and compares; tools/bench/field-models calls it."""

import argparse
import os
import pathlib
import subprocess
import sys
import tarfile
import time
import tomllib
import zipfile

import numpy
import onnxruntime

import suites

HERE = pathlib.Path(__file__).parent
WORK = pathlib.Path(".build-bench/conversion/field")
TOLERANCE = 1e-4  # of the largest number of an output
RUNS = 3
AT_LEAST = 18  # files that come in
TYPES = {"tensor(int64)": numpy.int64, "tensor(int32)": numpy.int32, "tensor(bool)": numpy.bool_,
         "tensor(float)": numpy.float32, "tensor(double)": numpy.float64, "tensor(float16)": numpy.float16}


class Refusal(Exception):
    """What `espalier` says against a file, when it is converted or run."""


class Failure(Exception):
    """A file that does not do what the list says."""


def main():
    parser = argparse.ArgumentParser(prog="field-models", description=__doc__.split(";")[0] + ".")
    parser.add_argument("texts", nargs="*", metavar="TEXT", help="only files whose name contains one of them")
    texts = parser.parse_args().texts
    WORK.mkdir(parents=True, exist_ok=True)
    packages = tomllib.loads((HERE / "field.toml").read_text())["package"]
    print("Differences are from ONNX Runtime at three sizes, to the largest number of each output.\n")
    passed, failed, refused = 0, [], []
    for package in packages:
        files = [file for file in package["file"] if not texts or any(text in file["path"] for text in texts)]
        if files:
            print(f"{package['name']} {package['version']}: {package['purpose']}")
        for file in files:
            try:
                passed += attempt(package, file, refused)
            except Failure as failure:
                failed.append(file["path"])
                print(f"    FAILED: {failure}")
    total = passed + len(failed) + len(refused)
    print(f"\n{passed} of {total} files agree, {len(refused)} are refused as listed, {len(failed)} failed")
    if failed or (not texts and passed < AT_LEAST):
        raise SystemExit("field-models: failed" + "".join("\n  " + path for path in failed))


def attempt(package, file, refused):
    """Whether a file comes in and agrees; a refusal that is listed goes into `refused`."""
    name = pathlib.PurePath(file["path"]).name
    print(f"  {name:40}", end="", flush=True)
    try:
        document = extracted(package, file["path"])
        model = WORK / "model.espalier"
        start = time.monotonic()
        call("convert", document, model, *constants(file))
        seconds = time.monotonic() - start
        print(f"{document.stat().st_size:>12,} bytes{seconds:>7.1f} s", end="", flush=True)
        difference = max(compare(document, model, file, run) for run in range(RUNS))
        print(f"{difference:>10.1e}")
        if "refused" in file:
            raise Failure("it agrees, and the list says that it is refused")
        return 1
    except Refusal as refusal:
        if "refused" not in file or file["refused"] not in str(refusal):
            print()
            raise Failure(str(refusal)) from refusal
        print(f"\n    refused: {file['refused']}")
        refused.append(file["path"])
        return 0
    except Failure:
        print()
        raise


def extracted(package, path):
    """The file of a package, which is fetched once."""
    target = WORK / f"{package['name']}-{package['version']}" / pathlib.PurePath(path).name
    if target.exists():
        return target
    if package["name"] == "onnxruntime":
        data = (pathlib.Path(onnxruntime.__file__).parent.parent / path).read_bytes()
    else:
        data = member(distribution(package), path)
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(data)
    return target


def distribution(package):
    folder = WORK / "packages" / f"{package['name']}-{package['version']}"
    if not folder.exists():
        subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", f"{folder}.partial",
                        f"{package['name']}=={package['version']}"], check=True)
        pathlib.Path(f"{folder}.partial").rename(folder)
    return next(path for path in folder.iterdir() if path.name.endswith((".whl", ".tar.gz")))


def member(archive, path):
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as content:
            return content.read(path)
    with tarfile.open(archive) as content:
        found = next(item for item in content if item.name.endswith("/" + path))
        return content.extractfile(found).read()


def constants(file):
    """The options that give a conversion the scalars on which structure depends."""
    if "constants" not in file:
        return []
    path = WORK / "constants.npz"
    suites.save_npz(path, {name: numpy.array(file["scalars"][name]) for name in file["constants"]})
    return ["--constants", path]


def compare(document, model, file, run):
    """The largest difference at one of the three sizes, to the largest number of each output."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 1, 3
    session = onnxruntime.InferenceSession(document, options, providers=["CPUExecutionProvider"])
    inputs = arrays(session, file, run)
    try:
        expected = dict(zip((output.name for output in session.get_outputs()), session.run(None, inputs)))
    except Exception as error:
        raise Failure(f"ONNX Runtime refuses the inputs: {error}") from error
    given = {name: array for name, array in inputs.items() if name not in file.get("constants", [])}
    actual, worst = answers(model, given), 0.0
    for name, numbers in expected.items():
        if name not in actual:
            raise Failure(f"there is no output {name}, but {', '.join(actual)}")
        if without_ones(numbers.shape) != without_ones(actual[name].shape):
            raise Failure(f"{name} has the shape {actual[name].shape} instead of {numbers.shape}")
        numbers = numbers.reshape(actual[name].shape)
        largest = max(float(numpy.abs(numbers.astype(float)).max(initial=0)), 1e-30)
        difference = float(numpy.abs(numbers.astype(float) - actual[name].astype(float)).max(initial=0)) / largest
        if not difference <= file.get("tolerance", TOLERANCE):
            raise Failure(f"{name} differs by {difference:.1e} at {[array.shape for array in inputs.values()]}")
        worst = max(worst, difference)
    return worst


def without_ones(shape):
    """A shape without its axes of one element: what PyTorch squeezes goes or stays with the size of a batch."""
    return [size for size in shape if size != 1]


def arrays(session, file, run):
    """The inputs of one of the three runs, drawn from its number."""
    random, inputs = numpy.random.default_rng(run), {}
    for declared in session.get_inputs():
        name, kind = declared.name, TYPES[declared.type]
        if name in file.get("scalars", {}):
            inputs[name] = numpy.array(file["scalars"][name], kind)
            continue
        shapes = file["shapes"][name]
        shape = shapes[run % len(shapes)]
        if name in file.get("values", {}):
            inputs[name] = random.integers(*file["values"][name], shape).astype(kind)
        else:
            inputs[name] = random.standard_normal(shape).astype(kind)
    return inputs


def answers(model, inputs):
    given, answered = WORK / "inputs.npz", WORK / "outputs.npz"
    suites.save_npz(given, inputs)
    call("run", model, "--input", given, "--output", answered)
    with numpy.load(answered) as archive:
        return dict(archive)


def call(*arguments):
    process = subprocess.run([os.environ["ESPALIER"], *arguments], stdin=subprocess.DEVNULL, capture_output=True,
                             text=True, errors="replace")
    if process.returncode:
        message = " ".join(process.stderr.split())
        raise Refusal(message)


main()
