package import EspalierGraph

/// Finds the inputs and outputs of a plan by name, in the logarithm of their number.
struct PlanNames: Sendable {
  fileprivate let inputs: NameTable
  /// The head of each output.
  fileprivate let heads: NameTable
  /// Positions of outputs, ascending by head, then by name.
  fileprivate let outputs: [Int]

  init(inputs: [PlannedInput], outputs: [PlannedOutput]) {
    self.inputs = NameTable(inputs.map { $0.name })
    heads = NameTable(outputs.map { $0.head })
    self.outputs = outputs.indices.sorted {
      outputs[$0].precedes(outputs[$1].head, outputs[$1].name)
    }
  }
}

extension PlannedOutput {
  /// Whether it comes before an output of a head in the order of heads, then of names.
  fileprivate func precedes(_ head: Name, _ name: Name) -> Bool {
    self.head == head ? self.name < name : self.head < head
  }
}

extension Plan {
  /// The position in `inputs` of an input, or nil.
  package func index(ofInput name: Name) -> Int? { names.inputs.position(of: name) }

  /// The position in `outputs` of a head's output, or nil.
  ///
  /// - Parameter name: which of its outputs; the first when nil.
  package func index(ofOutput name: Name?, of head: Name) -> Int? {
    guard let name else { return names.heads.position(of: head) }
    var (low, high) = (0, names.outputs.count)
    while low < high {
      let middle = (low + high) / 2
      if outputs[names.outputs[middle]].precedes(head, name) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    guard low < names.outputs.count else { return nil }
    let output = outputs[names.outputs[low]]
    return output.head == head && output.name == name ? names.outputs[low] : nil
  }

  /// The outputs of a head, which stand together.
  package func outputs(of head: Name) -> ArraySlice<PlannedOutput> {
    let start = names.heads.position(of: head) ?? outputs.count
    return outputs[start...].prefix { $0.head == head }
  }
}
