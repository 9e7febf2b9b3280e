import EspalierArrays
import EspalierFiles
import EspalierGraph
import EspalierReport
import EspalierText

extension Model {
  /// The numbers of each column that inputs are made of, as arrays of rows have them.
  func columnNumbers(_ arrays: [NamedTensor]) -> [(column: Column, numbers: [Float])] {
    zip(trunk.graph.inputs, trunk.columns).flatMap { input, columns in
      guard let values = arrays.first(where: { $0.name == input.name })?.values else {
        return [(column: Column, numbers: [Float])]()
      }
      return columns.enumerated().map { index, column in
        (column, stride(from: index, to: values.count, by: columns.count).map { values[$0] })
      }
    }
  }

  /// Which columns have numbers far outside of what training saw, a sentence each, of many columns the first few.
  ///
  /// Far outside is further from the range than the range is wide.
  func rangeWarnings(_ arrays: [NamedTensor], of path: String) -> [String] {
    let most = 5
    let warnings = columnNumbers(arrays).compactMap { column, numbers in
      column.numbersFarOutside(numbers.lazy.map { Double($0) * column.deviation + column.mean })
        .map { "\(shownPath(path)): column \(column.name): \($0)" }
    }
    guard warnings.count > most else { return warnings }
    let rest = counted(warnings.count - most, "more column")
    return warnings.prefix(most) + [
      "\(shownPath(path)): \(rest) with numbers far outside of what training saw"
    ]
  }
}

extension Column {
  /// How many of a column's numbers are far outside of its range, in words; nil for none, or where no range is known.
  fileprivate func numbersFarOutside(_ numbers: some Sequence<Double>) -> String? {
    guard let range, categories.isEmpty else { return nil }
    let width = range.upperBound - range.lowerBound
    let near = range.lowerBound - width...range.upperBound + width
    var (count, least, most) = (0, Double.infinity, -Double.infinity)
    for number in numbers where !near.contains(number) {
      count += 1
      least = min(least, number)
      most = max(most, number)
    }
    guard count > 0 else { return nil }
    let found =
      count == 1
      ? "\(figure(least)) is"
      : "\(counted(count, "number")), from \(figure(least)) to \(figure(most)), are"
    return
      "\(found) far outside of what training saw, \(figure(range.lowerBound)) to \(figure(range.upperBound))"
  }
}
