import EspalierArrays
import EspalierGraph
import EspalierInference
import EspalierText
import Foundation

/// Outputs of heads as comma-separated text, a row for each row of the inputs.
struct AnswerTable {
  /// A column: its title, and the text of a row.
  struct Column {
    let title: String
    let cell: (Int) -> String
  }

  /// What is put behind the title of a kept column that an answer has, too.
  static let givenSuffix = ".given"

  /// A line of titles, and a line for each row.
  let text: String

  /// Puts outputs side by side.
  ///
  /// - Parameters:
  ///   - outputs: the outputs of heads.
  ///   - model: what says what they mean.
  ///   - decides: whether a classification or a binary head says the label that it decides for, and the label's
  ///     probability, instead of the probabilities of all.
  ///   - kept: columns of as many rows, which stand before the outputs.
  /// - Throws: `CommandError` when an output does not have one row for each of the others.
  init(_ outputs: [HeadOutput], of model: Model, decides: Bool, kept: [Column]) throws {
    let rows = outputs.first?.tensor.shape.sizes.first ?? 0
    for output in outputs where output.tensor.shape.sizes.first != rows {
      throw CommandError(
        "output \(output.tensor.name) of head \(output.head) is \(output.tensor.type.text), "
          + "which is no table of a row for each row; --output with an .npz file takes it as it is")
    }
    let answers = outputs.flatMap { output in
      let decision = decides ? Decision(output, of: model) : nil
      return decision?.columns ?? model.columns(of: output)
    }
    let titles = Set(answers.map { Array($0.title.utf8) })
    let columns = kept.map { $0.renamed(unlessUnlike: titles) } + answers
    var lines = [columns.map { Self.quoted($0.title) }.joined(separator: ",")]
    for row in 0..<rows {
      lines.append(columns.map { Self.quoted($0.cell(row)) }.joined(separator: ","))
    }
    text = lines.joined(separator: "\n") + "\n"
  }

  private static func quoted(_ cell: String) -> String {
    let isPlain = !cell.utf8.contains { [0x0A, 0x0D, 0x22, 0x2C].contains($0) }
    return isPlain ? cell : "\"" + cell.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }
}

extension Model {
  /// A column for each number of a row of an output: named by its labels, or numbered where there are several.
  fileprivate func columns(of output: HeadOutput) -> [AnswerTable.Column] {
    let texts = output.tensor.elementTexts
    let names = columnNames(of: output)
    return names.enumerated().map { index, name in
      AnswerTable.Column(title: name) { row in texts(row * names.count + index) }
    }
  }

  private func columnNames(of output: HeadOutput) -> [String] {
    guard let head = head(named: output.head) else { return [] }
    let description = head.description
    let labels =
      description.task == .binary ? Array(description.labels.suffix(1)) : description.labels
    let isFirst = head.graph.outputs.first?.name == output.tensor.name
    let prefix = isFirst ? "\(head.name)" : "\(head.name).\(output.tensor.name)"
    let count = output.tensor.rowElementCount
    if isFirst && labels.count == count { return labels.map { "\(prefix).\($0)" } }
    return count == 1 ? [prefix] : (0..<count).map { "\(prefix).\($0)" }
  }
}

extension AnswerTable.Column {
  /// The column under a title that answers do not have.
  fileprivate func renamed(unlessUnlike titles: Set<[UInt8]>) -> AnswerTable.Column {
    guard titles.contains(Array(title.utf8)) else { return self }
    return AnswerTable.Column(title: title + AnswerTable.givenSuffix, cell: cell)
  }
}

/// The label that a head decides for in each row.
private struct Decision {
  private let head: Name
  /// What the numbers are: probabilities, or scores that may be any numbers.
  private let measure: String
  private let choices: [(label: String, number: Float)]

  /// Decides for the class of the largest number, or for yes from the head's threshold on.
  ///
  /// Nothing for an output whose numbers are not those of classes.
  init?(_ output: HeadOutput, of model: Model) {
    guard let head = model.head(named: output.head),
      head.graph.outputs.first?.name == output.tensor.name, let values = output.tensor.values
    else { return nil }
    self.head = head.name
    let description = head.description
    let count = output.tensor.rowElementCount
    func label(_ index: Int) -> String {
      description.labels.indices.contains(index) ? "\(description.labels[index])" : "\(index)"
    }
    switch description.task {
    case .binary:
      guard count == 1 else { return nil }
      // A threshold that is no probability is one of scores; that of no is the negative.
      let isScore = description.threshold <= 0 || description.threshold > 1
      measure = isScore ? "score" : "probability"
      choices = values.map { yes in
        Double(yes) >= description.threshold
          ? (label(1), yes) : (label(0), isScore ? -yes : 1 - yes)
      }
    case .classification, .regression:
      let isRegression = description.task == .regression
      // A regression with labels gives scores of classes.
      guard count > 1 || !isRegression && description.labels.count == 1,
        !isRegression || description.labels.count == count
      else { return nil }
      measure = isRegression ? "score" : "probability"
      choices = stride(from: 0, to: values.count, by: max(count, 1)).map { start in
        let best = (start..<start + count).reduce(start) { values[$1] > values[$0] ? $1 : $0 }
        return (label(best - start), values[best])
      }
    }
  }

  var columns: [AnswerTable.Column] {
    [
      AnswerTable.Column(title: "\(head)") { choices[$0].label },
      AnswerTable.Column(title: "\(head).\(measure)") { "\(choices[$0].number)" },
    ]
  }
}

extension NamedTensor {
  /// The elements of a row.
  fileprivate var rowElementCount: Int { shape.sizes.dropFirst().reduce(1, *) }

  /// What gives the text of an element.
  fileprivate var elementTexts: (Int) -> String {
    if let values { return { "\(values[$0])" } }
    func text<Element: BitwiseCopyable>(_: Element.Type, _ describe: @escaping (Element) -> String)
      -> (Int) -> String
    {
      { index in
        withBytes {
          let offset = index * MemoryLayout<Element>.stride
          return describe($0.loadUnaligned(fromByteOffset: offset, as: Element.self))
        }
      }
    }
    return switch type.element {
    case .int8: text(Int8.self) { "\($0)" }
    case .uint8, .bool: text(UInt8.self) { "\($0)" }
    case .int32: text(Int32.self) { "\($0)" }
    case .float64: text(Double.self) { "\($0)" }
    case .int64, .float32, .float16, .bfloat16: text(Int64.self) { "\($0)" }
    }
  }
}
