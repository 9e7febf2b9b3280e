package import EspalierGraph

/// In what two models differ; the JSON has these names.
package struct ModelDifference: Encodable, Equatable {
  /// One difference.
  package struct Change: Encodable, Equatable {
    /// What kind of thing differs.
    package enum Kind: String, Encodable, CaseIterable {
      /// A head that the second model does not have.
      case onlyInA = "only_in_a"
      /// A head that the first model does not have.
      case onlyInB = "only_in_b"
      /// Inputs, sources, nodes, types or outputs.
      case graph
      /// Numbers of parameters.
      case weights
      /// What a head means and reached, what columns an input is made of.
      case metadata
    }

    /// The head, or nil for the trunk.
    package let head: String?
    /// What kind of thing differs.
    package let kind: Kind
    /// What differs, such as `node dense_1: function`.
    package let subject: String
    /// What it is in the first model; nil when it is not there.
    package let a: String?
    /// What it is in the second model; nil when it is not there.
    package let b: String?
    /// For weights, by how much they differ.
    package let numbers: NumberDifference?
  }

  /// The differences, those of the trunk first, then those of the heads, ascending by name.
  package let changes: [Change]

  /// Compares two models; the order of their heads does not matter.
  ///
  /// - Parameter about: what people should know of each.
  package init(_ a: Model, _ b: Model, about: (a: About?, b: About?) = (nil, nil)) {
    var trunk = ChangeList(head: nil)
    trunk.compare(about.a, about.b)
    trunk.compareColumns(a.trunk, b.trunk)
    trunk.compareRanges(a.trunk, b.trunk)
    trunk.compare(a.trunk.graph, b.trunk.graph)
    changes = trunk.changes + Self.headChanges(a.heads, b.heads)
  }

  private static func headChanges(_ a: [Model.Head], _ b: [Model.Head]) -> [Change] {
    let first = Dictionary(a.map { ($0.name, $0) }, uniquingKeysWith: { head, _ in head })
    let second = Dictionary(b.map { ($0.name, $0) }, uniquingKeysWith: { head, _ in head })
    return Set(first.keys).union(second.keys).sorted().flatMap { name in
      var list = ChangeList(head: "\(name)")
      switch (first[name], second[name]) {
      case (let a?, let b?): list.compare(a, b)
      case (_?, nil): list.add(.onlyInA, "head", "present", nil)
      case (nil, _): list.add(.onlyInB, "head", nil, "present")
      }
      return list.changes
    }
  }
}

/// Collects the differences of the trunk or of a head.
struct ChangeList {
  let head: String?
  private(set) var changes: [ModelDifference.Change] = []

  init(head: String?) {
    self.head = head
  }

  /// Adds a difference.
  mutating func add(
    _ kind: ModelDifference.Change.Kind, _ subject: String, _ a: String?, _ b: String?,
    numbers: NumberDifference? = nil
  ) {
    changes.append(
      .init(head: head, kind: kind, subject: subject, a: a, b: b, numbers: numbers))
  }

  /// Adds a difference unless both are the same, byte by byte.
  mutating func compare(
    _ kind: ModelDifference.Change.Kind, _ subject: String, _ a: String?, _ b: String?
  ) {
    if a.map({ Name($0) }) != b.map({ Name($0) }) { add(kind, subject, a, b) }
  }

  /// Compares two heads of one name.
  mutating func compare(_ a: Model.Head, _ b: Model.Head) {
    compare(a.description, b.description)
    compare(
      .graph, "sources", a.sources.map(\.description).joined(separator: ", "),
      b.sources.map(\.description).joined(separator: ", "))
    if a.sources != b.sources, changes.last?.subject != "sources" {
      add(.graph, "kind of sources", nil, nil)
    }
    compare(a.graph, b.graph)
  }
}
