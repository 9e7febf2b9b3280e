// Attributes of operators for which no value is usual.

extension AttributeReader {
  /// The integer of a key that must be present.
  mutating func requiredInteger(
    _ key: AttributeKey, in range: ClosedRange<Int>
  ) throws(OperatorError) -> Int {
    guard let value = take(key) else { throw .missingAttribute(key) }
    guard case .integer(let integer) = value, range.contains(integer) else {
      throw .invalidAttribute(key)
    }
    return integer
  }

  /// The number of a key that must be present, finite.
  mutating func requiredNumber(_ key: AttributeKey) throws(OperatorError) -> Float {
    guard let value = take(key) else { throw .missingAttribute(key) }
    guard case .number(let number) = value, number.isFinite else { throw .invalidAttribute(key) }
    return number
  }
}
