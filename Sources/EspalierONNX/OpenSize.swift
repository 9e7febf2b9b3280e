public import EspalierGraph

/// A size that documents leave open, and what the model that was made of them takes for it.
public struct OpenSize: Sendable, Equatable {
  /// What it is called.
  public let symbol: Name
  /// The sizes that the model takes; a single one where weights want just that, which is a number in the model then.
  public let range: SymbolRange
  /// Other symbols of the documents that became this one, because the network takes one size for all of them.
  public let same: [Name]
}
