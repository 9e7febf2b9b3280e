extension Operator {
  /// A recurrent layer in one direction: an LSTM, a GRU, or a layer without gates.
  ///
  /// Inputs: the sequences `x [T, B, I]`, the weights `W [I, G·H]` and the recurrence `R [H, G·H]`, whose columns are those
  /// of the G gates one after the other, the lengths of the B sequences in int32 or int64 if `hasLengths`, and then, as
  /// many as there are, the biases `[2, G·H]`, of the weights and of the recurrence, the initial state `h [B, H]`, and for
  /// an LSTM the initial state of the cells `c [B, H]` and the peepholes `[3, H]` of input, output and forget gate; states
  /// of `[1, H]` are every sequence's. What is absent is zero. Output: `h` after each step, `[T, B, H]`, or, with
  /// `keepsCell`, `h` and `c` side by side, `[T, B, 2·H]`. Steps at and after the end of a sequence leave its state as it is.
  ///
  /// With `a = x·W + h·R` and both biases, split into gates, `f` and `g` and `k` being the activations and `⊙` the product
  /// of elements:
  /// - `.lstm`, G = 4, gates input, output, forget, cell: `i = f(aᵢ + pᵢ ⊙ c)`, `o = f(aₒ + pₒ ⊙ c′)`,
  ///   `φ = f(aᵩ + pᵩ ⊙ c)`, or `φ = 1 − i` if `couplesGates`, `c′ = φ ⊙ c + i ⊙ g(a꜀)`, `h′ = o ⊙ k(c′)`;
  /// - `.gru`, G = 3, gates update, reset, hidden: `z = f(a_z)`, `r = f(aᵣ)`, `h′ = (1 − z) ⊙ n + z ⊙ h`, where `n = g(aₙ)`
  ///   with `r ⊙ h` in place of `h`, or, if `linearBeforeReset`, with `r ⊙ (h·R + bias)` in place of `h·R + bias`;
  /// - `.simple`, G = 1: `h′ = f(a)`.
  ///
  /// What the activations of gates are applied to is limited to `−clip...clip`, the state of cells is not. The order of gates is ONNX's.
  public struct Recurrent: OperatorRule {
    /// What a step computes; the raw value is its number in files.
    public enum Function: Int, Sendable, CaseIterable {
      /// Long short-term memory (Hochreiter and Schmidhuber 1997, with forget gates and peepholes).
      case lstm = 1
      /// A gated recurrent unit (Cho et al. 2014).
      case gru = 2
      /// A layer without gates (Elman 1990).
      case simple = 3

      /// The number of gates, the new state's among them.
      public var gates: Int {
        switch self {
        case .lstm: 4
        case .gru: 3
        case .simple: 1
        }
      }

      /// The activations that are usual, as many as there must be.
      public var usualActivations: [Activation] {
        switch self {
        case .lstm: [Activation(.sigmoid), Activation(.tanh), Activation(.tanh)]
        case .gru: [Activation(.sigmoid), Activation(.tanh)]
        case .simple: [Activation(.tanh)]
        }
      }

      /// How many inputs may follow the recurrence and the lengths.
      fileprivate var optionalInputs: Int { self == .lstm ? 4 : 2 }
    }

    /// The order in which steps are taken; the raw value is its number in files.
    public enum Direction: Int, Sendable, CaseIterable {
      /// From the first to the last.
      case forward = 1
      /// From the last to the first.
      case backward = 2
    }

    package static let kind = OperatorKind.recurrent
    package static let inputCounts = 3...8

    /// What a step computes.
    public let function: Function
    /// The order in which steps are taken.
    public let direction: Direction
    /// The activations: f, g and k of an LSTM, f and g of a GRU, f of a layer without gates.
    public let activations: [Activation]
    /// The largest magnitude of what the activations of gates are applied to; nil for any.
    public let clip: Float?
    /// Whether the fourth input says how long each sequence is.
    public let hasLengths: Bool
    /// Whether the output has the state of the cells of an LSTM, too.
    public let keepsCell: Bool
    /// Whether the forget gate of an LSTM is what the input gate leaves.
    public let couplesGates: Bool
    /// Whether the reset gate of a GRU is applied after the recurrence.
    public let linearBeforeReset: Bool

    /// Makes a recurrent layer; the activations default to the usual ones.
    public init(
      _ function: Function, direction: Direction = .forward, activations: [Activation]? = nil,
      clip: Float? = nil, hasLengths: Bool = false, keepsCell: Bool = false,
      couplesGates: Bool = false, linearBeforeReset: Bool = false
    ) {
      self.function = function
      self.direction = direction
      self.activations = activations ?? function.usualActivations
      self.clip = clip
      self.hasLengths = hasLengths
      self.keepsCell = keepsCell
      self.couplesGates = couplesGates
      self.linearBeforeReset = linearBeforeReset
    }

    package init(reading attributes: inout AttributeReader) throws(OperatorError) {
      function = try attributes.choice(.function)
      activations = try Activation.list(reading: &attributes, usual: function.usualActivations)
      direction = try attributes.choice(.direction, default: .forward)
      linearBeforeReset = try attributes.flag(.linearBeforeReset)
      let clip = try attributes.number(.clip, default: .infinity)
      self.clip = clip == .infinity ? nil : clip
      hasLengths = try attributes.flag(.lengths)
      couplesGates = try attributes.flag(.couplesGates)
      keepsCell = try attributes.flag(.keepsCell)
      try checkAttributes()
    }

    /// Refuses what does not belong to the function.
    private func checkAttributes() throws(OperatorError) {
      if let clip, !(clip > 0) { throw .invalidAttribute(.clip) }
      guard activations.count == function.usualActivations.count else {
        throw .invalidAttribute(.activations)
      }
      if linearBeforeReset && function != .gru { throw .invalidAttribute(.linearBeforeReset) }
      if couplesGates && function != .lstm { throw .invalidAttribute(.couplesGates) }
      if keepsCell && function != .lstm { throw .invalidAttribute(.keepsCell) }
    }

    package var attributes: [Attribute] {
      func flag(_ key: AttributeKey, _ isSet: Bool) -> [Attribute] {
        isSet ? [Attribute(key, .integer(1))] : []
      }
      return [Attribute(.function, .integer(function.rawValue))]
        + Activation.numbers(of: activations)
        + (direction == .forward ? [] : [Attribute(.direction, .integer(direction.rawValue))])
        + flag(.linearBeforeReset, linearBeforeReset)
        + (clip.map { [Attribute(.clip, .number($0))] } ?? [])
        + Activation.functions(of: activations, usual: function.usualActivations)
        + flag(.lengths, hasLengths) + flag(.couplesGates, couplesGates)
        + flag(.keepsCell, keepsCell)
    }

    package func accepts(_ element: ElementType, input: Int) -> Bool {
      hasLengths && input == 3 ? element.isIndex : element == .float32
    }

    package func outputType(of inputs: [TensorType]) throws(OperatorError) -> TensorType {
      try checkAttributes()
      let required = hasLengths ? 4 : 3
      guard (required...required + function.optionalInputs).contains(inputs.count) else {
        throw .wrongInputCount(
          found: inputs.count, minimum: required, maximum: required + function.optionalInputs)
      }
      try expectRank(3, of: inputs, at: 0)
      try expectRank(2, of: inputs, at: 1)
      try expectRank(2, of: inputs, at: 2)
      let (input, hidden) = (inputs[0].shape, inputs[2].shape[0])
      let (width, overflow) = hidden.multipliedReportingOverflow(by: function.gates)
      guard !overflow else { throw .tooLarge }
      try expectSize(input[2], of: inputs, at: 1, axis: 0)
      try expectSize(width, of: inputs, at: 1, axis: 1)
      try expectSize(width, of: inputs, at: 2, axis: 1)
      if hasLengths {
        try expectRank(1, of: inputs, at: 3)
        try expectSize(input[1], of: inputs, at: 3, axis: 0)
      }
      let shapes = [[2, width], [input[1], hidden], [input[1], hidden], [3, hidden]]
      for index in required..<inputs.count {
        let place = index - required
        try expectRank(2, of: inputs, at: index)
        if !((1...2).contains(place) && inputs[index].shape[0] == 1) {
          try expectSize(shapes[place][0], of: inputs, at: index, axis: 0)
        }
        try expectSize(shapes[place][1], of: inputs, at: index, axis: 1)
      }
      let (both, overflows) = hidden.multipliedReportingOverflow(by: keepsCell ? 2 : 1)
      guard !overflows else { throw .tooLarge }
      return TensorType(.float32, [input[0], input[1], both])
    }

    package func multiplyAdds(inputs: [TensorType], output: TensorType) -> Int {
      let (input, recurrence) = (inputs[0].shape, inputs[2].shape)
      let (columns, overflow) = input[2].addingReportingOverflow(recurrence[0])
      return saturatingProduct([input[0], input[1], overflow ? Int.max : columns, recurrence[1]])
    }
  }
}
