// To add an operator: add its examples to `operatorExamples`, at least one for each attribute, and its definition to
// `reference(_:_:)`. Every test that takes the table then covers it: shape rule, attributes, running alone and in a
// batch, gradient, and saving and loading.

package import EspalierGraph
package import ReferenceOperators

/// An operator with the shapes of its operands and the numbers that they may hold.
package struct OperatorExample: Sendable, CustomStringConvertible {
  /// What an operand holds: a shape, an element type, and the numbers that its elements are drawn from.
  package struct Operand: Sendable, ExpressibleByArrayLiteral {
    /// The sizes.
    package let shape: Shape
    /// The element type.
    package let element: ElementType
    /// The numbers that elements are drawn from; nil for the example's.
    package let domain: ClosedRange<Double>?

    /// Describes an operand.
    package init(
      _ shape: Shape, _ element: ElementType = .float32, in domain: ClosedRange<Double>? = nil
    ) {
      self.shape = shape
      self.element = element
      self.domain = domain
    }

    /// A float32 operand of these sizes.
    package init(arrayLiteral sizes: Int...) {
      self.init(Shape(sizes))
    }

    var type: TensorType { TensorType(element, shape) }
  }

  /// What is shown, for messages.
  package let description: String
  /// The operator.
  package let `operator`: Operator
  /// The operands; the first axis of the first one is the batch.
  package let inputs: [Operand]
  /// The numbers that operands are drawn from.
  package let domain: ClosedRange<Double>
  /// Whether rows of the result depend on other things than the same row of the first operand: operands that have rows,
  /// too, or computations across rows.
  package let hasBatchedParameters: Bool

  /// Whether the result is a differentiable function of its float32 operands, around the numbers that they may hold.
  package let hasGradient: Bool

  /// Describes an example.
  package init(
    _ description: String, _ operator: Operator, _ inputs: [Operand],
    domain: ClosedRange<Double> = -2...2, hasBatchedParameters: Bool = false,
    hasGradient: Bool = true
  ) {
    self.hasBatchedParameters = hasBatchedParameters
    let output = try? `operator`.outputType(of: inputs.map(\.type))
    self.hasGradient =
      hasGradient && output?.element == .float32 && inputs.contains { $0.element == .float32 }
    self.description = description
    self.operator = `operator`
    self.inputs = inputs
    self.domain = domain
  }

  /// The types of the operands.
  package var types: [TensorType] { inputs.map(\.type) }

  /// Operands whose numbers follow from the seed; each is a number of its operand's element type.
  package func operands(seed: UInt64) -> [Tensor] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678
    func next(_ domain: ClosedRange<Double>) -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let share = Double(state >> 40) / Double(1 << 24)
      return domain.lowerBound + (domain.upperBound - domain.lowerBound) * share
    }
    return inputs.map { input in
      let domain = input.domain ?? domain
      return Tensor(
        input.shape.sizes,
        (0..<input.shape.elementCount).map { _ in
          switch input.element {
          case .float32: Double(Float(next(domain)))
          case .float64: next(domain)
          case .float16: Double(Float16(next(domain)))
          case .bfloat16: Double(Float(bitPattern: Float(next(domain)).bitPattern & 0xFFFF_0000))
          case .int8, .uint8, .int32, .int64: next(domain).rounded()
          case .bool: next(domain) > (domain.lowerBound + domain.upperBound) / 2 ? 1 : 0
          }
        })
    }
  }

  /// A model whose trunk is the operator alone: the first operand is the input, the others are parameters.
  package func model(operands: [Tensor]) throws -> Model {
    let dimensions = [.batch] + inputs[0].shape.sizes.dropFirst().map { Dimension.fixed($0) }
    let parameters = operands.indices.dropFirst().map { index in
      Parameter(
        name: Name("operand \(index)"), type: inputs[index].type,
        storage: Self.storage(operands[index].values, inputs[index].element))
    }
    let node = Node(name: "node", `operator`, inputs: inputs.indices.map { ValueID($0) })
    let trunk = Graph(
      inputs: [GraphInput(name: "x", element: inputs[0].element, dimensions: dimensions)],
      parameters: parameters, nodes: [node],
      outputs: [GraphOutput(name: "y", value: ValueID(inputs.count))])
    let output = try `operator`.outputType(of: types)
    let head = Graph(
      inputs: [
        GraphInput(
          name: "y", element: output.element, dimensions: output.shape.sizes.map { _ in .any })
      ],
      parameters: [], nodes: [], outputs: [GraphOutput(name: "result", value: ValueID(0))])
    return try Model(
      trunk: Model.Trunk(graph: trunk, columns: [[]]),
      heads: [
        Model.Head(
          name: "head", sources: [.feature("y")], graph: head,
          description: HeadDescription(task: .regression))
      ])
  }

  /// Numbers as elements of a type.
  package static func storage(_ values: [Double], _ element: ElementType) -> TensorStorage {
    switch element {
    case .float32: TensorStorage(values.map { Float($0) })
    case .float16: storage(halves: values.map { Float16($0).bitPattern })
    case .bfloat16:
      storage(halves: values.map { UInt16(Float($0).bitPattern >> 16) })
    case .int8: TensorStorage(values.map { Int8($0) })
    case .uint8: TensorStorage(values.map { UInt8($0) })
    case .int32: TensorStorage(values.map { Int32($0) })
    case .int64: TensorStorage(values.map { Int64($0) })
    case .bool: TensorStorage(values.map { $0 != 0 })
    case .float64: TensorStorage(values)
    }
  }

  private static func storage(halves: [UInt16]) -> TensorStorage {
    TensorStorage(halves.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] })
  }
}

/// Every operator, every attribute, sizes around the vector width.
package let operatorExamples: [OperatorExample] =
  productExamples + poolingExamples + elementwiseExamples + movingExamples
  + indexExamples
  + matrixProductExamples
  + unaryExamples + binaryExamples + castExamples + scaleExamples
  + reductionExamples + normalizationExamples + searchExamples + transposedConvolutionExamples
  + resizeExamples
  + recurrentExamples
  + gridSampleExamples

/// A window of examples.
func window(
  _ kernel: [Int], stride: [Int]? = nil, dilation: [Int]? = nil,
  padding: Operator.Window.Padding? = nil
) -> Operator.Window {
  Operator.Window(kernel: kernel, stride: stride, dilation: dilation, padding: padding)
}
