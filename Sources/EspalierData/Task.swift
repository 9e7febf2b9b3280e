/// What kind of answer a head gives.
public enum Task: Sendable, Equatable {
  /// One of the labels; the target column holds a label.
  case classification(labels: [String])
  /// Yes or no; the target column holds 0 or 1, or one of the labels, which stand in the order no, yes.
  case binary(labels: [String] = ["no", "yes"])
  /// A number; with `standardize` the trainer shifts and scales targets to mean 0 and deviation 1, and the exported
  /// head undoes it.
  case regression(unit: String = "", standardize: Bool = true)

  /// How many numbers the head's last layer has to give.
  public var outputCount: Int {
    switch self {
    case .classification(let labels): labels.count
    case .binary, .regression: 1
    }
  }
}
