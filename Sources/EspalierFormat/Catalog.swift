internal import EspalierGraph

/// The sections of a file, found by name.
struct Catalog {
  /// Every section of a known kind, parts and sections in the order of the file.
  let entries: [IndexEntry]
  /// The trunk that counts: the last one.
  let trunk: IndexEntry
  /// The heads that count, in the order of the file: of each name the one in the last part.
  let heads: [IndexEntry]
  /// Positions in `heads`, ascending by name.
  private let headsByName: [Int]
  /// Positions in `entries` of the weights, ascending by part, name and digest.
  private let weights: [Int]

  /// Reads all parts, from the last to the first.
  init<Source: ByteSource>(
    _ source: Source, _ limits: ReaderLimits, _ budget: inout MemoryBudget
  ) throws(FormatError) {
    try self.init(Self.parts(source, limits, &budget))
  }

  private static func parts<Source: ByteSource>(
    _ source: Source, _ limits: ReaderLimits, _ budget: inout MemoryBudget
  ) throws(FormatError) -> [IndexEntry] {
    var parts: [Part] = []
    var sections = 0
    var end = source.byteCount
    repeat {
      guard parts.count < limits.parts else {
        throw .overLimit(.parts, found: parts.count + 1, limit: limits.parts)
      }
      let part = try Part(
        source, endingAt: end, number: parts.count, sectionLimit: limits.sections - sections,
        limits: limits, budget: &budget)
      sections += part.entries.count
      end = part.range.lowerBound
      parts.append(part)
    } while end > 0
    return parts.reversed().flatMap { $0.entries }
  }

  private init(_ entries: [IndexEntry]) throws(FormatError) {
    self.entries = entries
    trunk = try Self.trunk(entries)
    heads = try Self.heads(entries)
    let heads = heads
    headsByName = heads.indices.sorted { heads[$0].id.name < heads[$1].id.name }
    weights = try Self.weights(entries)
  }

  private static func trunk(_ entries: [IndexEntry]) throws(FormatError) -> IndexEntry {
    var found: IndexEntry?
    for entry in entries where entry.id.kind == .trunk {
      if let found, found.part == entry.part { throw .duplicateSection(entry.id) }
      if let found, found.digest != entry.digest {
        throw .differentTrunks(found.digest, entry.digest)
      }
      found = entry
    }
    guard let found else { throw .noTrunk }
    return found
  }

  private static func heads(_ entries: [IndexEntry]) throws(FormatError) -> [IndexEntry] {
    let sorted = entries.indices.filter { entries[$0].id.kind == .head }.sorted {
      let (left, right) = (entries[$0].id.name, entries[$1].id.name)
      return left == right ? $0 < $1 : left < right
    }
    var counting: [Int] = []
    for index in sorted {
      if let last = counting.last, entries[last].id == entries[index].id {
        guard entries[last].part != entries[index].part else {
          throw .duplicateSection(entries[index].id)
        }
        counting.removeLast()
      }
      counting.append(index)
    }
    return counting.sorted().map { entries[$0] }
  }

  private static func weights(_ entries: [IndexEntry]) throws(FormatError) -> [Int] {
    let sorted = entries.indices.filter { entries[$0].id.kind == .weights }.sorted {
      key(entries[$0]) < key(entries[$1])
    }
    for (index, next) in zip(sorted, sorted.dropFirst())
    where key(entries[index]) == key(entries[next]) {
      throw .duplicateSection(entries[next].id)
    }
    return sorted
  }

  private static func key(_ entry: IndexEntry) -> (Int, Name, Digest) {
    (entry.part, entry.id.name, entry.digest)
  }

  /// The position in `heads` of the head of a name, or nil.
  func head(named name: Name) -> Int? {
    let place = lowerBound(headsByName.count) { heads[headsByName[$0]].id.name < name }
    guard place < headsByName.count, heads[headsByName[place]].id.name == name else { return nil }
    return headsByName[place]
  }

  /// The position in `entries` of the weights of a name and digest in a part, or, as an error, the digest of other
  /// weights of that name.
  func weights(_ reference: WeightsReference, part: Int) -> WeightsSearch {
    let wanted = (part, reference.name, reference.digest)
    let place = lowerBound(weights.count) { Self.key(entries[weights[$0]]) < wanted }
    if place < weights.count, Self.key(entries[weights[place]]) == wanted {
      return .found(weights[place])
    }
    let others = max(place - 1, 0)..<min(place + 1, weights.count)
    for index in others where entries[weights[index]].id.name == reference.name {
      if entries[weights[index]].part == part { return .other(entries[weights[index]].digest) }
    }
    return .missing
  }
}

/// What a search for weights came to.
enum WeightsSearch {
  /// They are the section of this position.
  case found(Int)
  /// There are none of this digest, but others of the name.
  case other(Digest)
  /// There are none of the name.
  case missing
}

/// The first number of `0..<count` that does not precede, given that all that precede come first.
private func lowerBound(_ count: Int, _ precedes: (Int) -> Bool) -> Int {
  var (low, high) = (0, count)
  while low < high {
    let middle = (low + high) / 2
    if precedes(middle) { low = middle + 1 } else { high = middle }
  }
  return low
}
