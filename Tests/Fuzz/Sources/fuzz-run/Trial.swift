import EspalierGraph
@_spi(Testing) import EspalierRuntime
import FuzzSupport
import Glibc

/// A model with sizes and inputs.
struct Trial {
  /// The bits of each output, by head and name.
  private typealias Answers = [[Name]: [UInt8]]

  private let model: Model
  private let sizes: SymbolSizes
  private let seed: UInt32

  init(_ model: Model, _ sizes: SymbolSizes, seed: UInt32) {
    self.model = model
    self.sizes = sizes
    self.seed = seed
  }

  /// Runs all heads, some of them one by one, and some together, and compares what they give.
  func run(_ random: inout SplitMix) {
    let heads = model.heads.map(\.name)
    let shuffled = heads.shuffled(using: &random)
    let several = Array(shuffled.prefix(random.below(heads.count + 1)))
    for clamps in [false, true] {
      let all = answers(nil, clamps)
      // A head that is the only one is all.
      let choices = heads.count > 1 ? shuffled.prefix(3).map { [$0] } + [several] : [heads]
      for choice in choices {
        guard let some = answers(choice, clamps) else {
          demand(all == nil, "all heads run, but not \(choice)")
          continue
        }
        demand(Set(some.keys.map { $0[0] }) == Set(choice), "other heads than \(choice) ran")
        if let all { expectSame(all.filter { choice.contains($0.key[0]) }, some, "among all") }
        if !clamps, let clamped = answers(choice, true) {
          expectSame(clamped, some, "with indices clamped")
        }
      }
    }
  }

  /// What heads give; nil when they are refused, for what they take or for an index.
  private func answers(_ heads: [Name]?, _ clamps: Bool) -> Answers? {
    guard let plan = plan(heads),
      var session = try? Session(
        model, heads: heads, sizes: sizes, memoryBudget: Budget.bytes,
        operationBudget: Budget.operations)
    else { return nil }
    let start = clock()
    guard let first = answers(&session, clamps) else { return nil }
    demand(answers(&session, clamps) == first, "running again gives other numbers")
    // Without passes more is in memory at once.
    guard
      var reference = try? Session(
        reference: model, heads: heads, sizes: sizes, memoryBudget: 64 * Budget.bytes),
      let second = answers(&reference, clamps)
    else { fatalError("what runs does not run with memory of its own for each tensor") }
    expectSame(second, first, "with memory of its own")
    let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
    demand(seconds < 2, "\(plan.operationCount) operations took \(seconds) s")
    return first
  }

  private func plan(_ heads: [Name]?) -> Plan? {
    do throws(RuntimeError) {
      let plan = try Plan(
        model, heads: heads, sizes: sizes, memoryBudget: Budget.bytes,
        operationBudget: Budget.operations)
      demand(plan.arenaByteCount <= Budget.bytes, "the arena has \(plan.arenaByteCount) bytes")
      demand(plan.operationCount <= Budget.operations, "\(plan.operationCount) operations")
      return plan
    } catch {
      switch error {
      case .badSize, .sizeOutOfRange, .doesNotFit, .outOfMemory, .tooManyOperations:
        demand(!error.description.isEmpty, "an error says nothing")
        return nil
      case .unknownHead, .unknownInput, .unknownOutput, .wrongCount, .missingInput, .wrongElement,
        .outOfRange, .overlap,
        .misaligned:
        fatalError("planning fails: \(error)")
      }
    }
  }

  private func answers(_ session: inout Session, _ clamps: Bool) -> Answers? {
    session.clampsIndices = clamps
    do throws(RuntimeError) {
      for input in session.plan.inputs {
        let bytes = input.drawnBytes(seed: seed)
        try session.setInput(input.name, element: input.element, bytes: bytes.span.bytes)
      }
      try session.run()
      var answers: Answers = [:]
      for output in session.plan.outputs {
        answers[[output.head, output.name]] =
          try session.outputBytes(of: output.head, output.name).withUnsafeBytes { Array($0) }
      }
      return answers
    } catch {
      if case .outOfRange = error, !clamps { return nil }
      fatalError("what is planned does not run: \(error)")
    }
  }

  private func expectSame(_ left: Answers, _ right: Answers, _ how: String) {
    for (output, bytes) in right where left[output] != bytes {
      fatalError("\(output) is \(left[output] ?? []) \(how), \(bytes) otherwise; \(sizes.sizes)")
    }
  }
}
