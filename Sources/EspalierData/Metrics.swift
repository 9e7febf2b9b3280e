/// The figures by which a head is judged, from its answers and the targets.
///
/// - Parameters:
///   - task: the head's task.
///   - answers: `[rows, columns]`: probabilities, or values in the target's unit.
///   - targets: one number a row: a class number, 0 or 1, or a value in the target's unit as the data have it.
/// - Returns: classification and binary: `accuracy`; regression: `rmse` and `mae`.
public func metrics(
  of task: Task, answers: [Float], targets: [Double]
) -> [(name: String, value: Double)] {
  let rows = targets.count
  switch task {
  case .classification(let labels):
    let hits = (0..<rows).count { row in
      let columns = row * labels.count..<(row + 1) * labels.count
      let best = columns.max { answers[$0] < answers[$1] } ?? columns.lowerBound
      return best - columns.lowerBound == Int(targets[row])
    }
    return [("accuracy", Double(hits) / Double(rows))]
  case .binary:
    let hits = (0..<rows).count { (answers[$0] >= 0.5) == (targets[$0] >= 0.5) }
    return [("accuracy", Double(hits) / Double(rows))]
  case .regression:
    let errors = (0..<rows).map { Double(answers[$0]) - targets[$0] }
    let squares = errors.reduce(0) { $0 + $1 * $1 }
    let distances = errors.reduce(0) { $0 + abs($1) }
    return [
      ("rmse", (squares / Double(rows)).squareRoot()), ("mae", distances / Double(rows)),
    ]
  }
}
