import EspalierGraph
import EspalierKernels
package import EspalierRuntime

/// A step with the memory that its gradient rule reads and adds to.
package struct StepGradient {
  /// The step.
  package let step: Step
  /// The operands.
  package let inputs: [UnsafeMutableBufferPointer<Float>]
  /// The result.
  package let output: UnsafeMutableBufferPointer<Float>
  /// The gradients by the operands, where they are wanted; rules add to them.
  package let inputGradients: [UnsafeMutableBufferPointer<Float>?]
  /// The gradient by the result.
  package let outputGradient: UnsafeMutableBufferPointer<Float>
  /// Memory of at least `step.gradientScratchCount` elements.
  package let scratch: UnsafeMutableBufferPointer<Float>

  /// Gathers the memory of a step.
  package init(
    step: Step, inputs: [UnsafeMutableBufferPointer<Float>],
    output: UnsafeMutableBufferPointer<Float>,
    inputGradients: [UnsafeMutableBufferPointer<Float>?],
    outputGradient: UnsafeMutableBufferPointer<Float>,
    scratch: UnsafeMutableBufferPointer<Float>
  ) {
    self.step = step
    self.inputs = inputs
    self.output = output
    self.inputGradients = inputGradients
    self.outputGradient = outputGradient
    self.scratch = scratch
  }

  /// Adds the gradients by the operands that the gradient by the result implies.
  package func run() {
    switch step.kernel {
    case .dense(let rows, let inputs, let outputs):
      dense(rows: rows, inputs: inputs, outputs: outputs)
    case .convolution(let geometry):
      convolution(geometry)
    case .maximumPooling(let geometry):
      maximumPooling(geometry)
    case .averagePooling(let geometry, let includesPadding):
      averagePooling(geometry, includesPadding: includesPadding)
    case .unary(let function):
      unary(function)
    case .binary(let function, let left, let right, let output):
      binary(function, left: left, right: right, shape: output)
    case .softmax(let rows, let columns):
      softmax(rows: rows, columns: columns)
    case .strided(let copy):
      strided(copy)
    case .concatenate(let columns):
      concatenate(columns: columns)
    }
  }
}

extension Step {
  /// The elements of scratch memory that the gradient rule needs.
  package var gradientScratchCount: Int {
    switch kernel {
    case .dense(_, let inputs, let outputs): inputs * outputs
    case .convolution(let geometry): StepGradient.convolutionScratchCount(geometry)
    case .maximumPooling, .averagePooling, .unary, .binary, .softmax, .strided, .concatenate: 0
    }
  }
}

extension UnsafeMutableBufferPointer<Float> {
  /// The elements from a position on, at most `count` of them.
  func from(_ start: Int, count: Int? = nil) -> UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(rebasing: self[start..<(count.map { start + $0 } ?? self.count)])
  }
}

/// Adds the sum over the rows of a matrix to a vector.
func addColumnSums(
  _ matrix: UnsafeMutableBufferPointer<Float>, columns: Int,
  to sums: UnsafeMutableBufferPointer<Float>
) {
  var result = sums.mutableSpan
  for row in stride(from: 0, to: matrix.count, by: columns) {
    addScaled(1, matrix.from(row, count: columns).span, to: &result)
  }
}
