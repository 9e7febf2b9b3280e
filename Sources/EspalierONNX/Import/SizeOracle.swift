internal import EspalierGraph

/// What becomes of documents for sizes of their open axes: each time they are imported anew, node by node, without
/// anything being computed that need not be.
struct SizeOracle {
  /// What became of them.
  enum Answer {
    /// Everything could be imported; the shapes of the outputs, in their order, in the first world, and what was decided
    /// of branches and loops.
    case imported([Shape], decisions: [Int])
    /// A node could not be converted.
    case refused(progress: Int, DocumentFailure)
    /// A node could not be converted for the work that it would be, or there were too many nodes to look at.
    case unknown

    var isImported: Bool { if case .imported = self { true } else { false } }
  }

  private let documents: [NamedDocument]
  private let options: ImportOptions
  private let joinsInputs: Bool
  /// The nodes that may still be looked at.
  private var nodes: Int

  /// Nodes that loops may be unrolled to for one answer.
  private static let unrolledNodes = 1 << 12

  /// Bytes of constants, and operations on them, that one answer may take.
  private static let work = 1 << 28

  /// - Parameters:
  ///   - documents: documents whose functions are inlined.
  ///   - options: how they are imported.
  init(_ documents: [NamedDocument], _ options: ImportOptions, joinsInputs: Bool) {
    self.documents = documents
    self.joinsInputs = joinsInputs
    let count = documents.reduce(0) { $0 + $1.model.graph.nodes.count }
    nodes = options.limits.searchedNodes.saturatingSum(64 * count)
    var options = options
    options.stopsAtProblem = true
    options.trunkAt = []
    options.limits.unrolledNodes = min(options.limits.unrolledNodes, Self.unrolledNodes)
    options.limits.foldedBytes = min(options.limits.foldedBytes, Self.work)
    options.limits.foldedOperations = min(options.limits.foldedOperations, Self.work)
    self.options = options
  }

  /// The symbols of the inputs.
  ///
  /// - Throws: `DocumentFailure` when a document has inputs that models cannot have.
  func symbols() throws -> [OpenSymbol] {
    var draft = Draft(folds: false, limits: options.limits)
    for document in documents {
      var bare = document.model
      bare.graph.nodes = []
      do {
        draft = try Importer(bare, into: draft, options, joinsInputs: joinsInputs).draft
      } catch {
        throw DocumentFailure(document: document.name, cause: error)
      }
    }
    return draft.symbols
  }

  /// What becomes of the documents.
  mutating func ask(_ sizes: OpenSizes) -> Answer {
    guard nodes > 0 else { return .unknown }
    var options = options
    options.sizes = sizes
    var before = 0
    do {
      var draft = Draft(folds: false, limits: options.limits)
      var shapes: [Shape] = []
      for document in documents {
        let union = try DocumentUnion(
          [document], into: draft, options, joinsInputs: joinsInputs)
        before += union.parts[0].progress
        draft = union.draft
        shapes += union.parts[0].outputs.map { draft.type($0.value).shape }
      }
      nodes -= before
      return .imported(shapes, decisions: draft.decisions)
    } catch let failure as DocumentFailure {
      let unconvertible = failure.cause as? UnconvertibleNodes
      let progress = before + (unconvertible?.progress ?? 1 << 20)
      nodes -= unconvertible == nil ? 0 : progress
      return unconvertible?.isOverBudget == true
        ? .unknown : .refused(progress: progress, failure)
    } catch {
      return .unknown
    }
  }

  /// Whether documents compute the same for sizes as when their branches and loops are decided in a given way.
  mutating func isSame(_ sizes: OpenSizes, deciding decisions: [Int]) -> Bool {
    guard nodes > 0 else { return false }
    var options = options
    options.sizes = sizes
    // In one draft, what is computed in the same way is one value.
    let draft = Draft(folds: true, limits: options.limits)
    guard
      let own = try? DocumentUnion(documents, into: draft, options, joinsInputs: joinsInputs)
    else { return false }
    var both = own.draft
    both.decisions = []
    options.decisions = decisions
    guard
      let given = try? DocumentUnion(documents, into: both, options, joinsInputs: joinsInputs)
    else { return false }
    nodes -= (own.parts + given.parts).reduce(0) { $0 + $1.progress }
    return zip(own.parts, given.parts).allSatisfy { own, given in
      own.outputs.map(\.value) == given.outputs.map(\.value)
    }
  }
}
