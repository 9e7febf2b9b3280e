import EspalierFormat
import EspalierGraph
import EspalierWriter
import Testing

/// Whatever happens to a file, the reader refuses it with a `FormatError` or reads what it says; it never crashes.
@Suite struct DamageTests {
  private let file: [UInt8]

  init() throws {
    file = try ModelWriter(Models.small()).encode()
  }

  /// A small file of each sort.
  enum Sort: CaseIterable {
    case fp32, bf16, parts, mapped, pages

    func file() throws -> [UInt8] {
      let model = try Models.small()
      switch self {
      case .fp32: return try ModelWriter(model).encode()
      case .bf16: return try ModelWriter(model.storing(.bfloat16)).encode()
      case .parts:
        let contents: [WriterContents] = [.trunk, .heads(["lane"]), .heads(["sign"])]
        return try contents.flatMap { try ModelWriter(model, contents: $0).encode() }
      case .mapped: return try ModelWriter(model, weights: .none).encode()
      case .pages: return try PagesTests.file(heads: 64)
      }
    }
  }

  @Test(arguments: [Sort.fp32, .bf16, .parts, .mapped])
  func everyTruncationIsRefused(_ sort: Sort) throws {
    let file = try sort.file()
    let parts = try ModelReader(MemorySource(file)).partRanges.map { $0.upperBound }
    // What ends with a part is a whole file, of the heads so far.
    for count in 0..<file.count where !parts.contains(count) {
      #expect(throws: FormatError.self, "the first \(count) bytes") {
        try load(Array(file[..<count]))
      }
    }
    for count in parts { #expect(throws: Never.self) { try load(Array(file[..<count])) } }
  }

  /// Five files of different sorts, 20,000 mutations each of 2 to 16 bytes.
  @Test(arguments: Sort.allCases)
  func randomMutationsAreRefused(_ sort: Sort) throws {
    let file = try sort.file()
    var random = SplitMix(seed: 100)
    var limits = ReaderLimits()
    limits.memoryBytes = 1 << 22
    for round in 0..<20_000 {
      var damaged = file
      for _ in 0..<Int.random(in: 2...16, using: &random) {
        damaged[Int.random(in: 0..<damaged.count, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      guard damaged != file else { continue }
      #expect(throws: FormatError.self, "round \(round)") { try load(damaged, limits: limits) }
    }
  }

  @Test(arguments: [Sort.fp32, .bf16, .parts, .mapped])
  func everyFlippedBitIsRefused(_ sort: Sort) throws {
    let file = try sort.file()
    for index in file.indices {
      for bit in 0..<8 {
        var damaged = file
        damaged[index] ^= 1 << bit
        #expect(throws: FormatError.self, "bit \(bit) of byte \(index)") { try load(damaged) }
      }
    }
  }

  @Test func bytesBeforeAndAfterAreRefused() {
    for extra in [[0], [UInt8](repeating: 0, count: 64)] as [[UInt8]] {
      #expect(throws: FormatError.self) { try load(extra + file) }
      #expect(throws: FormatError.self) { try load(file + extra) }
    }
  }

  @Test func randomDamageIsRefused() {
    var random = SplitMix(seed: 1)
    for round in 0..<5000 {
      var damaged = file
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        damaged[Int.random(in: 0..<damaged.count, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      if Int.random(in: 0..<4, using: &random) == 0 {
        damaged.removeSubrange(0..<64 * Int.random(in: 0..<damaged.count / 64, using: &random))
      }
      guard damaged != file else { continue }
      #expect(throws: FormatError.self, "round \(round)") { try load(damaged) }
    }
  }

  /// With right checksums a changed number is a changed model, so that all there is to expect is no crash, an error
  /// of the right type, and no more memory than allowed.
  @Test func changedSectionsWithRightChecksumsAreReadOrRefused() throws {
    let pieces = try Surgery(file).pieces
    var random = SplitMix(seed: 2)
    var limits = ReaderLimits()
    limits.memoryBytes = 1 << 20
    var refused = 0
    for _ in 0..<3000 {
      let piece = pieces[Int.random(in: 0..<pieces.count, using: &random)]
      let changed = Surgery.withSection(file, piece.range) { section in
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          section[Int.random(in: 0..<min(section.count, 60), using: &random)] = UInt8.random(
            in: 0...255, using: &random)
        }
      }
      do { try load(changed, limits: limits) } catch { refused += 1 }
    }
    #expect(refused > 2000)
  }

  @Test func changedIndexesWithRightChecksumsAreReadOrRefused() {
    var random = SplitMix(seed: 3)
    var refused = 0
    for _ in 0..<2000 {
      let changed = Surgery.withIndex(file) { index in
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          index[Int.random(in: 0..<index.count, using: &random)] = UInt8.random(
            in: 0...255, using: &random)
        }
      }
      do { try load(changed) } catch { refused += 1 }
    }
    #expect(refused > 1800)
  }

  @Test func changedGraphsWithRightChecksumsAreReadOrRefused() throws {
    var random = SplitMix(seed: 4)
    for seed in 0..<8 as Range<UInt64> {
      let surgery = try Surgery(ModelWriter(Models.random(seed: seed)).encode())
      for _ in 0..<150 {
        var changed = surgery
        let graphs = changed.pieces.indices.filter { changed.pieces[$0].id.kind != .weights }
        let chosen = graphs[Int.random(in: 0..<graphs.count, using: &random)]
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          let place = Int.random(in: 0..<changed.pieces[chosen].payload.count, using: &random)
          switch Int.random(in: 0..<4, using: &random) {
          case 0: changed.pieces[chosen].payload.remove(at: place)
          case 1: changed.pieces[chosen].payload.insert(random.bytes(1)[0], at: place)
          default: changed.pieces[chosen].payload[place] = random.bytes(1)[0]
          }
        }
        do { try load(changed.file()) } catch { #expect(!error.description.isEmpty) }
      }
    }
  }
}
