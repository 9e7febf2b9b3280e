internal import EspalierFormat
internal import EspalierGraph

/// Where the numbers of a parameter lie: in which of the graph's weights sections, and where in it.
struct ParameterPlace: Equatable {
  let weights: Int
  let offset: Int
}

/// The numbers of one graph, each tensor once.
struct WeightsPayload {
  /// The numbers, little-endian, each tensor on a boundary of its element size, padded with zeros to whole elements
  /// of `elementBytes`.
  let bytes: [UInt8]
  /// The width of the elements that take the most bytes.
  let elementBytes: Int
  /// The digest of `bytes`.
  let digest: Digest
  /// For each parameter its offset in `bytes`, or nil when its numbers are those of a trunk parameter.
  let offsets: [Int?]

  /// Lays parameters one after the other, leaving out those that an earlier one or the trunk has.
  init(_ parameters: [Parameter], trunk: ParameterFinder) {
    let own = ParameterFinder(parameters)
    var bytes: [UInt8] = []
    var offsets: [Int?] = []
    var bytesOfWidth = [Int](repeating: 0, count: 9)
    for (index, parameter) in parameters.enumerated() {
      if trunk.first(equalTo: parameter) != nil {
        offsets.append(nil)
        continue
      }
      if let earlier = own.first(equalTo: parameter), earlier < index {
        offsets.append(offsets[earlier])
        continue
      }
      let width = parameter.type.element.byteCount
      bytes.pad(toMultipleOf: width)
      offsets.append(bytes.count)
      parameter.withUnsafeBytes { bytes.append(contentsOf: $0) }
      bytesOfWidth[width] += parameter.byteCount
    }
    let most = bytesOfWidth.max() ?? 0
    elementBytes = Layout.elementWidths.first { bytesOfWidth[$0] == most } ?? 1
    bytes.pad(toMultipleOf: elementBytes)
    self.bytes = bytes
    self.offsets = offsets
    digest = SHA256.digest(of: bytes)
  }
}

extension [UInt8] {
  fileprivate mutating func pad(toMultipleOf boundary: Int) {
    while count % boundary != 0 { append(0) }
  }
}

/// Finds parameters by what they hold.
struct ParameterFinder {
  private let parameters: [Parameter]
  /// Positions in `parameters` with the checksums of their numbers, ascending by checksum, then position.
  private let sorted: [(crc: UInt32, position: Int)]

  /// Prepares to search in parameters.
  init(_ parameters: [Parameter]) {
    self.parameters = parameters
    sorted = parameters.enumerated().map { (crc: $1.crc, position: $0) }.sorted { $0 < $1 }
  }

  /// The position of the first parameter of the same type, shape and bytes, or nil.
  func first(equalTo parameter: Parameter) -> Int? {
    let crc = parameter.crc
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle].crc < crc { low = middle + 1 } else { high = middle }
    }
    return sorted[low...].prefix { $0.crc == crc }
      .first { parameters[$0.position].holdsTheSame(as: parameter) }?.position
  }
}

extension Parameter {
  fileprivate var byteCount: Int { elementCount * type.element.byteCount }

  fileprivate var crc: UInt32 { withUnsafeBytes { crc32Checksum($0) } }

  fileprivate func withUnsafeBytes<Result>(
    _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    storage.withUnsafeBytes {
      body(UnsafeRawBufferPointer(rebasing: $0[byteOffset...].prefix(byteCount)))
    }
  }

  fileprivate func holdsTheSame(as other: Parameter) -> Bool {
    guard type == other.type else { return false }
    if storage === other.storage && byteOffset == other.byteOffset { return true }
    return withUnsafeBytes { left in other.withUnsafeBytes { left.elementsEqual($0) } }
  }
}
