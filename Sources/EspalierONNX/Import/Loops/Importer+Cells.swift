internal import EspalierGraph

/// Recurrent layers in the place of loops whose turns are steps of them.
extension Importer {
  /// What a loop gives, made by recurrent layers; nil when its turns are no steps of such, in which case nothing is changed.
  ///
  /// - Parameter isRead: whether what becomes of a state is read.
  mutating func recurrentLayers(
    _ loop: DocumentLoop, isRead: (_ state: Int) -> Bool
  ) -> [Operand]? {
    let (plain, lists) = loop.collectingLists()
    let others = loop.states.indices.filter { !lists.contains($0) }
    return tried { trial in
      let turn = try trial.turn(of: plain)
      var builder = try CellBuilder(turn, isRead: { isRead(others[turn.states[$0]]) }, &trial)
      var results = try builder.results(of: plain, &trial)
      trial.draft.forget(builder.dependents, from: turn.nodes.lowerBound)
      let stacks = results.suffix(lists.count)
      results.removeLast(lists.count)
      for (place, stack) in zip(lists, stacks) { results.insert(stack.asSequence, at: place) }
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
  mutating func tried<Result>(_ body: (inout Importer) throws -> Result) -> Result? {
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
