/// Finds names in a list, in the logarithm of their number: files may have many of everything.
package struct NameTable: Sendable {
  private let names: [Name]
  /// Positions in `names`, ascending by name, then by position.
  private let order: [Int]

  /// Prepares to find names, which need not be distinct.
  package init(_ names: [Name]) {
    self.names = names
    order = names.indices.sorted {
      names[$0] == names[$1] ? $0 < $1 : names[$0] < names[$1]
    }
  }

  /// The first position of a name in the list, or nil.
  package func position(of name: Name) -> Int? {
    var low = 0
    var high = order.count
    while low < high {
      let middle = (low + high) / 2
      if names[order[middle]] < name { low = middle + 1 } else { high = middle }
    }
    return low < order.count && names[order[low]] == name ? order[low] : nil
  }

  /// The positions at which a name stands for the first time, ascending.
  package var firstPositions: [Int] {
    var first = names.map { _ in true }
    for (place, next) in zip(order, order.dropFirst()) where names[place] == names[next] {
      first[next] = false
    }
    return names.indices.filter { first[$0] }
  }
}
