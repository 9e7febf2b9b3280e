/// What people should know of a model: who made it, under which licence it is, and notes of any kind.
public struct About: Sendable, Equatable {
  /// A text under a key.
  public struct Note: Sendable, Equatable {
    /// What the text is about, unique among the notes.
    public let key: Name
    /// The text, on one line.
    public let value: Name

    /// Makes a note.
    public init(key: Name, value: Name) {
      self.key = key
      self.value = value
    }
  }

  /// Who made the model.
  public let author: Name
  /// The licence of the model, best as an SPDX expression such as `Apache-2.0`.
  public let licence: Name
  /// Further notes, ascending by key.
  public let notes: [Note]

  /// Nothing that people should know.
  public static let nothing = About()

  private init() {
    author = ""
    licence = ""
    notes = []
  }

  /// Describes a model.
  ///
  /// - Parameter notes: in any order.
  /// - Throws: `GraphError` when a text is too long or not printable, or two notes have one key.
  public init(author: Name, licence: Name, notes: [Note]) throws(GraphError) {
    for text in [author, licence] + notes.map({ $0.value }) {
      try expectName(text, .text, head: nil, mayBeEmpty: true)
    }
    try expect(notes.count, atMost: GraphLimits.metrics, .note, head: nil)
    try expectDistinct(notes.map { $0.key }, .note, head: nil)
    self.author = author
    self.licence = licence
    self.notes = notes.sorted { $0.key < $1.key }
  }
}
