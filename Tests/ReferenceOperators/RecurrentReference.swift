#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// A recurrent layer, in double precision.
package struct RecurrentReference: Sendable {
  /// What a step computes.
  package enum Function: Sendable {
    /// Gates input, output, forget, cell.
    case lstm
    /// Gates update, reset, hidden.
    case gru
    /// One.
    case simple
  }

  /// What a step computes.
  package var function: Function
  /// The activations in ONNX's order.
  package var activations: [@Sendable (Double) -> Double]
  /// Whether the last step is taken first.
  package var isBackward = false
  /// The largest magnitude of what the activations of gates are applied to.
  package var clip = Double.infinity
  /// Whether the forget gate is what the input gate leaves.
  package var couplesGates = false
  /// Whether the reset gate is applied after the recurrence.
  package var linearBeforeReset = false
  /// Whether cells are a part of the output.
  package var keepsCell = false
  /// The steps of each sequence.
  package var lengths: Tensor?
  /// The biases of weights and recurrence.
  package var biases: Tensor?
  /// The initial states.
  package var state: Tensor?
  /// The initial cells.
  package var cell: Tensor?
  /// The peepholes of input, output and forget gate.
  package var peepholes: Tensor?

  /// Makes a layer.
  package init(_ function: Function, _ activations: [@Sendable (Double) -> Double]) {
    self.function = function
    self.activations = activations
  }

  /// The output [steps, sequences, hidden or twice that].
  package func callAsFunction(_ input: Tensor, _ weights: Tensor, _ recurrence: Tensor) -> Tensor {
    let (steps, batch, hidden) = (input.shape[0], input.shape[1], recurrence.shape[0])
    func initial(_ states: Tensor?, _ sequence: Int) -> [Double] {
      guard let states else { return Array(repeating: 0, count: hidden) }
      let row = states.shape[0] == 1 ? 0 : sequence
      return (0..<hidden).map { states[[row, $0]] }
    }
    let width = keepsCell ? 2 * hidden : hidden
    var output = Tensor([steps, batch, width]) { _ in 0 }
    for sequence in 0..<batch {
      var (h, c) = (initial(state, sequence), initial(cell, sequence))
      for turn in 0..<steps {
        let step = isBackward ? steps - 1 - turn : turn
        if lengths.map({ Double(step) < $0[[sequence]] }) ?? true {
          let x = (0..<input.shape[2]).map { input[[step, sequence, $0]] }
          take(x, weights, recurrence, &h, &c)
        }
        let start = (step * batch + sequence) * width
        output.values.replaceSubrange(start..<start + width, with: keepsCell ? h + c : h)
      }
    }
    return output
  }

  private func take(
    _ x: [Double], _ weights: Tensor, _ recurrence: Tensor, _ h: inout [Double], _ c: inout [Double]
  ) {
    let hidden = h.count
    func fromInput(_ gate: Int, _ unit: Int) -> Double {
      let column = gate * hidden + unit
      return x.indices.reduce(biases?[[0, column]] ?? 0) { $0 + x[$1] * weights[[$1, column]] }
    }
    func fromState(_ state: [Double], _ gate: Int, _ unit: Int) -> Double {
      let column = gate * hidden + unit
      return state.indices.reduce(biases?[[1, column]] ?? 0) {
        $0 + state[$1] * recurrence[[$1, column]]
      }
    }
    func gate(_ activation: Int, _ x: Double) -> Double {
      activations[activation](min(max(x, -clip), clip))
    }
    func sum(_ gate: Int, _ unit: Int) -> Double {
      fromInput(gate, unit) + fromState(old, gate, unit)
    }
    func peephole(_ gate: Int, _ unit: Int) -> Double { peepholes?[[gate, unit]] ?? 0 }
    let old = h
    switch function {
    case .simple:
      h = h.indices.map { gate(0, sum(0, $0)) }
    case .gru:
      let r = h.indices.map { gate(0, sum(1, $0)) }
      h = h.indices.map { unit in
        let z = gate(0, sum(0, unit))
        let recurrent =
          linearBeforeReset
          ? r[unit] * fromState(old, 2, unit) : fromState(zip(r, old).map { $0 * $1 }, 2, unit)
        return (1 - z) * gate(1, fromInput(2, unit) + recurrent) + z * old[unit]
      }
    case .lstm:
      for unit in h.indices {
        let i = gate(0, sum(0, unit) + peephole(0, unit) * c[unit])
        let f = couplesGates ? 1 - i : gate(0, sum(2, unit) + peephole(2, unit) * c[unit])
        c[unit] = f * c[unit] + i * gate(1, sum(3, unit))
        h[unit] = gate(0, sum(1, unit) + peephole(1, unit) * c[unit]) * activations[2](c[unit])
      }
    }
  }
}

/// The activations of recurrent layers, in double precision.
package enum ActivationReference {
  /// 1 / (1 + e^-x).
  package static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
  /// The hyperbolic tangent.
  package static func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }
  /// alpha * (e^x - 1) where x is negative.
  package static func elu(_ x: Double, alpha: Double) -> Double { x < 0 ? alpha * expm1(x) : x }
  /// log(1 + e^x).
  package static func softplus(_ x: Double) -> Double { log1p(exp(x)) }
}
