extension Graph {
  /// The symbols of the inputs, each once, with the sizes that they are checked with.
  package var symbols: [(name: Name, probe: Int)] {
    var symbols: [(name: Name, probe: Int)] = []
    for input in inputs {
      for case .symbol(let name, let probe) in input.dimensions { symbols.append((name, probe)) }
    }
    return NameTable(symbols.map { $0.name }).firstPositions.map { symbols[$0] }
  }

  /// The sizes that shapes of inputs bind symbols to; the first input that tells a symbol decides.
  ///
  /// - Parameter shape: the shape that an input is given; nil when it is not.
  package func symbolSizes(_ shape: (Name) -> Shape?) -> [(symbol: Name, size: Int)] {
    var sizes: [(symbol: Name, size: Int)] = []
    for input in inputs {
      guard let given = shape(input.name) else { continue }
      for (size, dimension) in zip(given.sizes, input.dimensions) {
        if case .symbol(let name, _) = dimension { sizes.append((name, size)) }
      }
    }
    return NameTable(sizes.map { $0.symbol }).firstPositions.map { sizes[$0] }
  }
}
