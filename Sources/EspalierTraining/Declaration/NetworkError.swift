internal import EspalierText

/// A place in the declaration of a network.
public enum NetworkPlace: Sendable, Hashable {
  /// The input.
  case input
  /// A layer of the trunk, counted from 0.
  case trunk(layer: Int)
  /// A head, by name, or one of its layers, counted from 0.
  case head(String, layer: Int?)
}

extension NetworkPlace: CustomStringConvertible {
  /// The place in words.
  public var description: String {
    switch self {
    case .input: "input"
    case .trunk(let layer): "trunk layer \(layer)"
    case .head(let name, let layer?): "head \(quoted(name)) layer \(layer)"
    case .head(let name, nil): "head \(quoted(name))"
    }
  }
}

/// Why no model can be built of a declared network: where, and what would be right.
public struct NetworkError: Error, Equatable, CustomStringConvertible {
  /// Which part of the declaration is wrong.
  public let place: NetworkPlace
  /// The part's parameter that is wrong, as it is called in recipes; nil when the part does not fit as a whole.
  public let key: String?
  /// What is wrong and what to do.
  public let message: String

  /// Makes an error.
  public init(place: NetworkPlace, key: String? = nil, _ message: String) {
    self.place = place
    self.key = key
    self.message = message
  }

  /// The error on one line, such as `trunk layer 2, units: …`.
  public var description: String {
    "\(place)\(key.map { ", \($0)" } ?? ""): \(message)"
  }
}
