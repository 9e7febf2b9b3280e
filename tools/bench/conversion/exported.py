"""Writes small networks as PyTorch and Keras export them to Tests/ONNXCases; tools/bench/onnx-exported calls it.

The programs are those of docs/from-pytorch-and-keras.md, as they stand there, and the few below: what other exporters
make of the same. What a network must answer is what ONNX Runtime answers.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import numpy
import onnx
import onnxruntime
from onnx import numpy_helper

ROOT = pathlib.Path(__file__).parents[3]
PAGE = ROOT / "docs/from-pytorch-and-keras.md"
TARGET = ROOT / "Tests/ONNXCases/exported"
LARGEST = 100_000  # bytes of a file

# The exporter that PyTorch had before 2.9, with the batch normalisation left in, and an LSTM whose sequence has any
# length.
TORCHSCRIPT = """
import numpy
import torch
from torch import nn


class Speech(nn.Module):
    def __init__(self):
        super().__init__()
        self.narrow = nn.Conv1d(12, 8, 3, padding=1)
        self.norm = nn.BatchNorm1d(8)
        self.recurrent = nn.LSTM(8, 8, batch_first=True, bidirectional=True)
        self.phoneme = nn.Linear(16, 5)
        self.speaker = nn.Linear(16, 3)

    def forward(self, sound):
        x = self.norm(torch.relu(self.narrow(sound.transpose(1, 2)))).transpose(1, 2)
        x, _ = self.recurrent(x)
        return self.phoneme(x).log_softmax(-1), self.speaker(x.mean(1)).softmax(-1)


torch.manual_seed(3)
model = Speech().eval()
nn.init.uniform_(model.norm.running_mean)
nn.init.uniform_(model.norm.running_var, 0.5, 1.5)
example = torch.rand(2, 7, 12)
torch.onnx.export(
    model, (example,), "speech.onnx", dynamo=False, opset_version=17, do_constant_folding=False,
    training=torch.onnx.TrainingMode.PRESERVE,
    input_names=["sound"], output_names=["phoneme", "speaker"],
    dynamic_axes={"sound": {0: "batch", 1: "time"}, "phoneme": {0: "batch", 1: "time"}, "speaker": {0: "batch"}})
numpy.savez("inputs.npz", sound=example.numpy())
"""


def main():
    programs = dict(re.findall(r"^```python\n# (\S+)\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL))
    pytorch, keras = programs["digits_pytorch.py"], programs["digits_keras.py"]
    shutil.rmtree(TARGET, ignore_errors=True)
    export("pytorch", pytorch, "digits.onnx")
    export("pytorch-external", pytorch.replace("external_data=False", "external_data=True"), "digits.onnx")
    export("pytorch-torchscript", TORCHSCRIPT, "speech.onnx")
    export("pytorch-person", programs["backbone_pytorch.py"], "person.onnx")
    export("pytorch-distance", programs["backbone_pytorch.py"], "distance.onnx")
    export("keras-tensorflow", keras, "digits.onnx", KERAS_BACKEND="tensorflow")
    export("keras-torch", keras, "digits.onnx", KERAS_BACKEND="torch")


def export(name, program, file, **variables):
    """Runs a program in an empty folder, and keeps what it exported, its inputs, and the answers to them."""
    target = TARGET / name
    target.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        process = subprocess.run([sys.executable, "-W", "ignore", "-c", program], cwd=folder, text=True,
                                 env=os.environ | variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if process.returncode:
            raise SystemExit(f"onnx-exported: {name}: status {process.returncode}\n{process.stdout}")
        copy_without_paths(folder / file, target / "model.onnx")
        if (folder / f"{file}.data").exists():
            shutil.copy(folder / f"{file}.data", target / f"{file}.data")
        with numpy.load(folder / "inputs.npz") as archive:
            inputs = dict(archive)
    session = onnxruntime.InferenceSession(target / "model.onnx", providers=["CPUExecutionProvider"])
    heads = [output.name for output in session.get_outputs()]
    save(target, "input", inputs)
    save(target, "output", dict(zip(heads, session.run(heads, inputs))))
    for path in sorted(target.iterdir()):
        if path.stat().st_size > LARGEST:
            raise SystemExit(f"onnx-exported: {path} has {path.stat().st_size} bytes")
    print(f"{name}: {', '.join(heads)}; {sum(path.stat().st_size for path in target.iterdir())} bytes")


def copy_without_paths(source, target):
    """Copies a model, but for where PyTorch is installed, which it notes at each node."""
    model = onnx.load(source, load_external_data=False)
    for node in model.graph.node:
        for note in node.metadata_props:
            note.value = note.value.replace(sys.prefix, "")
    target.write_bytes(model.SerializeToString())


def save(target, kind, arrays):
    for at, (name, array) in enumerate(arrays.items()):
        (target / f"{kind}_{at}.pb").write_bytes(numpy_helper.from_array(array, name).SerializeToString())


main()
