import EspalierGraph

/// `Operator.Cast` to another type.
///
/// Here and not among the kernels, which know nothing of half precision: a model's storages do.
package struct CastCall: PreparedCall {
  private let from: ElementType
  private let to: ElementType

  init(_ inputs: [TensorType], _ output: TensorType) {
    from = inputs[0].element
    to = output.element
  }

  /// Computes the output.
  package func run(_ operands: Operands) {
    switch from {
    case .float32: cast(operands, from: Float.self)
    case .float16: cast(operands, from: Float16Bits.self)
    case .bfloat16: cast(operands, from: BFloat16Bits.self)
    case .int8: cast(operands, from: Int8.self)
    case .uint8: cast(operands, from: UInt8.self)
    case .int32: cast(operands, from: Int32.self)
    case .int64: cast(operands, from: Int64.self)
    case .bool: cast(operands, from: BoolByte.self)
    case .float64: cast(operands, from: Double.self)
    }
  }

  private func cast<From: Castable>(_ operands: Operands, from: From.Type) {
    switch to {
    case .float32: cast(operands, from: from, to: Float.self)
    case .float16: cast(operands, from: from, to: Float16Bits.self)
    case .bfloat16: cast(operands, from: from, to: BFloat16Bits.self)
    case .int8: cast(operands, from: from, to: Int8.self)
    case .uint8: cast(operands, from: from, to: UInt8.self)
    case .int32: cast(operands, from: from, to: Int32.self)
    case .int64: cast(operands, from: from, to: Int64.self)
    case .bool: cast(operands, from: from, to: BoolByte.self)
    case .float64: cast(operands, from: from, to: Double.self)
    }
  }

  private func cast<From: Castable, To: Castable>(
    _ operands: Operands, from: From.Type, to: To.Type
  ) {
    let (input, output) = (operands[0, as: from], operands.output(as: to))
    precondition(input.count == output.count, "\(input.count) elements for \(output.count)")
    for index in 0..<input.count { output[index] = To(input[index].number) }
  }
}

/// A number of any element type: halves fit float32, integers int64.
private enum Number {
  case float(Float)
  case double(Double)
  case integer(Int64)
}

/// An element that is a number, and that any number may become.
private protocol Castable: BitwiseCopyable {
  var number: Number { get }
  init(_ number: Number)
}

extension Castable where Self: FixedWidthInteger {
  @inline(__always)
  var number: Number { .integer(Int64(self)) }

  @inline(__always)
  init(_ number: Number) {
    switch number {
    case .integer(let integer): self.init(truncatingIfNeeded: integer)
    case .float(let float):
      // The nearest float above all integers of the type; the lowest integer is a float itself.
      let end = Float(Self.max / 2 + 1) * 2
      if float >= end {
        self = .max
      } else if float > Float(Self.min) {
        // By way of int64, which the number fits: the generic conversion is ten times slower.
        self.init(truncatingIfNeeded: Int64(float))
      } else {
        self = float.isNaN ? 0 : .min
      }
    case .double(let double):
      if double >= Double(Self.max / 2 + 1) * 2 {
        self = .max
      } else if double > Double(Self.min) {
        self.init(truncatingIfNeeded: Int64(double))
      } else {
        self = double.isNaN ? 0 : .min
      }
    }
  }
}

extension Int8: Castable {}
extension UInt8: Castable {}
extension Int32: Castable {}
extension Int64: Castable {}

extension Float: Castable {
  fileprivate var number: Number { .float(self) }

  fileprivate init(_ number: Number) {
    switch number {
    case .float(let float): self = float
    case .double(let double): self.init(double)
    case .integer(let integer): self.init(integer)
    }
  }

  /// The number as a float that is rounded to half precision as the number itself would be.
  fileprivate init(rounding number: Number) {
    if case .double(let double) = number {
      self.init(forRounding: double)
    } else {
      self.init(number)
    }
  }
}

extension Double: Castable {
  fileprivate var number: Number { .double(self) }

  fileprivate init(_ number: Number) {
    switch number {
    case .float(let float): self.init(float)
    case .double(let double): self = double
    case .integer(let integer): self.init(integer)
    }
  }
}

private struct Float16Bits: Castable {
  let bits: UInt16

  var number: Number { .float(Float(float16: bits)) }

  init(_ number: Number) { bits = Float(rounding: number).float16 }
}

private struct BFloat16Bits: Castable {
  let bits: UInt16

  var number: Number { .float(Float(bfloat16: bits)) }

  init(_ number: Number) { bits = Float(rounding: number).bfloat16 }
}

/// One byte, 0 or 1, that is read as true whenever it is not 0.
private struct BoolByte: Castable {
  let byte: UInt8

  var number: Number { .integer(byte == 0 ? 0 : 1) }

  init(_ number: Number) {
    switch number {
    case .float(let float): byte = float == 0 ? 0 : 1
    case .double(let double): byte = double == 0 ? 0 : 1
    case .integer(let integer): byte = integer == 0 ? 0 : 1
    }
  }
}
