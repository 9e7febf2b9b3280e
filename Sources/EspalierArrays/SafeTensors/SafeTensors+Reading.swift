internal import EspalierFiles
public import EspalierGraph

extension SafeTensors {
  /// The longest header that is accepted.
  public static let maximumHeaderBytes = 100_000_000

  /// Reads the bytes of a file, checking every size before it is used.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - names: the tensors that are asked for; all when nil. Types that tensors do not have are in nobody's way then.
  /// - Throws: `ArrayFileError` when the header is not as described, when tensors leave gaps or overlap, or when one that
  ///   is asked for is of a type that tensors do not have.
  public init(decoding bytes: [UInt8], only names: [Name]? = nil) throws(ArrayFileError) {
    let found = FileKind(bytes)
    guard bytes.count >= 8, found == .safetensors || found == .unknown else {
      throw ArrayFileError(.notOfFormat(.safetensors, found: found))
    }
    let length = bytes[..<8].reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    guard length <= Self.maximumHeaderBytes else {
      throw ArrayFileError(
        .headerTooLong(Int(clamping: length), limit: Self.maximumHeaderBytes))
    }
    let start = 8 + Int(length)
    guard start <= bytes.count else {
      throw ArrayFileError(.truncated(needed: start, found: bytes.count))
    }
    let header = try SafeTensorsHeader(bytes[8..<start])
    let wanted = names.map { Set($0) }
    let entries = header.entries.filter { wanted?.contains($0.name) ?? true }
    for entry in entries { _ = try entry.type.get() }
    var next = 0
    for entry in header.entries.sorted(by: { $0.order < $1.order }) {
      guard entry.range.lowerBound == next else {
        throw ArrayFileError(.gap(offset: next), in: entry.name)
      }
      next = entry.range.upperBound
    }
    guard next == bytes.count - start else {
      throw ArrayFileError(.wrongSize(found: bytes.count - start, expected: next))
    }
    var tensors: [NamedTensor] = []
    for entry in entries {
      tensors.append(try entry.tensor(of: bytes[start...].dropFirst(entry.range.lowerBound)))
    }
    self.init(
      tensors: tensors, metadata: header.metadata,
      unread: header.entries.map(\.name).filter { wanted?.contains($0) == false })
  }
}

/// What the header of a `.safetensors` file says.
struct SafeTensorsHeader {
  /// What it says of one tensor.
  struct Entry {
    let name: Name
    /// The type; an error when it is none that tensors have.
    let type: Result<TensorType, ArrayFileError>
    /// The bytes of the numbers, from the end of the header.
    let range: Range<Int>

    /// Tensors without numbers come before the one that begins where they lie.
    var order: (Int, Int) { (range.lowerBound, range.upperBound) }

    /// Copies the tensor from the beginning of bytes.
    func tensor(of bytes: ArraySlice<UInt8>) throws(ArrayFileError) -> NamedTensor {
      let type = try type.get()
      let storage = TensorStorage.filled(byteCount: range.count) {
        $0.copyBytes(from: bytes.prefix(range.count))
      }
      if type.element == .bool, let problem = storage.withUnsafeBytes({ $0.problemOfBooleans }) {
        throw ArrayFileError(problem, in: name)
      }
      return NamedTensor(name: name, type: type, storage: storage)
    }
  }

  /// The tensors, ascending by name.
  private(set) var entries: [Entry] = []
  /// Free text by key.
  private(set) var metadata: [String: String] = [:]

  /// Parses a JSON object of objects.
  init(_ text: ArraySlice<UInt8>) throws(ArrayFileError) {
    var scanner = HeaderScanner(text)
    var hasMetadata = false
    try scanner.object { (scanner, key) throws(ArrayFileError) in
      if key == Name(SafeTensors.metadataKey) {
        guard !hasMetadata else { throw ArrayFileError(.duplicateKey(SafeTensors.metadataKey)) }
        hasMetadata = true
        metadata = try scanner.texts()
      } else {
        guard key.isPrintable, !key.isEmpty else {
          throw ArrayFileError(.badName(entry: entries.count + 1))
        }
        entries.append(try scanner.entry(key))
      }
    }
    try scanner.expectEnd()
    entries.sort { $0.name < $1.name }
    for (entry, next) in zip(entries, entries.dropFirst()) where entry.name == next.name {
      throw ArrayFileError(.duplicateName, in: entry.name)
    }
  }
}

extension HeaderScanner {
  /// An object of JSON, whose values `read` reads.
  fileprivate mutating func object(
    _ read: (inout HeaderScanner, Name) throws(ArrayFileError) -> Void
  ) throws(ArrayFileError) {
    try expect("{")
    if take("}") { return }
    repeat {
      let key = Name(utf8: try string())
      try expect(":")
      try read(&self, key)
    } while take(",")
    try expect("}")
  }

  /// An object of strings.
  fileprivate mutating func texts() throws(ArrayFileError) -> [String: String] {
    var texts: [String: String] = [:]
    try object { (scanner, key) throws(ArrayFileError) in
      let place = scanner.offset
      let value = try scanner.string()
      guard let text = String(validating: value, as: UTF8.self),
        let key = String(validating: key.utf8, as: UTF8.self),
        texts.updateValue(text, forKey: key) == nil
      else { throw scanner.error(expected: "text in UTF-8, each key once", at: place) }
    }
    return texts
  }

  /// What is said of a tensor.
  fileprivate mutating func entry(_ name: Name) throws(ArrayFileError) -> SafeTensorsHeader.Entry {
    var type: Name?
    var shape: [Int]?
    var range: Range<Int>?
    try object { (scanner, key) throws(ArrayFileError) in
      let place = scanner.offset
      switch "\(key)" {
      case "dtype" where type == nil: type = Name(utf8: try scanner.string())
      case "shape" where shape == nil: shape = try scanner.list(atMost: Shape.maximumRank)
      case "data_offsets" where range == nil: range = try scanner.range()
      case "dtype", "shape", "data_offsets": throw ArrayFileError(.duplicateKey("\(key)"), in: name)
      default: throw scanner.error(expected: "a value of dtype, shape or data_offsets", at: place)
      }
    }
    guard let type else { throw ArrayFileError(.missingKey("dtype"), in: name) }
    guard let shape else { throw ArrayFileError(.missingKey("shape"), in: name) }
    guard let range else { throw ArrayFileError(.missingKey("data_offsets"), in: name) }
    guard let element = ElementType.allCases.first(where: { $0.safeTensorsType == "\(type)" })
    else {
      let shown = type.isPrintable ? "\(type)".prefix(20) : "none that is known"
      let error = ArrayFileError(.unsupportedType(String(shown)), in: name)
      return SafeTensorsHeader.Entry(name: name, type: .failure(error), range: range)
    }
    let tensorType = TensorType(element, Shape(shape))
    guard let expected = tensorType.checkedByteCount else {
      throw ArrayFileError(.badShape(shape), in: name)
    }
    guard expected == range.count else {
      throw ArrayFileError(.wrongSize(found: range.count, expected: expected), in: name)
    }
    return SafeTensorsHeader.Entry(name: name, type: .success(tensorType), range: range)
  }

  /// A list of numbers.
  private mutating func list(atMost limit: Int) throws(ArrayFileError) -> [Int] {
    let (numbers, endsInComma) = try numbers(from: "[", to: "]", atMost: limit)
    guard !endsInComma else { throw error(expected: "a number", at: offset - 1) }
    return numbers
  }

  /// A list of a first number and one beyond the last.
  private mutating func range() throws(ArrayFileError) -> Range<Int> {
    let place = offset
    let bounds = try list(atMost: 2)
    guard bounds.count == 2, bounds[0] <= bounds[1] else {
      throw error(expected: "two numbers, ascending", at: place)
    }
    return bounds[0]..<bounds[1]
  }

  /// A string, without its quotes and escapes.
  fileprivate mutating func string() throws(ArrayFileError) -> [UInt8] {
    try expect("\"")
    var text: [UInt8] = []
    while true {
      let byte = try next(expected: "a closing quote")
      switch byte {
      case UInt8(ascii: "\""): return text
      case UInt8(ascii: "\\"): text += try escape()
      case ..<0x20: throw error(expected: "an escape", at: offset - 1)
      default: text.append(byte)
      }
    }
  }

  /// What follows a backslash, in UTF-8.
  private mutating func escape() throws(ArrayFileError) -> [UInt8] {
    switch try next(expected: "an escape") {
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "u"): return Array(try scalar().utf8)
    case let byte where [UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/")].contains(byte):
      return [byte]
    default: throw error(expected: "an escape of JSON", at: offset - 1)
    }
  }

  /// The character of one escaped UTF-16 unit, or of two.
  private mutating func scalar() throws(ArrayFileError) -> Unicode.Scalar {
    let expected = "a character in one or two units of UTF-16"
    let place = offset
    let first = try unit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, try next(expected: expected) == UInt8(ascii: "\\"),
      try next(expected: expected) == UInt8(ascii: "u")
    else { throw error(expected: expected, at: place) }
    let second = try unit()
    guard (0xDC00..<0xE000).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw error(expected: expected, at: place) }
    return scalar
  }

  /// A number of four hexadecimal digits.
  private mutating func unit() throws(ArrayFileError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      let digit = Character(Unicode.Scalar(try next(expected: "a hexadecimal digit")))
      guard let number = digit.hexDigitValue else {
        throw error(expected: "a hexadecimal digit", at: offset - 1)
      }
      value = value << 4 | UInt32(number)
    }
    return value
  }
}
