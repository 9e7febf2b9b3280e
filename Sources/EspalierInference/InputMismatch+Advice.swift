import EspalierArrays
import EspalierGraph

extension InputMismatch.Problem {
  /// What makes an array fit an input, in NumPy; empty when that is not plain.
  static func advice(_ input: GraphInput, _ found: TensorType) -> String {
    let declared = input.dimensions
    var sizes = found.shape.sizes
    var ways: [String] = []
    var remark = ""
    if found.element != input.element { ways.append(".astype(\"\(input.element.label)\")") }
    if sizes.count == declared.count - 1, declared.first?.isBatch == true {
      ways.append("[None]")
      sizes = [1] + sizes
    }
    if !declared.fits(sizes) {
      if let (order, name) = declared.transposition(of: sizes) {
        ways.append(".transpose(\(order.map(String.init).joined(separator: ", ")))")
        remark = "it looks \(name): "
      } else if let rows = declared.reshaping(of: found.shape.sizes) {
        ways.removeAll { $0 == "[None]" }
        ways.append(".reshape(\(rows.map(String.init).joined(separator: ", ")))")
      } else {
        return ""
      }
    }
    return ways.isEmpty ? "" : "; \(remark)in NumPy, array\(ways.joined()) makes it so"
  }
}

extension [Dimension] {
  /// Whether sizes are those that are declared.
  fileprivate func fits(_ sizes: [Int]) -> Bool {
    count == sizes.count
      && zip(self, sizes).allSatisfy { declared, size in
        if case .fixed(let fixed) = declared { size == fixed } else { true }
      }
  }

  /// The order of axes that turns channels first into channels last, or the other way round, and what they are now.
  ///
  /// Sizes that can be both are left alone, and so are arrays whose channels are not told by the input.
  fileprivate func transposition(of sizes: [Int]) -> (order: [Int], name: String)? {
    guard sizes.count == count, (3...5).contains(count), first?.isBatch == true else { return nil }
    let inner = Array<Int>(1..<count)
    let toLast = [0] + inner.dropFirst() + [1]
    let toFirst = [0, count - 1] + inner.dropLast()
    for (order, channels, name) in [
      (toLast, count - 1, "channels-first"), (toFirst, 1, "channels-last"),
    ] {
      guard case .fixed = self[channels] else { continue }
      if fits(order.map { sizes[$0] }) { return (order, name) }
    }
    return nil
  }

  /// The sizes that rows of as many numbers can be given; -1 for the batch.
  fileprivate func reshaping(of sizes: [Int]) -> [Int]? {
    guard first?.isBatch == true else { return nil }
    var rowSizes: [Int] = []
    for case .fixed(let size) in dropFirst() { rowSizes.append(size) }
    guard rowSizes.count == count - 1,
      Shape(Array<Int>(sizes.dropFirst())).checkedElementCount
        == Shape(rowSizes).checkedElementCount
    else { return nil }
    return [-1] + rowSizes
  }
}
