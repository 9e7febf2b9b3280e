import EspalierGraph

/// What an `.npy` file says before its numbers: a dictionary of Python (NumPy enhancement proposal 1).
struct NumPyHeader {
  /// How the file begins.
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// The longest dictionary that is accepted, what version 1 of the format can hold.
  static let maximumBytes = 65_535

  /// The type of the elements.
  let element: NumPyElement
  /// Whether the most significant byte of a number comes first.
  let isBigEndian: Bool
  /// Whether the first axis is the innermost one.
  let isFortranOrder: Bool
  /// The sizes.
  let shape: Shape

  /// Parses the dictionary that NumPy writes, whose keys may come in any order.
  ///
  /// Python 2 wrote numbers as `5L`, in files of versions 1 and 2.
  init(_ text: ArraySlice<UInt8>, version: Int, of array: Name?) throws(ArrayFileError) {
    var scanner = HeaderScanner(text, of: array)
    var type: String?
    var isFortranOrder: Bool?
    var shape: [Int]?
    try scanner.expect("{")
    while !scanner.take("}") {
      let place = scanner.offset
      let key = try scanner.quoted()
      try scanner.expect(":")
      switch key {
      case "descr" where type == nil: type = try scanner.type(of: array)
      case "fortran_order" where isFortranOrder == nil: isFortranOrder = try scanner.truth()
      case "shape" where shape == nil:
        shape = try scanner.tuple(ofLongNumbers: version < 3)
      case "descr", "fortran_order", "shape":
        throw ArrayFileError(.duplicateKey(key), in: array)
      default: throw scanner.error(expected: "descr, fortran_order or shape", at: place)
      }
      if !scanner.take(",") {
        try scanner.expect("}")
        break
      }
    }
    try scanner.expectEnd()
    guard let type else { throw ArrayFileError(.missingKey("descr"), in: array) }
    guard let isFortranOrder else { throw ArrayFileError(.missingKey("fortran_order"), in: array) }
    guard let shape else { throw ArrayFileError(.missingKey("shape"), in: array) }
    (element, isBigEndian) = try NumPyElement.parse(type, of: array)
    self.isFortranOrder = isFortranOrder
    self.shape = Shape(shape)
  }

  /// The bytes of the numbers in the file, or nil when they, or those of the tensor, cannot be counted.
  var checkedByteCount: Int? {
    guard let count = shape.checkedElementCount,
      TensorType(element.tensorElement, shape).checkedByteCount != nil
    else { return nil }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: element.byteCount)
    return overflow ? nil : bytes
  }
}

extension HeaderScanner {
  /// A string of Python that needs no escapes, as keys and types do not; Python 2 may have a `u` before it.
  fileprivate mutating func quoted() throws(ArrayFileError) -> String {
    _ = take("u")
    let quote: Unicode.Scalar = take("\"") ? "\"" : "'"
    if quote == "'" { try expect("'") }
    var text: [UInt8] = []
    while true {
      let byte = try next(expected: "a closing \(quote)")
      if byte == UInt8(ascii: quote) { return String(decoding: text, as: UTF8.self) }
      guard (0x20...0x7E).contains(byte), byte != UInt8(ascii: "\\") else {
        throw error(expected: "plain letters", at: offset - 1)
      }
      text.append(byte)
    }
  }

  /// The type of the elements; a list describes records, which are no tensors.
  fileprivate mutating func type(of array: Name?) throws(ArrayFileError) -> String {
    if take("[") { throw ArrayFileError(.unsupportedType("records"), in: array) }
    return try quoted()
  }

  /// `True` or `False`.
  fileprivate mutating func truth() throws(ArrayFileError) -> Bool {
    let place = offset
    switch word() {
    case "True": return true
    case "False": return false
    default: throw error(expected: "True or False", at: place)
    }
  }

  /// A tuple of numbers; that of one number ends in a comma.
  fileprivate mutating func tuple(
    ofLongNumbers mayBeLong: Bool
  ) throws(ArrayFileError) -> [Int] {
    let place = offset
    let (numbers, endsInComma) = try numbers(
      from: "(", to: ")", atMost: Shape.maximumRank, suffix: mayBeLong ? "L" : nil)
    guard numbers.count != 1 || endsInComma else { throw error(expected: "a tuple", at: place) }
    return numbers
  }
}
