public import EspalierArrays
public import EspalierGraph
public import EspalierRuntime

/// Arrays for the inputs that some heads of a model need, found to fit.
///
/// The sizes that an input declares by symbols are those that its array has; one symbol has one size everywhere. Arrays
/// for nothing are left alone.
public struct InputArrays: Sendable {
  /// The arrays, in the order of the model's inputs.
  let tensors: [NamedTensor]
  /// The inputs that they are for.
  let inputs: [GraphInput]
  /// The sizes of symbols other than the batch.
  private let others: [(symbol: Name, size: Int)]
  /// The number of rows; nil when no input declares a batch.
  public let rowCount: Int?
  /// What gets lost where float64 numbers become float32 ones, a sentence for each array that loses much.
  public let warnings: [String]

  /// Binds arrays to inputs of their names.
  ///
  /// - Parameters:
  ///   - tensors: the arrays.
  ///   - model: the model that has the inputs.
  ///   - heads: the heads that are to run.
  ///   - unread: the names of other arrays that are there but were not read, for messages.
  ///   - finiteOnly: whether infinities and NaN are refused.
  /// - Throws: `InputMismatch` with everything that does not fit; `RuntimeError.unknownHead`.
  public init(
    _ tensors: [NamedTensor], to model: Model, heads: [Name], unread: [Name] = [],
    finiteOnly: Bool = true
  ) throws {
    let inputs = try model.inputs(neededBy: heads)
    var binding = InputBinding(given: tensors.map(\.name) + unread, finiteOnly: finiteOnly)
    let names = NameTable(tensors.map(\.name))
    self.tensors = inputs.compactMap { input in
      binding.bind(names.position(of: input.name).map { tensors[$0] }, to: input)
    }
    guard binding.problems.isEmpty else { throw InputMismatch(binding.problems) }
    self.inputs = inputs
    rowCount = binding.sizes[SymbolSizes.batch]?.size
    warnings = binding.warnings
    others = binding.sizes.filter { $0.key != SymbolSizes.batch }.map { ($0.key, $0.value.size) }
  }

  /// The sizes of all symbols when so many rows run at once.
  func sizes(rows: Int) -> SymbolSizes { SymbolSizes(batch: rows, others) }

  /// Whether rows of every array can be taken apart: the batch is the first axis, or none.
  var areRowwise: Bool {
    rowCount != nil && inputs.allSatisfy { !$0.dimensions.dropFirst().contains(where: \.isBatch) }
  }
}

extension Dimension {
  var isBatch: Bool {
    if case .symbol(let name, _) = self { name == SymbolSizes.batch } else { false }
  }
}

extension Model {
  /// The inputs of the trunk that heads, or what they read, depend on.
  ///
  /// - Throws: `RuntimeError.unknownHead`.
  public func inputs(neededBy heads: [Name]) throws(RuntimeError) -> [GraphInput] {
    // Every model fits the sizes that it was checked with when it was made.
    let plan = try Plan(self, heads: heads, sizes: .probes, memoryBudget: Int.max)
    return trunk.graph.inputs.filter { plan.index(ofInput: $0.name) != nil }
  }
}

/// Compares arrays with what inputs declare, and binds symbols on the way.
private struct InputBinding {
  let given: [Name]
  let finiteOnly: Bool
  /// The sizes of symbols, each with the input whose array had it first.
  private(set) var sizes: [Name: InputMismatch.InputSize] = [:]
  private(set) var problems: [InputMismatch.Problem] = []
  private(set) var warnings: [String] = []

  init(given: [Name], finiteOnly: Bool) {
    self.given = given
    self.finiteOnly = finiteOnly
  }

  /// The array, unless there is none or it does not fit.
  ///
  /// Files of NumPy do not know bfloat16, so that numbers for such an input may be float32, which are rounded. Numbers of
  /// float64 become float32 ones unless they are too large, and the other way round.
  mutating func bind(_ given: NamedTensor?, to input: GraphInput) -> NamedTensor? {
    var tensor = given
    if input.element == .bfloat16, given?.type.element == .float32 {
      tensor = given?.converted(to: .bfloat16)
    } else if input.element == .float64, given?.type.element == .float32 {
      tensor = given?.converted(to: .float64)
    } else if input.element == .float32, let given {
      do throws(ArrayFileError) {
        tensor = try given.narrowed()
      } catch {
        problems.append(.badNumber(input, error))
        return nil
      }
    }
    guard let tensor else {
      problems.append(.missing(input, given: self.given))
      return nil
    }
    let fits =
      tensor.type.element == input.element && tensor.shape.rank == input.dimensions.count
      && zip(tensor.shape.sizes, input.dimensions).allSatisfy { size, declared in
        if case .fixed(let fixed) = declared { size == fixed } else { true }
      }
    guard fits else {
      problems.append(.wrongType(input, found: tensor.type))
      return nil
    }
    if let (index, value) = tensor.firstNotFinite {
      if finiteOnly {
        problems.append(.notFinite(input, index: index, value: value))
        return nil
      }
    } else if let given, tensor.type.element != given.type.element {
      warnings += given.resolutionWarnings
    }
    for case (let size, .symbol(let symbol, _)) in zip(tensor.shape.sizes, input.dimensions) {
      let found = InputMismatch.InputSize(input.name, size)
      if let bound = sizes[symbol] {
        if bound.size != size { problems.append(.differentSizes(symbol, bound, found)) }
      } else {
        sizes[symbol] = found
      }
    }
    return tensor
  }
}
