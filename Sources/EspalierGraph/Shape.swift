/// The sizes of a tensor along its axes, outermost first; activations are channels-last (NHWC).
public struct Shape: Sendable, Hashable {
  /// The most axes a tensor may have.
  public static let maximumRank = 8

  /// The sizes, outermost first.
  public let sizes: [Int]

  /// Makes a shape of sizes, outermost first.
  public init(_ sizes: [Int]) {
    self.sizes = sizes
  }

  /// The number of axes.
  public var rank: Int { sizes.count }

  /// The size along an axis.
  public subscript(axis: Int) -> Int { sizes[axis] }

  /// The size along the innermost axis; 1 for a scalar.
  public var last: Int { sizes.last ?? 1 }

  /// The product of the sizes, or nil when a size is negative or the product of those that are not zero does not fit.
  ///
  /// The product of any of the sizes of a shape that has an element count fits, since no zero hides the others.
  public var checkedElementCount: Int? {
    guard let product = productWithoutZeros else { return nil }
    return sizes.contains(0) ? 0 : product
  }

  /// The product of the sizes that are not zero, or nil when a size is negative or the product does not fit.
  fileprivate var productWithoutZeros: Int? {
    var count = 1
    for size in sizes where size != 0 {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard size > 0, !overflow else { return nil }
      count = product
    }
    return count
  }

  /// The product of the sizes of a shape that was checked before.
  public var elementCount: Int {
    guard let count = checkedElementCount else { preconditionFailure("a shape that overflows") }
    return count
  }
}

extension Shape: ExpressibleByArrayLiteral {
  /// Makes a shape of sizes, outermost first.
  public init(arrayLiteral sizes: Int...) {
    self.sizes = sizes
  }
}

extension Shape: CustomStringConvertible {
  /// The sizes joined by "x", such as `8x8x1`; `scalar` when there are none.
  public var description: String {
    sizes.isEmpty ? "scalar" : joined(sizes, by: "x")
  }
}

/// The numbers in decimal, joined by a separator.
func joined(_ numbers: [Int], by separator: StaticString) -> String {
  var text = ""
  for (index, number) in numbers.enumerated() {
    if index > 0 { text += "\(separator)" }
    text += "\(number)"
  }
  return text
}

/// The product of sizes, `Int.max` where it does not fit.
func saturatingProduct(_ sizes: [Int]) -> Int {
  Shape(sizes).checkedElementCount ?? Int.max
}

/// One declared size of an input: a number, or a symbol that is bound to a number when a plan is made.
public enum Dimension: Sendable, Hashable {
  /// A size that never changes.
  case fixed(Int)
  /// A size that the user of the model chooses, such as `batch`; a model is checked with the probe for it.
  case symbol(Name, probe: Int = Self.usualProbe)
  /// Any size: what a head reads has the size that it has.
  case any

  /// The symbol of the number of rows that run at once.
  public static let batch = Dimension.symbol(SymbolSizes.batch)

  /// The size that a symbol is checked with unless it says another; not 1, which would broadcast where no other does.
  public static let usualProbe = 2
}

extension Dimension: CustomStringConvertible {
  /// The number, the symbol's name, or `any`.
  public var description: String {
    switch self {
    case .fixed(let size): "\(size)"
    case .symbol(let name, _): "\(name)"
    case .any: "any"
    }
  }
}

/// The sizes that symbols are bound to when a plan is made.
public struct SymbolSizes: Sendable {
  /// The symbol of the number of rows that run at once.
  public static let batch: Name = "batch"

  /// The bound symbols, distinct.
  public let sizes: [(symbol: Name, size: Int)]
  private let symbols: NameTable

  /// Binds the batch and other symbols.
  public init(batch: Int, _ others: [(symbol: Name, size: Int)] = []) {
    self.init([(Self.batch, batch)] + others)
  }

  /// Binds nothing: every symbol has the size that it is checked with.
  package static let probes = SymbolSizes([])

  /// Binds symbols, which are distinct; others have the size that they are checked with.
  package init(_ sizes: [(symbol: Name, size: Int)]) {
    self.sizes = sizes
    symbols = NameTable(sizes.map { $0.symbol })
  }

  /// The size of a dimension that is a number or a symbol; 0 of any other.
  package func size(of dimension: Dimension) -> Int {
    switch dimension {
    case .fixed(let size): size
    case .symbol(let name, let probe): self.size(of: name, probe: probe)
    case .any: 0
    }
  }

  /// The size of a symbol; its probe when it is not bound.
  package func size(of symbol: Name, probe: Int) -> Int {
    symbols.position(of: symbol).map { sizes[$0].size } ?? probe
  }
}

/// What a tensor is made of: its element type and its shape.
public struct TensorType: Sendable, Hashable {
  /// The number format.
  public let element: ElementType
  /// The sizes.
  public let shape: Shape

  /// Makes a tensor type.
  public init(_ element: ElementType, _ shape: Shape) {
    self.element = element
    self.shape = shape
  }

  /// The bytes of a tensor of this type, or nil when those of its axes that are not empty do not fit.
  public var checkedByteCount: Int? {
    guard let count = shape.productWithoutZeros else { return nil }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: element.byteCount)
    guard !overflow else { return nil }
    return shape.sizes.contains(0) ? 0 : bytes
  }
}
