import EspalierFormat
import EspalierGraph
import EspalierRuntime
import FuzzSupport

/// What has to hold for every file whose model loads, whatever it computes.
///
/// 1. Planning ends, with a `RuntimeError` that says something or with a plan within the budgets.
/// 2. What is planned runs on whatever its inputs hold, in a time that its operations allow for; the only error is an
///    index that names nothing, and none when indices are clamped.
/// 3. A head gives the same bits alone, among others in any order, again, and with memory for each tensor of its own;
///    and the same with indices clamped when none names nothing.
/// 4. Comparing with an example ends, with a `RuntimeError` or with a difference for each of its heads.
///
/// What is drawn, sizes of symbols and inputs, follows from the bytes of the file.
enum Check {
  /// The sizes that each model is run with.
  private static let trials = 2

  static func run(_ file: [UInt8]) {
    var limits = ReaderLimits()
    limits.memoryBytes = 1 << 24
    guard var reader = try? ModelReader(MemorySource(file), limits: limits),
      let model = try? reader.load()
    else { return }
    var random = SplitMix(seed: file.hash)
    for _ in 0..<trials {
      let sizes = model.drawnSizes(&random)
      Trial(model, sizes, seed: UInt32(truncatingIfNeeded: random.next())).run(&random)
    }
    if let example = try? reader.example() { expectDifferences(model, example) }
  }

  private static func expectDifferences(_ model: Model, _ example: Example) {
    do throws(RuntimeError) {
      let differences = try model.differences(
        from: example, memoryBudget: Budget.bytes, operationBudget: Budget.operations)
      demand(differences.map(\.head) == example.heads.map(\.head), "differences of other heads")
    } catch {
      demand(!error.description.isEmpty, "an error says nothing")
    }
  }
}

/// The most that running may take.
enum Budget {
  static let bytes = 1 << 18
  static let operations = 1 << 18
}

extension [UInt8] {
  /// A number of the bytes: 32 bits of FNV-1a (Fowler, Noll and Vo 1991).
  var hash: UInt32 {
    reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
  }
}

extension Model {
  /// Sizes for the symbols, and now and then for one that there is not: small ones, and those around which ranges end.
  fileprivate func drawnSizes(_ random: inout SplitMix) -> SymbolSizes {
    var names: [Name] = random.oneIn(16) ? ["nowhere"] : []
    for input in trunk.graph.inputs {
      for case .symbol(let name, _) in input.dimensions
      where name != SymbolSizes.batch && !names.contains(name) {
        names.append(name)
      }
    }
    return SymbolSizes(
      batch: drawnSize(trunk.range(of: SymbolSizes.batch), &random),
      names.map { ($0, drawnSize(trunk.range(of: $0), &random)) })
  }

  private func drawnSize(_ range: SymbolRange, _ random: inout SplitMix) -> Int {
    let most = range.most ?? GraphLimits.dimension
    switch random.below(16) {
    case 0: return 0
    case 1: return [range.least - 1, most + 1, -1, .min, .max].randomElement(using: &random) ?? 0
    case 2: return most
    case 3: return 1 << random.below(31)
    case 4...6: return range.least
    default: return range.least + range.step * random.below(4)
    }
  }
}
