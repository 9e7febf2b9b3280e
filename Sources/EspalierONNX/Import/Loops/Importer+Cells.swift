internal import EspalierGraph

/// Recurrent layers in the place of loops whose turns are steps of them.
extension Importer {
  /// What a loop gives, made by recurrent layers; nil when its turns are no steps of such, in which case nothing is changed.
  ///
  /// - Parameter isRead: whether what becomes of a state is read.
  mutating func recurrentLayers(
    _ loop: DocumentLoop, isRead: (_ state: Int) -> Bool
  ) -> [Operand]? {
    tried { trial in
      let turn = try trial.turn(of: loop)
      var builder = try CellBuilder(turn, isRead: { isRead(turn.states[$0]) }, &trial)
      let results = try builder.results(of: loop, &trial)
      trial.draft.forget(builder.dependents, from: turn.nodes.lowerBound)
      return results
    }
  }

  /// How often a loop runs, in each world; nil when its counters do not tell.
  mutating func countedTurns(_ loop: DocumentLoop) -> [Int]? {
    tried { trial in
      let (_, clock) = try trial.clock(of: loop)
      return try clock.count(&trial)
    }
  }

  /// Imports something that changes nothing but what is left of budgets when it fails.
  private mutating func tried<Result>(_ body: (inout Importer) throws -> Result) -> Result? {
    var trial = self
    defer {
      draft.budget = trial.draft.budget
      unrolledNodes = trial.unrolledNodes
    }
    do {
      try trial.draft.budget.take(operations: draft.values.count)
      let result = try body(&trial)
      guard trial.problemCount == problemCount else { return nil }
      self = trial
      return result
    } catch {
      return nil
    }
  }
}
