internal import EspalierGraph

extension ImportProblem {
  /// Why an operator that has no converter has none.
  ///
  /// - Parameter computed: those of its inputs that are no constants.
  static func unknownOperator(_ node: ONNXNode, reading computed: [Name]) -> ImportProblem {
    let type = node.operatorType
    switch node.domain {
    case ONNXDomain.onnx:
      if valueSized.contains(type) {
        let values = computed.map { "\($0)" }.joined(separator: ",")
        return ImportProblem(
          "how many elements it has depends on the numbers that it reads, and memory is laid out before "
            + "anything runs",
          remedy:
            "end the network before it with --heads \(values), and do the rest in your program")
      }
      return ImportProblem("the operator is not supported")
    case ONNXDomain.machineLearning: return learned(type)
    default: return ofVendor(node.domain)
    }
  }

  /// The problem of a node, with what to do about files that were optimised where there is nothing better.
  func remedied(for node: ONNXNode) -> ImportProblem {
    guard remedy.isEmpty, Self.isOfONNXRuntime(node.domain) else { return self }
    var problem = ImportProblem(reason, remedy: Self.convertBefore)
    problem.isOverBudget = isOverBudget
    return problem
  }

  /// ONNX's operators whose results have as many elements as the numbers that they read say.
  private static let valueSized: Set<String> = [
    "Compress", "NonMaxSuppression", "NonZero", "StringSplit", "Unique",
  ]

  private static func learned(_ type: String) -> ImportProblem {
    switch type {
    case _ where type.hasPrefix("TreeEnsemble"):
      ImportProblem(
        "decision trees are comparisons one after the other, not arithmetic on tensors",
        remedy: "keep the trees in the library that made them, or train a network in their place")
    case "SVMClassifier", "SVMRegressor":
      ImportProblem(
        "a support vector machine compares each row with stored rows of its training data",
        remedy: "train LinearSVC or LinearSVR, which are one product, or a network in its place")
    case "CastMap", "CategoryMapper", "DictVectorizer":
      worksOnText
    default: ImportProblem("the operator is not supported")
    }
  }

  private static func ofVendor(_ domain: String) -> ImportProblem {
    if isOfONNXRuntime(domain) {
      return ImportProblem(
        "the operator is ONNX Runtime's own: the file was optimised for that runtime",
        remedy: convertBefore)
    }
    return ImportProblem(
      "the operator is not one of ONNX's, and only one runtime or library has it",
      remedy: "export the network with ONNX's operators alone, or \(convertBefore)")
  }

  /// What to do about a file that was optimised for one runtime.
  static let convertBefore = "convert the file from before it was optimised"

  /// Whether a domain is one that ONNX Runtime's optimisers write.
  static func isOfONNXRuntime(_ domain: String) -> Bool {
    domain == ONNXDomain.runtime || domain.hasPrefix("com.microsoft.")
      || domain.hasPrefix("com.ms.internal")
  }
}
