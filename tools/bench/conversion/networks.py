"""The networks that conversion is measured with, in PyTorch: random weights, several heads, evaluation mode.

Eight stand for what multi-task networks are used for; four are those of MLPerf Tiny with the padding of TensorFlow.
NETWORKS says of each how many parameters and multiply-adds it has, which `build` checks.
"""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode


class SamePadding(nn.Module):
    """A convolution with the padding that TensorFlow calls same: of an odd number the greater part comes last."""

    def __init__(self, inputs, outputs, kernel, stride=1, **options):
        super().__init__()
        self.kernel = kernel if isinstance(kernel, tuple) else (kernel, kernel)
        self.stride = stride
        self.convolution = nn.Conv2d(inputs, outputs, kernel, stride, **options)

    def forward(self, x):
        pads = []
        for size, kernel in zip(reversed(x.shape[2:]), reversed(self.kernel)):
            total = max((-(-size // self.stride) - 1) * self.stride + kernel - size, 0)
            pads += [total // 2, total - total // 2]
        return self.convolution(functional.pad(x, pads))


def unit(inputs, outputs, kernel, stride=1, groups=1, bias=False, relu=True):
    """Convolution, batch normalisation and, unless told otherwise, ReLU."""
    layers = [SamePadding(inputs, outputs, kernel, stride, groups=groups, bias=bias), nn.BatchNorm2d(outputs)]
    return nn.Sequential(*layers, *([nn.ReLU()] if relu else []))


def chain(*widths, last_relu=True):
    """Dense layers with ReLU between them."""
    layers = []
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    return nn.Sequential(*(layers if last_relu else layers[:-1]))


class MultiTask(nn.Module):
    """A trunk, and heads that all take what it gives; the results come in the order of the heads."""

    def __init__(self, trunk, heads):
        super().__init__()
        self.trunk = trunk
        self.heads = nn.ModuleDict(heads)

    def forward(self, x):
        features = self.trunk(x)
        return tuple(head(features) for head in self.heads.values())


def classes(inputs, count):
    return nn.Sequential(nn.Linear(inputs, count), nn.Softmax(-1))


def chances(inputs, count):
    return nn.Sequential(nn.Linear(inputs, count), nn.Sigmoid())


class Residual(nn.Module):
    """Two convolutions beside a shortcut, which is a convolution of 1x1 where the shape changes."""

    def __init__(self, inputs, outputs, stride, bias=False):
        super().__init__()
        self.body = nn.Sequential(unit(inputs, outputs, 3, stride, bias=bias),
                                  unit(outputs, outputs, 3, bias=bias, relu=False))
        self.shortcut = nn.Identity() if inputs == outputs else nn.Conv2d(inputs, outputs, 1, stride)

    def forward(self, x):
        return functional.relu(self.shortcut(x) + self.body(x))


def resnet8(bias=False):
    """The trunk of MLPerf Tiny image classification, 64 features."""
    stages = [Residual(16, 16, 1, bias), Residual(16, 32, 2, bias), Residual(32, 64, 2, bias)]
    return nn.Sequential(unit(3, 16, 3, bias=bias), *stages, nn.AvgPool2d(8), nn.Flatten())


def dscnn(bias=False):
    """The trunk of MLPerf Tiny keyword spotting, 64 features; its pooling leaves the last row out."""
    layers = [unit(1, 64, (10, 4), 2, bias=True)]
    for _ in range(4):
        layers += [unit(64, 64, 3, groups=64, bias=bias), unit(64, 64, 1, bias=bias)]
    return nn.Sequential(*layers, nn.AvgPool2d((24, 5)), nn.Flatten())


def mobilenet(bias=False):
    """The trunk of MLPerf Tiny visual wake words, MobileNetV1 0.25, 256 features."""
    layers, inputs = [unit(3, 8, 3, 2, bias=bias)], 8
    widths = [16, 32, 32, 64, 64, 128, 128, 128, 128, 128, 128, 256, 256]
    for at, outputs in enumerate(widths):
        stride = 2 if at in (1, 3, 5, 11) else 1
        layers += [unit(inputs, inputs, 3, stride, groups=inputs, bias=bias), unit(inputs, outputs, 1, bias=bias)]
        inputs = outputs
    return nn.Sequential(*layers, nn.AvgPool2d(3), nn.Flatten())


def autoencoder():
    """MLPerf Tiny anomaly detection."""
    layers, inputs = [], 640
    for outputs in [128] * 4 + [8] + [128] * 4:
        layers += [nn.Linear(inputs, outputs), nn.BatchNorm1d(outputs), nn.ReLU()]
        inputs = outputs
    return nn.Sequential(*layers, nn.Linear(inputs, 640))


class Panoptic(nn.Module):
    """Driving scenes: a residual encoder, a pyramid of three scales, boxes on each scale, and two segmentations."""

    def __init__(self):
        super().__init__()
        widths = [16, 32, 64, 128, 256]
        self.stem = unit(3, 16, 3, 2)
        self.stages = nn.ModuleList(nn.Sequential(unit(inputs, outputs, 3, 2), Residual(outputs, outputs, 1))
                                    for inputs, outputs in zip(widths, widths[1:]))
        self.narrow = unit(256, 64, 1)
        self.pools = nn.ModuleList(nn.MaxPool2d(size, 1, size // 2) for size in (5, 9))
        self.join = unit(3 * 64, 128, 1)
        self.lateral = nn.ModuleList([unit(128, 64, 1), unit(64, 32, 1)])
        self.merge = nn.ModuleList([unit(64 + 128, 64, 1), unit(32 + 64, 32, 1)])
        boxes = 3 * (5 + 1)
        self.boxes = nn.ModuleList(nn.Sequential(unit(width, width, 3), nn.Conv2d(width, boxes, 1))
                                   for width in (64, 64, 32))
        self.masks = nn.ModuleList(nn.Sequential(unit(32, 64, 3), nn.Upsample(scale_factor=2), unit(64, 16, 3),
                                                 nn.Upsample(scale_factor=2), SamePadding(16, 2, 3),
                                                 nn.Upsample(scale_factor=2, mode="bilinear"))
                                   for _ in range(2))

    def forward(self, x):
        scales, x = [], self.stem(x)
        for stage in self.stages:
            x = stage(x)
            scales.append(x)
        x = self.narrow(x)
        x = self.join(torch.cat([x] + [pool(x) for pool in self.pools], 1))
        x = self.lateral[0](x)
        pyramid = [x]
        x = self.merge[0](torch.cat([functional.interpolate(x, scale_factor=2), scales[2]], 1))
        pyramid.append(x)
        x = self.lateral[1](x)
        pyramid.append(self.merge[1](torch.cat([functional.interpolate(x, scale_factor=2), scales[1]], 1)))
        boxes = [head(level) for head, level in zip(self.boxes, pyramid)]
        return (*boxes, *[mask(pyramid[-1]) for mask in self.masks])


class Attention(nn.Module):
    """One layer of a transformer, normalised after each half."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.project = nn.ModuleList(nn.Linear(width, width) for _ in range(4))
        self.expand = nn.Linear(width, 4 * width)
        self.contract = nn.Linear(4 * width, width)
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(2))

    def forward(self, x):
        query, key, value = (project(x).unflatten(-1, (self.heads, -1)).transpose(1, 2)
                             for project in self.project[:3])
        mixed = functional.scaled_dot_product_attention(query, key, value)
        x = self.norms[0](x + self.project[3](mixed.transpose(1, 2).flatten(2)))
        return self.norms[1](x + self.contract(functional.gelu(self.expand(x))))


class Bert(nn.Module):
    """Text: tags for each token in three ways, and a class for the sentence."""

    def __init__(self, width=256, tokens=64, tags=(9, 7, 3), labels=2):
        super().__init__()
        self.words = nn.Embedding(4000, width)
        self.places = nn.Embedding(tokens, width)
        self.layers = nn.Sequential(*[Attention(width, 4) for _ in range(4)])
        self.tags = nn.ModuleList(classes(width, count) for count in tags)
        self.sentence = classes(width, labels)

    def forward(self, tokens):
        x = self.layers(self.words(tokens) + self.places.weight)
        return (*[tag(x) for tag in self.tags], self.sentence(x[:, 0]))


class Mixture(nn.Module):
    """Recommendation: embeddings of fields, experts that all tasks share, and a gate and a tower for each task."""

    def __init__(self, fields=26, vocabulary=1000, width=16, experts=8, tasks=4):
        super().__init__()
        inputs = fields * width
        self.embeddings = nn.ModuleList(nn.Embedding(vocabulary, width) for _ in range(fields))
        self.experts = nn.ModuleList(chain(inputs, 128, 64) for _ in range(experts))
        self.gates = nn.ModuleList(classes(inputs, experts) for _ in range(tasks))
        self.towers = nn.ModuleList(nn.Sequential(chain(64, 32, 1, last_relu=False), nn.Sigmoid())
                                    for _ in range(tasks))

    def forward(self, fields):
        x = torch.cat([embedding(fields[:, at]) for at, embedding in enumerate(self.embeddings)], 1)
        answers = torch.stack([expert(x) for expert in self.experts], 1)
        return tuple(tower((gate(x).unsqueeze(2) * answers).sum(1)) for gate, tower in zip(self.gates, self.towers))


@dataclass(frozen=True)
class Network:
    make: object  # gives the module
    shape: tuple  # of one input, without the batch
    heads: tuple  # names of the outputs
    parameters: int
    multiply_adds: str  # in millions, with the digits that are compared
    limit: int = 0  # of inputs that are indices; 0 for real numbers
    statistics: bool = False  # whether running statistics count as parameters, as Keras counts them


def tab_wide():
    counts = [1, 1, 1, 2, 5, 10, 20, 100]
    return MultiTask(chain(256, 512, 512, 256),
                     {f"task{at}": chain(256, 64, count, last_relu=False) for at, count in enumerate(counts)})


NETWORKS = {
    "tab_small": Network(lambda: MultiTask(chain(20, 64, 64), {
        "price": nn.Linear(64, 1), "churn": chances(64, 1), "tier": classes(64, 3)}),
        (20,), ("price", "churn", "tier"), 5_829, "0.006"),
    "tab_wide": Network(tab_wide, (256,), tuple(f"task{at}" for at in range(8)), 666_252, "0.66"),
    "resnet8": Network(lambda: MultiTask(resnet8(), {
        "object": classes(64, 10), "box": nn.Linear(64, 4), "night": chances(64, 1)}),
        (3, 32, 32), ("object", "box", "night"), 78_271, "12.5"),
    "dscnn": Network(lambda: MultiTask(dscnn(), {"keyword": classes(64, 12), "speaker": classes(64, 7)}),
                     (1, 49, 10), ("keyword", "speaker"), 23_699, "2.66"),
    "mobilenet": Network(lambda: MultiTask(mobilenet(), {
        "person": classes(256, 2), "distance": nn.Linear(256, 1), "attributes": chances(256, 40)}),
        (3, 96, 96), ("person", "distance", "attributes"), 224_123, "7.5"),
    "panoptic": Network(Panoptic, (3, 192, 320), ("boxes32", "boxes16", "boxes8", "road", "lane"), 2_171_466, "506"),
    "bert": Network(Bert, (64,), ("entity", "part", "chunk", "intent"), 4_204_821, "210", limit=4000),
    "mmoe": Network(Mixture, (26,), ("click", "buy", "share", "stay"), 930_852, "0.51", limit=1000),
    "tiny_anomaly": Network(autoencoder, (640,), ("spectrum",), 269_992, "0.264192", statistics=True),
    "tiny_keyword": Network(lambda: nn.Sequential(dscnn(bias=True), classes(64, 12)),
                            (1, 49, 10), ("keyword",), 24_908, "2.656768", statistics=True),
    "tiny_image": Network(lambda: nn.Sequential(resnet8(bias=True), classes(64, 10)),
                          (3, 32, 32), ("object",), 78_666, "12.501632", statistics=True),
    "tiny_person": Network(lambda: nn.Sequential(mobilenet(bias=True), classes(256, 2)),
                           (3, 96, 96), ("person",), 221_794, "7.489664", statistics=True),
}


def build(name):
    """The network of a name with random weights, the same each time, checked against the table."""
    network = NETWORKS[name]
    torch.manual_seed(4)
    module = randomised(network.make())
    parameters = sum(parameter.numel() for parameter in module.parameters())
    if network.statistics:
        parameters += sum(buffer.numel() for buffer in module.buffers() if buffer.dim())
    if parameters != network.parameters:
        raise AssertionError(f"{name} has {parameters} parameters instead of {network.parameters}")
    decimals = len(network.multiply_adds.partition(".")[2])
    counted = f"{multiply_adds(module, inputs(name, 1)) / 1e6:.{decimals}f}"
    if counted != network.multiply_adds:
        raise AssertionError(f"{name} has {counted} million multiply-adds instead of {network.multiply_adds}")
    return module


def multiply_adds(module, x):
    """Multiply-adds of convolutions and matrix products, those within attention too."""
    with FlopCounterMode(display=False) as counter, torch.no_grad(), sdpa_kernel(SDPBackend.MATH):
        module(x)
    return counter.get_total_flops() / 2


def randomised(module):
    """Gives batch normalisations statistics as of a trained network, and sets evaluation mode."""
    for layer in module.modules():
        if isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d)):
            nn.init.uniform_(layer.weight, 0.5, 1.5)
            nn.init.normal_(layer.bias, 0, 0.2)
            nn.init.normal_(layer.running_mean, 0, 0.2)
            nn.init.uniform_(layer.running_var, 0.5, 1.5)
    return module.eval()


def inputs(name, batch, seed=0):
    """Random inputs of a network, the same each time."""
    network = NETWORKS[name]
    generator = torch.Generator().manual_seed(seed)
    if network.limit:
        return torch.randint(network.limit, (batch, *network.shape), generator=generator)
    return torch.randn(batch, *network.shape, generator=generator)
