"""Writes the networks of networks.py as ONNX, once.

torch.onnx.export with its defaults: the exporter that traces with torch.export ("dynamo"), the opset that it prefers.
The batch is symbolic. All weights are in the file, but for bert, whose weights lie beside it.
"""

import hashlib
import logging
import pathlib

import torch
from torch import nn

import networks

FOLDER = pathlib.Path(".build-bench/conversion/networks")
EXTERNAL = {"bert"}
SHARED = ("person", "distance", "attributes")  # one network for each of these heads of mobilenet, and one for all


def exported():
    """The files of all networks by name; makes them unless they are there."""
    sources = [pathlib.Path(__file__), pathlib.Path(networks.__file__)]
    stamp = hashlib.sha256(b"\0".join([source.read_bytes() for source in sources] + [torch.__version__.encode()]))
    files = {name: FOLDER / f"{name}.onnx" for name in [*networks.NETWORKS, *map(shared_name, SHARED)]}
    kept = FOLDER / "stamp"
    if not kept.exists() or kept.read_text() != stamp.hexdigest():
        logging.getLogger("torch.onnx").setLevel(logging.ERROR)
        FOLDER.mkdir(parents=True, exist_ok=True)
        for name, network in networks.NETWORKS.items():
            module = networks.build(name)
            export(module, networks.inputs(name, 2), network.heads, files[name], name in EXTERNAL)
            if name == "mobilenet":
                for head in SHARED:
                    single = nn.Sequential(module.trunk, module.heads[head])
                    export(single, networks.inputs(name, 2), [head], files[shared_name(head)])
        kept.write_text(stamp.hexdigest())
    return files


def shared_name(head):
    return f"mobilenet_{head}"


def export(module, example, outputs, path, external=False):
    batch = torch.export.Dim("batch")
    torch.onnx.export(module, (example,), path, input_names=["input"], output_names=list(outputs),
                      dynamic_shapes=({0: batch},), external_data=external, verbose=False)
