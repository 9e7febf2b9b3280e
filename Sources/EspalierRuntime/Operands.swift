package import EspalierGraph
package import EspalierKernels

/// The memory that one step reads and writes.
package struct Operands {
  fileprivate let inputs: [Int]
  fileprivate let outputSlot: Int
  fileprivate let tensors: TensorTable

  init(inputs: [Int], outputSlot: Int, tensors: TensorTable) {
    self.inputs = inputs
    self.outputSlot = outputSlot
    self.tensors = tensors
  }

  /// The number of inputs.
  package var count: Int { inputs.count }

  /// The numbers of a float32 input; none when the step has fewer inputs.
  package subscript(index: Int) -> UnsafeMutableBufferPointer<Float> {
    self[index, as: Float.self]
  }

  /// The elements of an input as what they are, or as any type of their size; none when the step has fewer inputs.
  package subscript<Element: BitwiseCopyable>(
    index: Int, as type: Element.Type
  ) -> UnsafeMutableBufferPointer<Element> {
    index < inputs.count
      ? tensors.elements(inputs[index], as: type)
      : UnsafeMutableBufferPointer(start: nil, count: 0)
  }

  /// The numbers of a float32 output.
  package var output: UnsafeMutableBufferPointer<Float> { output(as: Float.self) }

  /// The elements of the output as what they are, or as any type of their size.
  package func output<Element: BitwiseCopyable>(
    as type: Element.Type
  ) -> UnsafeMutableBufferPointer<Element> {
    tensors.elements(outputSlot, as: type)
  }

  /// The integers of an input that holds indices of an element type.
  package func indices(_ index: Int, _ element: ElementType) -> Indices {
    tensors.indices(inputs[index], element)
  }

  /// Memory of the call's `scratchCount`.
  package var scratch: UnsafeMutableBufferPointer<Float> { tensors.scratchMemory }
}

/// A generic computation on elements of any type of a size, for operators that only move them.
package protocol ElementMover {
  /// Moves elements of a type.
  func move<Element: BitwiseCopyable & FixedWidthInteger>(
    _ operands: Operands, as type: Element.Type)
}

extension ElementMover {
  /// Moves elements of so many bytes.
  package func move(_ operands: Operands, elementBytes: Int) {
    switch elementBytes {
    case 1: move(operands, as: UInt8.self)
    case 2: move(operands, as: UInt16.self)
    case 4: move(operands, as: UInt32.self)
    case 8: move(operands, as: UInt64.self)
    default: preconditionFailure("elements of \(elementBytes) bytes")
    }
  }
}
