public import EspalierGraph

/// Chosen heads of a model lowered to a program: an order, places in memory, prepared calls, and weights as kernels want
/// them.
///
/// ```swift
/// let executable = try Executable(model, heads: ["even"], sizes: SymbolSizes(batch: 16))
/// var session = Session(executable)
/// ```
/// Sessions on any thread share it; each costs `plan.arenaByteCount` bytes.
public struct Executable: Sendable {
  /// The model.
  public let model: Model
  /// What is computed, in which order and where.
  public let plan: Plan
  /// The weights that are not as the model has them.
  let weights: PreparedWeights

  /// Lowers the chosen heads.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - heads: the heads whose outputs are wanted; nil for all.
  ///   - sizes: what the model's symbols are bound to; those that are not named have the size that the model was
  ///     checked with.
  ///   - part: whether trunk and heads are computed, or one of them.
  ///   - memoryBudget: the most bytes that a session, and parameters in another form than the model's, may take.
  ///   - operationBudget: the most operations that one run may take.
  /// - Throws: `RuntimeError` as `Plan` does.
  public init(
    _ model: Model, heads: [Name]? = nil, sizes: SymbolSizes = SymbolSizes(batch: 1),
    part: Plan.Part = .whole, memoryBudget: Int = 1 << 30, operationBudget: Int = Int.max
  ) throws(RuntimeError) {
    self.init(
      model,
      plan: try Plan(
        model, heads: heads, sizes: sizes, part: part, memoryBudget: memoryBudget,
        operationBudget: operationBudget))
  }

  /// Prepares the weights for a plan of the model.
  package init(_ model: Model, plan: Plan) {
    self.model = model
    self.plan = plan
    weights = PreparedWeights(plan, of: model)
  }

  /// The same heads for other sizes, with the same prepared weights.
  ///
  /// - Throws: `RuntimeError` as `Plan` does.
  public func resized(
    to sizes: SymbolSizes, memoryBudget: Int = 1 << 30
  ) throws(RuntimeError) -> Executable {
    let plan = try Plan(
      model, heads: plan.heads, sizes: sizes, part: plan.part, memoryBudget: memoryBudget,
      for: plan.purpose)
    return Executable(model: model, plan: plan, weights: weights)
  }

  private init(model: Model, plan: Plan, weights: PreparedWeights) {
    self.model = model
    self.plan = plan
    self.weights = weights
  }
}
