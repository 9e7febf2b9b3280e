/// A tensor of float32 numbers with its name.
public struct ExampleTensor: Sendable, Equatable {
  /// The name of the input or output.
  public let name: Name
  /// The sizes, batch first.
  public let shape: Shape
  /// The numbers, row-major.
  public let values: [Float]

  /// Makes a tensor.
  ///
  /// - Precondition: `values` has as many elements as `shape`.
  public init(name: Name, shape: Shape, values: [Float]) {
    precondition(
      values.count == shape.elementCount, "\(values.count) numbers for a tensor \(shape)")
    self.name = name
    self.shape = shape
    self.values = values
  }
}

/// Inputs of a model with the outputs that they led to: golden vectors, by which a port proves itself.
public struct Example: Sendable, Equatable {
  /// What a head gave.
  public struct HeadOutputs: Sendable, Equatable {
    /// The head.
    public let head: Name
    /// Its outputs, in the order of its graph.
    public let outputs: [ExampleTensor]

    /// Makes the outputs of a head.
    public init(head: Name, outputs: [ExampleTensor]) {
      self.head = head
      self.outputs = outputs
    }
  }

  /// The model's inputs, in the order of the trunk's graph.
  public let inputs: [ExampleTensor]
  /// The outputs of heads.
  public let heads: [HeadOutputs]

  /// Makes an example.
  public init(inputs: [ExampleTensor], heads: [HeadOutputs]) {
    self.inputs = inputs
    self.heads = heads
  }
}
