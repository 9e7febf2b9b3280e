internal import EspalierData
public import EspalierGraph

/// A tensor of a graph that is being built.
public struct Tensor: Sendable {
  let id: Reference
  /// The type, with a batch of `Dimension.usualProbe` rows.
  let type: TensorType
  /// Whether a trained parameter flows into it.
  let isTrained: Bool

  /// Which value it is; values are numbered when the graph is finished.
  enum Reference: Sendable {
    case input(Int)
    case parameter(Int)
    case node(Int)
  }

  var shape: Shape { type.shape }

  /// The shape of one row, such as `4x4x32`.
  var rowDescription: String { Shape(Array(shape.sizes.dropFirst())).description }
}

/// Collects the inputs, parameters and nodes of one graph; layers add to it.
public struct GraphBuilder {
  private var random: RandomSource
  private var inputs: [GraphInput] = []
  private var parameters: [Parameter] = []
  private var trainable: [Bool] = []
  private var nodes: [(name: String, operator: Operator, inputs: [Tensor.Reference])] = []
  private var layer = ""
  private var layerCounts: [String: Int] = [:]
  private var elementCount = 0

  init(random: RandomSource) {
    self.random = random
  }

  /// Adds an operator applied to tensors.
  ///
  /// - Throws: `LayerError` when the shape rule refuses the tensors.
  public mutating func add(_ operator: Operator, _ operands: [Tensor]) throws -> Tensor {
    let type: TensorType
    do {
      type = try `operator`.outputType(of: operands.map(\.type))
    } catch {
      throw LayerError("\(error)")
    }
    nodes.append((layer, `operator`, operands.map(\.id)))
    return Tensor(
      id: .node(nodes.count - 1), type: type, isTrained: operands.contains { $0.isTrained })
  }

  /// Adds a trained parameter drawn from a normal distribution of variance `gain / fanIn`.
  ///
  /// - Throws: `LayerError` when the parameters take more memory than the machine has.
  public mutating func weights(
    _ name: String, _ shape: Shape, fanIn: Int, gain: Double
  ) throws -> Tensor {
    try expectRoom(for: name, shape)
    let deviation = (gain / Double(max(fanIn, 1))).squareRoot()
    var generator = random.stream(parameters.count)
    let values = (0..<shape.elementCount).map { _ in Float(generator.normal() * deviation) }
    return parameter(name, shape, values, trained: true)
  }

  /// Adds a trained parameter that starts as zeros.
  ///
  /// - Throws: `LayerError` when the parameters take more memory than the machine has.
  public mutating func zeros(_ name: String, _ shape: Shape) throws -> Tensor {
    try expectRoom(for: name, shape)
    let values = [Float](repeating: 0, count: shape.elementCount)
    return parameter(name, shape, values, trained: true)
  }

  /// Adds a parameter that training does not change.
  public mutating func constant(_ name: String, _ shape: Shape, _ values: [Float]) -> Tensor {
    parameter(name, shape, values, trained: false)
  }

  /// Counts the elements of a parameter before they are allocated.
  private mutating func expectRoom(for name: String, _ shape: Shape) throws {
    let count = shape.checkedElementCount ?? Int.max
    let (sum, overflow) = elementCount.addingReportingOverflow(count)
    let most = Memory.byteCount / Memory.bytesForEachParameter
    guard !overflow, sum <= most else {
      throw LayerError(
        "\(layer) has \(name) of \(shape), which with what training keeps for each number takes more than "
          + "the \(Memory.text(Memory.byteCount)) of this machine; make the layer smaller")
    }
    elementCount = sum
  }

  private mutating func parameter(
    _ name: String, _ shape: Shape, _ values: [Float], trained: Bool
  ) -> Tensor {
    parameters.append(Parameter(name: Name("\(layer).\(name)"), shape: shape, values: values))
    trainable.append(trained)
    let type = TensorType(.float32, shape)
    return Tensor(id: .parameter(parameters.count - 1), type: type, isTrained: trained)
  }

  /// Declares an input of rows; `isTrained` where trained parameters of another graph flow into it.
  mutating func input(_ name: Name, row: Shape, isTrained: Bool = false) -> Tensor {
    inputs.append(GraphInput(name: name, dimensions: [.batch] + row.sizes.map { .fixed($0) }))
    let type = TensorType(.float32, Shape([Dimension.usualProbe] + row.sizes))
    return Tensor(id: .input(inputs.count - 1), type: type, isTrained: isTrained)
  }

  /// Names the layer that the following nodes and parameters belong to: its kind and its number among its kind.
  mutating func beginLayer(_ kind: String) {
    layerCounts[kind, default: 0] += 1
    layer = "\(kind)_\(layerCounts[kind, default: 1])"
  }

  /// Numbers the values and makes the graph; also says which parameters are trained.
  func finish(outputs: [(name: String, tensor: Tensor)]) -> (graph: Graph, trainable: [Bool]) {
    func number(_ reference: Tensor.Reference) -> ValueID {
      switch reference {
      case .input(let index): ValueID(index)
      case .parameter(let index): ValueID(inputs.count + index)
      case .node(let index): ValueID(inputs.count + parameters.count + index)
      }
    }
    let graph = Graph(
      inputs: inputs, parameters: parameters,
      nodes: nodes.map { node in
        Node(name: Name(node.name), node.operator, inputs: node.inputs.map(number))
      },
      outputs: outputs.map { GraphOutput(name: Name($0.name), value: number($0.tensor.id)) })
    return (graph, trainable)
  }
}
