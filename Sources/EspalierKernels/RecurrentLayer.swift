/// What a recurrent layer computes, and the sizes of what it reads.
package struct RecurrentLayer: Sendable {
  /// What a step computes; gates in this order.
  package enum Function: Sendable {
    /// Gates input, output, forget, cell; activations of gates, cell, output.
    case lstm
    /// Gates update, reset, hidden; activations of gates, hidden.
    case gru
    /// No gates; one activation.
    case simple
  }

  /// What a step computes.
  package var function: Function
  /// Whether steps are taken from the last to the first.
  package var isBackward: Bool
  /// Steps of the sequences.
  package var steps: Int
  /// Sequences.
  package var batch: Int
  /// Numbers of a step's input.
  package var inputs: Int
  /// Numbers of a state.
  package var hidden: Int
  /// The functions of gates and states.
  package var activations: [GateActivation]
  /// The largest magnitude of what activations are applied to.
  package var clip: Float
  /// Whether the output has the state of the cells beside the other one.
  package var keepsCell: Bool
  /// Whether the forget gate is what the input gate leaves.
  package var couplesGates: Bool
  /// Whether the reset gate is applied after the recurrence.
  package var linearBeforeReset: Bool

  /// Makes a layer.
  package init(
    _ function: Function, steps: Int, batch: Int, inputs: Int, hidden: Int,
    activations: [GateActivation], isBackward: Bool = false, clip: Float = .infinity,
    keepsCell: Bool = false, couplesGates: Bool = false, linearBeforeReset: Bool = false
  ) {
    self.function = function
    self.isBackward = isBackward
    self.steps = steps
    self.batch = batch
    self.inputs = inputs
    self.hidden = hidden
    self.activations = activations
    self.clip = clip
    self.keepsCell = keepsCell
    self.couplesGates = couplesGates
    self.linearBeforeReset = linearBeforeReset
  }

  /// The columns of weights and recurrence: those of all gates.
  package var width: Int {
    switch function {
    case .lstm: 4 * hidden
    case .gru: 3 * hidden
    case .simple: hidden
    }
  }

  /// The numbers of the output for one sequence and step.
  package var outputWidth: Int { keepsCell ? 2 * hidden : hidden }

  /// The step that is taken at a turn.
  package func step(at turn: Int) -> Int { isBackward ? steps - 1 - turn : turn }
}

/// What a recurrent layer reads, in memory that outlives this; what is empty is zero.
package struct RecurrentOperands {
  /// The input [steps, batch, inputs].
  package var input: UnsafeBufferPointer<Float>
  /// The weights [inputs, width].
  package var weights: UnsafeBufferPointer<Float>
  /// The recurrence [hidden, width].
  package var recurrence: UnsafeBufferPointer<Float>
  /// The biases of weights and recurrence [2, width].
  package var biases: UnsafeBufferPointer<Float>
  /// The initial state [batch, hidden] or [1, hidden].
  package var state: UnsafeBufferPointer<Float>
  /// The initial state of the cells [batch, hidden] or [1, hidden].
  package var cell: UnsafeBufferPointer<Float>
  /// The peepholes of input, output and forget gate [3, hidden].
  package var peepholes: UnsafeBufferPointer<Float>
  /// The steps of each sequence; all when nil.
  package var lengths: Indices?

  /// Names the operands.
  package init(
    input: UnsafeBufferPointer<Float>, weights: UnsafeBufferPointer<Float>,
    recurrence: UnsafeBufferPointer<Float>, biases: UnsafeBufferPointer<Float>,
    state: UnsafeBufferPointer<Float>, cell: UnsafeBufferPointer<Float>,
    peepholes: UnsafeBufferPointer<Float>, lengths: Indices?
  ) {
    self.input = input
    self.weights = weights
    self.recurrence = recurrence
    self.biases = biases
    self.state = state
    self.cell = cell
    self.peepholes = peepholes
    self.lengths = lengths
  }

  /// Stops the program unless the operands have the numbers that the layer says.
  func require(_ layer: RecurrentLayer) {
    let (batch, hidden) = (layer.batch, layer.hidden)
    requireMatrix(input.count, layer.steps * batch, layer.inputs, "sequences")
    requireMatrix(weights.count, layer.inputs, layer.width, "weights")
    requireMatrix(recurrence.count, hidden, layer.width, "recurrence")
    if !biases.isEmpty { requireMatrix(biases.count, 2, layer.width, "biases") }
    if state.count != hidden && !state.isEmpty {
      requireMatrix(state.count, batch, hidden, "state")
    }
    if cell.count != hidden && !cell.isEmpty { requireMatrix(cell.count, batch, hidden, "cells") }
    if !peepholes.isEmpty { requireMatrix(peepholes.count, 3, hidden, "peepholes") }
    if let lengths { requireCount(lengths.count, batch, "lengths") }
  }
}

/// The working memory of a recurrent layer.
package struct RecurrentMemory {
  /// The most numbers of a block of steps.
  private static let blockCount = 65_536

  /// How many steps are worked on at once.
  let blockSteps: Int
  /// What the gates' activations are applied to: [steps of a block, batch, width].
  package let gates: UnsafeMutableBufferPointer<Float>
  /// The states of the cells after each step, [steps, batch, hidden], or after the last, [batch, hidden]; none where they
  /// are in the output.
  let cells: UnsafeMutableBufferPointer<Float>
  /// What the last gate of a GRU takes from the state: [batch, hidden].
  let candidate: UnsafeMutableBufferPointer<Float>
  /// The gates and the cells of one sequence after their activations, [width + hidden].
  package let row: UnsafeMutableBufferPointer<Float>
  /// A state of zeros.
  let zeros: UnsafeMutableBufferPointer<Float>

  private static func blockSteps(_ layer: RecurrentLayer, keepsSteps: Bool) -> Int {
    keepsSteps
      ? layer.steps : max(1, min(layer.steps, blockCount / (layer.batch * layer.width)))
  }

  private static func counts(
    _ layer: RecurrentLayer, keepsSteps: Bool
  ) -> (gates: Int, cells: Int, candidate: Int) {
    let state = layer.batch * layer.hidden
    let hasCells = layer.function == .lstm && !layer.keepsCell
    return (
      blockSteps(layer, keepsSteps: keepsSteps) * layer.batch * layer.width,
      hasCells ? (keepsSteps ? layer.steps * state : state) : 0,
      layer.function == .gru ? state : 0
    )
  }

  /// The numbers that a layer needs.
  ///
  /// - Parameter keepsSteps: whether gates and cells of all steps are kept, as gradients need.
  package static func count(_ layer: RecurrentLayer, keepsSteps: Bool = false) -> Int {
    let counts = counts(layer, keepsSteps: keepsSteps)
    return counts.gates + counts.cells + counts.candidate + layer.width + 2 * layer.hidden
  }

  /// Takes its numbers from the beginning of some memory.
  package init(
    _ layer: RecurrentLayer, keepsSteps: Bool = false, _ memory: UnsafeMutableBufferPointer<Float>
  ) {
    var start = 0
    func take(_ count: Int) -> UnsafeMutableBufferPointer<Float> {
      defer { start += count }
      return UnsafeMutableBufferPointer(rebasing: memory[start..<start + count])
    }
    let counts = Self.counts(layer, keepsSteps: keepsSteps)
    blockSteps = Self.blockSteps(layer, keepsSteps: keepsSteps)
    gates = take(counts.gates)
    cells = take(counts.cells)
    candidate = take(counts.candidate)
    row = take(layer.width + layer.hidden)
    zeros = take(layer.hidden)
    zeros.update(repeating: 0)
  }
}
