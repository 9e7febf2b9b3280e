import EspalierGraph

/// Parameters in the form that kernels want, where that is not the model's, shared by all sessions of a model's heads.
final class PreparedWeights: Sendable {
  /// The parameters, ascending: of the trunk for graph 0, of the model's n-th head for graph n + 1.
  private let keys: [(graph: Int, index: Int)]
  private let offsets: [Int]
  private let storage: TensorStorage

  /// Widens the parameters that a plan needs widened.
  init(_ plan: Plan, of model: Model) {
    var found: [(slot: Slot, graph: Int, index: Int)] = []
    for slot in plan.slots {
      if case .widened(let graph, let index) = slot.place { found.append((slot, graph, index)) }
    }
    found.sort { ($0.graph, $0.index) < ($1.graph, $1.index) }
    var offsets: [Int] = []
    var end = 0
    for (slot, _, _) in found {
      offsets.append(end)
      end += Self.rounded(slot.byteCount)
    }
    storage = TensorStorage.filled(byteCount: end) { bytes in
      for (offset, (slot, graph, index)) in zip(offsets, found) {
        let numbers = UnsafeMutableRawBufferPointer(
          rebasing: bytes[offset..<offset + slot.byteCount])
        model.parameter(graph, index).copyValues(to: numbers.bindMemory(to: Float.self))
      }
    }
    keys = found.map { ($0.graph, $0.index) }
    self.offsets = offsets
  }

  /// Where a parameter that was widened begins.
  func start(graph: Int, index: Int) -> UnsafeMutableRawPointer? {
    var (low, high) = (0, keys.count)
    while low < high {
      let middle = (low + high) / 2
      if keys[middle] < (graph, index) { low = middle + 1 } else { high = middle }
    }
    guard low < keys.count, keys[low] == (graph, index) else { return nil }
    return storage.withUnsafeBytes { bytes in
      // Kernels only read parameters; slots are mutable because most of them are outputs.
      UnsafeMutableRawPointer(mutating: bytes.baseAddress).map { $0 + offsets[low] }
    }
  }

  /// The bytes that a widened parameter takes, whose own were counted when its type was checked.
  static func byteCount(_ type: TensorType) -> Int { rounded(type.checkedByteCount ?? 0) }

  private static func rounded(_ bytes: Int) -> Int {
    (bytes + ArenaLayout.alignment - 1) / ArenaLayout.alignment * ArenaLayout.alignment
  }
}

extension Model {
  /// A parameter of the trunk for graph 0, of the n-th head for graph n + 1.
  func parameter(_ graph: Int, _ index: Int) -> Parameter {
    (graph == 0 ? trunk.graph : heads[graph - 1].graph).parameters[index]
  }
}
