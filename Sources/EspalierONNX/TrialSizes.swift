internal import EspalierGraph

extension Model {
  /// The sizes to run with to see whether the model does what another does: those that given inputs bind symbols to; when
  /// they bind none, those that the model is checked with, odd ones with a batch of one, which programs use most, and
  /// large ones.
  func trialSizes(_ inputs: [GivenInput], _ limits: ONNXLimits) -> [SymbolSizes] {
    let bound = trunk.graph.symbolSizes { name in inputs.first { $0.name == name }?.shape }
    let checked = trialSizes { symbol, probe in
      bound.first { $0.symbol == symbol }?.size ?? probe
    }
    guard bound.isEmpty, !trunk.graph.symbols.isEmpty else { return [checked] }
    let single = oddSizes { _ in 1 }
    // Not every model takes a batch of one: some take its first row off.
    let odd = takes(single) ? single : oddSizes { $0 + 1 }
    var all = [checked]
    for sizes in [odd, largeSizes(limits)].compactMap({ $0 }) where takes(sizes) {
      if !all.contains(where: { $0.isSame(as: sizes) }) { all.append(sizes) }
    }
    return all
  }

  private func trialSizes(_ size: (_ symbol: Name, _ probe: Int) -> Int) -> SymbolSizes {
    SymbolSizes(
      trunk.graph.symbols.map { symbol in
        (
          symbol: symbol.name,
          size: trunk.range(of: symbol.name).allowed(below: size(symbol.name, symbol.probe))
        )
      })
  }

  private func oddSizes(batch: (_ probe: Int) -> Int) -> SymbolSizes {
    trialSizes { symbol, probe in
      symbol == SymbolSizes.batch ? batch(probe) : probe * 3 / 2 | 1
    }
  }

  /// The largest of some sizes that running the model may take; nil when there is none.
  private func largeSizes(_ limits: ONNXLimits) -> SymbolSizes? {
    let isOnlyBatch = trunk.graph.symbols.allSatisfy { $0.name == SymbolSizes.batch }
    for factor in [32, 16, 8, 4, 2] {
      let sizes = trialSizes { symbol, probe in
        symbol == SymbolSizes.batch && !isOnlyBatch ? probe : probe * factor + 5
      }
      guard let work = work(sizes) else { continue }
      if work.operations <= limits.largeOperations, work.bytes <= limits.largeBytes {
        return sizes
      }
    }
    return nil
  }

  private func takes(_ sizes: SymbolSizes) -> Bool { work(sizes) != nil }

  /// Operations and bytes of all tensors that running all heads takes, about; nil where the model does not fit the sizes.
  func work(_ sizes: SymbolSizes) -> (operations: Int, bytes: Int)? {
    guard let all = try? inferTypes(sizes) else { return nil }
    var (operations, bytes) = (0, 0)
    for (graph, types) in zip([trunk.graph] + heads.map(\.graph), all) {
      for (index, node) in graph.nodes.enumerated() {
        let output = types[graph.value(ofNode: index).index]
        let needed = node.operator.operations(
          inputs: node.inputs.map { types[$0.index] }, output: output)
        operations = operations.saturatingSum(needed)
        bytes = bytes.saturatingSum(output.checkedByteCount ?? Int.max)
      }
    }
    return (operations, bytes)
  }
}

extension SymbolSizes {
  fileprivate func isSame(as other: SymbolSizes) -> Bool {
    sizes.elementsEqual(other.sizes) { $0.symbol == $1.symbol && $0.size == $1.size }
  }
}
