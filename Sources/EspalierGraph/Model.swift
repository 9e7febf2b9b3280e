extension Model {
  /// The part of a model that every head may read; its graph's outputs are the features.
  public struct Trunk: Sendable {
    /// What no head may be called: files name the trunk's sections so.
    public static let reservedName: Name = "trunk"

    /// The computation from the model's inputs to the features.
    public let graph: Graph
    /// For each input of the graph the table columns it is made of, row-major; empty when it is not made of a table.
    public let columns: [[Column]]
    /// The sizes that symbols of the inputs may have, ascending by symbol; symbols that are not named take every size.
    public let ranges: [SymbolRange]
    let rangeNames: NameTable

    /// Makes a trunk.
    public init(graph: Graph, columns: [[Column]], ranges: [SymbolRange] = []) {
      self.graph = graph
      self.columns = columns
      self.ranges = ranges
      rangeNames = NameTable(ranges.map { $0.symbol })
    }

    /// The trunk with another graph, of the same inputs.
    package func replacing(graph: Graph) -> Trunk {
      Trunk(graph: graph, columns: columns, ranges: ranges)
    }
  }
}

/// A network of one trunk and any number of heads, checked and immutable.
public struct Model: Sendable {
  /// The shared part.
  public let trunk: Trunk
  /// The heads, in an order in which each reads only earlier ones.
  public let heads: [Head]
  /// For each head the values that its graph's inputs are.
  package let sources: [[SourceValue]]
  private let headNames: NameTable

  /// Checks every rule of a model and makes it.
  ///
  /// - Parameters:
  ///   - trunk: the shared part.
  ///   - heads: the heads in any order.
  /// - Throws: `GraphError` for the first rule that is broken.
  public init(trunk: Trunk, heads: [Head]) throws(GraphError) {
    let trunkTypes = try trunk.validate()
    self.trunk = trunk
    self.heads = try Self.ordered(heads)
    headNames = NameTable(self.heads.map { $0.name })
    sources = try Self.validated(
      self.heads, on: trunk, trunkTypes: trunkTypes, names: headNames)
  }

  /// The head of a name, or nil.
  public func head(named name: Name) -> Head? {
    position(ofHead: name).map { heads[$0] }
  }

  /// The position in `heads` of the head of a name, or nil.
  package func position(ofHead name: Name) -> Int? { headNames.position(of: name) }
}
