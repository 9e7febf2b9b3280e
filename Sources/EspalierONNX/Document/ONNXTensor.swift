public import EspalierGraph

/// A tensor of an ONNX document: an initializer, or the value of an attribute.
public struct ONNXTensor: Sendable {
  /// The name of the value that it is; empty in attributes.
  public var name: Name
  /// The format of its elements.
  public let element: ONNXElementType
  /// Its sizes; none for a scalar.
  public let dimensions: [Int]
  /// Its numbers in row-major order, little-endian, without gaps; empty when the elements are strings.
  ///
  /// Elements of less than a byte follow one another from the lowest bits up.
  public let numbers: TensorStorage
  /// Its elements in row-major order when they are strings, otherwise empty.
  public let strings: [Name]

  /// The number of elements.
  public var elementCount: Int { dimensions.reduce(1, *) }

  /// Makes a tensor of numbers.
  ///
  /// - Precondition: there are as many bytes as the elements take.
  public init(
    name: Name = "", _ element: ONNXElementType, dimensions: [Int], numbers: TensorStorage
  ) {
    let needed = Shape(dimensions).checkedElementCount.flatMap(element.byteCount)
    precondition(
      element.bitCount > 0 && needed == numbers.byteCount,
      "\(numbers.byteCount) bytes for \(dimensions) elements of \(element)")
    self.name = name
    self.element = element
    self.dimensions = dimensions
    self.numbers = numbers
    strings = []
  }

  /// Makes a tensor of strings.
  ///
  /// - Precondition: there are as many as the sizes say.
  public init(name: Name = "", dimensions: [Int], strings: [Name]) {
    precondition(
      Shape(dimensions).checkedElementCount == strings.count,
      "\(strings.count) strings for \(dimensions) elements")
    self.name = name
    element = .string
    self.dimensions = dimensions
    numbers = .filled(byteCount: 0) { _ in }
    self.strings = strings
  }

  /// Makes a tensor of 32-bit floats.
  ///
  /// - Precondition: there are as many as the sizes say.
  public init(name: Name = "", dimensions: [Int], floats: [Float]) {
    self.init(name: name, .float32, dimensions: dimensions, numbers: TensorStorage(floats))
  }

  /// Makes a tensor of 64-bit integers.
  ///
  /// - Precondition: there are as many as the sizes say.
  public init(name: Name = "", dimensions: [Int], integers: [Int64]) {
    let numbers = integers.withUnsafeBytes { bytes in
      TensorStorage.filled(byteCount: bytes.count) { $0.copyMemory(from: bytes) }
    }
    self.init(name: name, .int64, dimensions: dimensions, numbers: numbers)
  }
}

extension ONNXTensor: Equatable {
  /// Whether name, format, sizes and every bit are equal.
  public static func == (left: Self, right: Self) -> Bool {
    left.name == right.name && left.element == right.element
      && left.dimensions == right.dimensions && left.strings == right.strings
      && left.numbers.withUnsafeBytes { bytes in
        right.numbers.withUnsafeBytes { bytes.elementsEqual($0) }
      }
  }
}
