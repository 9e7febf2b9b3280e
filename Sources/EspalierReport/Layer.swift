internal import EspalierGraph

/// What a person calls a layer: a node, with the functions of its result that nothing else reads before them.
package struct Layer: Equatable {
  /// The operator, such as `convolution`.
  package let name: String
  /// The window's size and what differs from the usual, such as `3x3` and `stride 2`.
  package var details: [String]
  /// The size of the innermost axis of a layer that chooses it: units, filters.
  package let width: Int?
  /// What is applied to the result, such as `relu`.
  package var functions: [String] = []
  /// The sizes of the result for one row, such as `8x8x32`.
  package var shape: String
  /// The numbers of its parameters.
  package var parameters: Int
  /// What it reads: layers count from 1, the last input is 0, inputs before it count downwards.
  package let reads: [Int]

  /// The layer in a column that shows shapes, such as `convolution 3x3, relu`.
  package var title: String {
    ([([name] + details).joined(separator: " ")] + functions).joined(separator: ", ")
  }

  /// The layer in a few words that say its width, such as `dense 16 relu`.
  package var words: String {
    ([name] + details + (width.map { ["\($0)"] } ?? []) + functions).joined(separator: " ")
  }
}

extension [Layer] {
  /// All layers in one line, the middle of many left out.
  package var words: String {
    guard count > 5 else { return map(\.words).joined(separator: ", ") }
    let ends = (prefix(2).map(\.words), suffix(2).map(\.words))
    return (ends.0 + ["(\(count - 4) more)"] + ends.1).joined(separator: ", ")
  }
}

/// The layers of a graph in order, and which of them computes a value.
struct LayerList {
  private(set) var layers: [Layer] = []
  private let graph: Graph
  private let shapes: GraphShapes
  private let scaling: Scaling
  private var positions: [Int?]

  init(_ graph: Graph, _ shapes: GraphShapes, _ scaling: Scaling) {
    self.graph = graph
    self.shapes = shapes
    self.scaling = scaling
    positions = graph.inputs.indices.map { $0 - graph.inputs.count + 1 }
    positions += graph.parameters.map { _ in nil }
    var readers = [Int](repeating: 0, count: graph.valueCount)
    for value in graph.nodes.flatMap(\.inputs) + graph.outputs.map(\.value) {
      readers[value.index] += 1
    }
    for (index, node) in graph.nodes.enumerated() {
      let value = graph.value(ofNode: index)
      positions.append(
        scaling.inputNodes.contains(index)
          ? placeScaling(index, value) : place(node, value, readers))
    }
  }

  /// The position of the layer or input that a value comes from; nil for a constant.
  func position(of value: ValueID) -> Int? { positions[value.index] }

  /// Adds a node that scales an input to the layer that does, or makes one; returns its position.
  private mutating func placeScaling(_ index: Int, _ value: ValueID) -> Int {
    let operand = graph.nodes[index].inputs.first { !isParameter($0) }
    let position = operand.flatMap { positions[$0.index] } ?? 0
    let details = scaling.details(ofInputNode: index)
    if position > 0, position == layers.count {
      layers[position - 1].details += details
      layers[position - 1].shape = shapes.rowShape(of: value)
      return position
    }
    layers.append(
      Layer(
        name: "input scaling", details: details, width: nil, shape: shapes.rowShape(of: value),
        parameters: 0, reads: [position]))
    return layers.count
  }

  /// Adds a node to the layer that it completes, or makes a layer of it; returns its position.
  private mutating func place(_ node: Node, _ value: ValueID, _ readers: [Int]) -> Int {
    let constants = node.inputs.filter { isParameter($0) }
    let operands = node.inputs.filter { !isParameter($0) }
    let trained = Set(constants.map { $0.index - graph.inputs.count }).subtracting(
      scaling.parameters)
    let parameters = trained.reduce(0) { $0 + graph.parameters[$1].elementCount }
    if operands.count == 1, let position = positions[operands[0].index], position > 0,
      readers[operands[0].index] == 1, node.operator.isFunction
    {
      let function = isOfTarget(value) ? "unstandardize" : node.operator.name
      if layers[position - 1].functions.last != "unstandardize" || !isOfTarget(value) {
        layers[position - 1].functions.append(function)
      }
      layers[position - 1].parameters += parameters
      layers[position - 1].shape = shapes.rowShape(of: value)
      return position
    }
    var reads: [Int] = []
    var known: Set<Int> = []
    for position in operands.compactMap({ positions[$0.index] })
    where known.insert(position).inserted {
      reads.append(position)
    }
    let types = node.inputs.map { shapes.types[$0.index].shape }
    layers.append(
      Layer(
        name: node.operator.layerName(of: types, result: shapes.types[value.index].shape),
        details: node.operator.details,
        width: node.operator.choosesWidth ? shapes.types[value.index].shape.last : nil,
        shape: shapes.rowShape(of: value), parameters: parameters, reads: reads))
    return layers.count
  }

  private func isOfTarget(_ value: ValueID) -> Bool {
    graph.node(computing: value).map(scaling.targetNodes.contains) == true
  }

  private func isParameter(_ value: ValueID) -> Bool {
    value.index >= graph.inputs.count && graph.node(computing: value) == nil
  }
}

extension Operator {
  /// What people call the operator.
  package var name: String {
    switch self {
    case .pooling(let pooling):
      switch pooling.function {
      case .maximum: "max pooling"
      case .average: "average pooling"
      case .powerSum: "power pooling"
      case .maximumIndex: "max pooling index"
      }
    case .unary(let unary): unary.function.label
    case .binary(let binary): binary.function.label
    case .dense, .convolution, .reshape, .transpose, .slice, .expand, .concatenate:
      kind.label
    case .pad: "padding"
    case .matrixProduct: "matrix product"
    case .gather: "gather"
    case .gatherElements: "gather elements"
    case .gatherND: "gather by tuples"
    case .scatterElements: "scatter elements"
    case .scatterND: "scatter by tuples"
    case .oneHot: "one-hot"
    case .range: "range"
    case .softmax(let softmax):
      switch softmax.function {
      case .softmax: kind.label
      case .logSoftmax: "log softmax"
      }
    case .select, .cast, .quantize, .dequantize: kind.label
    case .reduction(let reduction): reduction.function.label
    case .argReduction(let rule): rule.function == .maximum ? "arg max" : "arg min"
    case .normalization(let rule):
      rule.function == .standard ? "normalization" : "rms normalization"
    case .cumulativeSum(let rule):
      rule.function == .sum ? "cumulative sum" : "cumulative product"
    case .transposedConvolution: "transposed convolution"
    case .localResponseNormalization: "local response normalization"
    case .resize: "resize"
    case .topK: "top k"
    case .recurrent(let recurrent):
      switch recurrent.function {
      case .lstm: "LSTM"
      case .gru: "GRU"
      case .simple: "recurrent"
      }
    case .gridSample: "grid sample"
    }
  }

  /// Whether it is said together with the layer that it follows.
  fileprivate var isFunction: Bool {
    switch self {
    case .unary, .binary, .softmax: true
    case .dense, .convolution, .pooling, .reshape, .transpose, .slice, .expand, .concatenate: false
    case .pad, .matrixProduct, .gather, .gatherElements, .gatherND: false
    case .scatterElements, .scatterND, .oneHot, .range: false
    case .cast, .quantize, .dequantize: true
    case .select: false
    case .normalization, .localResponseNormalization: true
    case .transposedConvolution, .reduction, .argReduction, .resize, .cumulativeSum, .topK: false
    case .recurrent, .gridSample: false
    }
  }

  /// Whether its width is a choice of who made it and no consequence of what it reads.
  fileprivate var choosesWidth: Bool {
    switch self {
    case .dense, .convolution: true
    case .pooling, .unary, .binary, .softmax, .reshape, .transpose, .slice, .expand, .concatenate:
      false
    case .pad, .matrixProduct, .gather, .gatherElements, .gatherND: false
    case .scatterElements, .scatterND, .oneHot, .range: false
    case .select, .cast, .quantize, .dequantize: false
    case .transposedConvolution: true
    case .reduction, .argReduction, .normalization, .localResponseNormalization, .resize,
      .cumulativeSum, .topK:
      false
    case .recurrent: true
    case .gridSample: false
    }
  }

  fileprivate func layerName(of inputs: [Shape], result: Shape) -> String {
    switch self {
    case .convolution(let convolution) where convolution.groups > 1:
      inputs[1][inputs[1].rank - 2] == 1 ? "depthwise convolution" : "grouped convolution"
    case .reshape where result.rank == 2 && inputs[0].rank > 2 && result[0] == inputs[0][0]:
      "flatten"
    default: name
    }
  }

  fileprivate var details: [String] {
    switch self {
    case .convolution(let rule): rule.window.details(usualStride: [1])
    case .pooling(let rule): rule.window.details(usualStride: rule.window.kernel)
    case .transpose(let rule): [rule.permutation.map { "\($0)" }.joined(separator: " ")]
    case .concatenate(let rule): ["axis \(rule.axis)"]
    case .dense, .unary, .binary, .softmax, .reshape, .slice, .expand: []
    case .pad(let rule): rule.mode == .constant ? [] : ["\(rule.mode)"]
    case .gather(let rule): ["axis \(rule.axis)"]
    case .gatherElements(let rule): ["axis \(rule.axis)"]
    case .scatterElements(let rule): ["axis \(rule.axis)"]
    case .range(let rule): ["axis \(rule.axis)"]
    case .oneHot(let rule): ["\(rule.size)"]
    case .matrixProduct, .gatherND, .scatterND: []
    case .cast(let rule): [rule.element.label]
    case .select, .quantize, .dequantize: []
    case .transposedConvolution(let rule): rule.window.details(usualStride: [1])
    case .reduction(let rule): Self.axes(rule.axes)
    case .normalization(let rule): Self.axes(rule.axes)
    case .argReduction(let rule): Self.axes([rule.axis])
    case .cumulativeSum(let rule): Self.axes([rule.axis])
    case .topK(let rule): ["\(rule.size)"] + Self.axes([rule.axis])
    case .localResponseNormalization(let rule): ["size \(rule.size)"]
    case .resize(let rule): [rule.filterName] + Self.axes(rule.axes)
    case .recurrent(let rule): rule.direction == .forward ? [] : ["backward"]
    case .gridSample(let rule): rule.mode == .linear ? [] : ["\(rule.mode)"]
    }
  }
}

extension Operator {
  private static func axes(_ axes: [Int]) -> [String] {
    guard axes.count != 1 else { return ["axis \(axes[0])"] }
    return axes.isEmpty ? [] : ["axes \(axes.map { "\($0)" }.joined(separator: " "))"]
  }
}

extension Operator.Resize {
  fileprivate var filterName: String {
    switch filter {
    case .nearest: "nearest"
    case .linear: "linear"
    case .cubic: "cubic"
    }
  }
}

extension Operator.Window {
  fileprivate func details(usualStride: [Int]) -> [String] {
    var list = [kernel.map { "\($0)" }.joined(separator: "x")]
    if Self.short(stride) != Self.short(usualStride) { list.append("stride \(Self.short(stride))") }
    if Self.short(dilation) != "1" { list.append("dilation \(Self.short(dilation))") }
    return list
  }

  private static func short(_ sizes: [Int]) -> String {
    Set(sizes).count == 1 ? "\(sizes[0])" : sizes.map { "\($0)" }.joined(separator: "x")
  }
}
