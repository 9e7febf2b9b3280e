/// A value of a YAML text, with its place.
struct YAMLNode {
  /// What the value is made of.
  enum Content {
    /// Text; plain when it stands without quotes, and then perhaps a number or nothing at all.
    case scalar(String, isPlain: Bool)
    /// Values in order.
    case list([YAMLNode])
    /// Keys and values in the order of the file; no key stands twice.
    case map([Entry])
  }

  /// A key of a map and its value.
  struct Entry {
    let key: String
    let keyPlace: TextPlace
    let value: YAMLNode
  }

  let content: Content
  let place: TextPlace

  /// Whether nothing stands where a value could.
  var isAbsent: Bool {
    if case .scalar("", isPlain: true) = content { true } else { false }
  }
}
