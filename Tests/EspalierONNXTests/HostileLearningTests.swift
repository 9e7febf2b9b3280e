import EspalierGraph
import EspalierONNX
import Testing

/// What is said of hostile nodes of classical machine learning.
@Suite struct HostileLearningTests {
  typealias Row = HostileMessageTests.Row

  static let rows = Hostile.Value.input(.float32, [3, 4])

  static let table: [Row] = [
    Row(
      "ai.onnx.ml.Scaler", ["scale": .floats([])], [rows],
      "its attribute scale has 0 numbers for 4 features"),
    Row(
      "ai.onnx.ml.Scaler", [:], [.input(.float32, [])],
      "the axes of its input 0 are 0, but must be 1 to 2"),
    Row(
      "ai.onnx.ml.Scaler", ["offset": .ints([1])], [rows],
      "its attribute offset is not a list of numbers"),
    Row(
      "ai.onnx.ml.Normalizer", ["norm": .string("L3")], [rows],
      "its norm must be MAX, L1 or L2, but is L3"),
    Row(
      "ai.onnx.ml.Imputer", [:], [rows],
      "it has no values to put in the place of missing ones"),
    Row(
      "ai.onnx.ml.FeatureVectorizer", ["inputdimensions": .ints([5])], [rows],
      "its input 0 does not have the 5 features it declares"),
    Row(
      "ai.onnx.ml.FeatureVectorizer", ["inputdimensions": .ints([.max])], [rows],
      "its attribute inputdimensions cannot have 9223372036854775807"),
    Row(
      "ai.onnx.ml.OneHotEncoder", ["cats_strings": .strings(["a"])], [rows],
      "its categories are text; turn texts into numbers outside, and convert the part of the network "
        + "behind that"),
    Row(
      "ai.onnx.ml.LinearRegressor", ["coefficients": .floats([1, 2, 3]), "targets": .int(1)],
      [rows],
      "its coefficients are 3 numbers, but 1 scores of 4 features want 4"),
    Row(
      "ai.onnx.ml.LinearRegressor", ["targets": .int(.max)], [rows],
      "its attribute targets cannot be 9223372036854775807"),
    Row(
      "ai.onnx.ml.LinearRegressor",
      ["coefficients": .floats([1, 2, 3, 4]), "intercepts": .floats([1, 2])], [rows],
      "its intercepts are 2, but must be 1"),
    Row(
      "ai.onnx.ml.LinearClassifier",
      ["coefficients": .floats([1]), "classlabels_ints": .ints([1])], [rows],
      "it has 1 scores for 1 classes"),
    Row(
      "ai.onnx.ml.LinearClassifier",
      [
        "coefficients": .floats([1, 2, 3, 4]), "intercepts": .floats([0]),
        "classlabels_ints": .ints([.min, .max]), "post_transform": .string("PROBIT"),
      ], [rows], "its post_transform cannot be PROBIT for one score of two classes"),
    Row(
      "ai.onnx.ml.LinearClassifier",
      [
        "coefficients": .floats([1, 2, 3, 4]), "intercepts": .floats([0]),
        "classlabels_strings": .strings(["a", "b"]), "post_transform": .string("MAGIC"),
      ], [rows], "its post_transform cannot be MAGIC"),
    Row(
      "ai.onnx.ml.LabelEncoder", ["keys_int64s": .ints([1, 2]), "values_int64s": .ints([1])],
      [rows],
      "it has 2 keys for 1 values"),
    Row("ai.onnx.ml.LabelEncoder", [:], [rows], "its keys are missing"),
    Row(
      "ai.onnx.ml.LabelEncoder",
      ["keys_strings": .strings(["a"]), "values_int64s": .ints([1])], [rows],
      "its keys are text; turn texts into numbers outside, and convert the part of the network "
        + "behind that"),
    Row(
      "ai.onnx.ml.ZipMap", ["classlabels_int64s": .ints([1, 2])], [rows],
      "it has 2 labels for 4 columns"),
    Row(
      "ai.onnx.ml.ArrayFeatureExtractor", [:], [.scalar(1), .integers(0)],
      "its input is one number"),
    Row(
      "ai.onnx.ml.TreeEnsembleRegressor", [:], [rows],
      "decision trees are comparisons one after the other, not arithmetic on tensors; keep the trees "
        + "in the library that made them, or train a network in their place"),
    Row(
      "ai.onnx.ml.SVMClassifier", [:], [rows],
      "a support vector machine compares each row with stored rows of its training data; train "
        + "LinearSVC or LinearSVR, which are one product, or a network in its place"),
    Row(
      "ai.onnx.ml.DictVectorizer", [:], [rows],
      "it works on text, and models hold only numbers; turn texts into numbers outside, and convert "
        + "the part of the network behind that"),
    Row(
      "com.microsoft.Tokenizer", [:], [rows],
      "the operator is ONNX Runtime's own: the file was optimised for that runtime; convert the file "
        + "from before it was optimised"),
    Row(
      "com.microsoft.nchwc.Conv", [:], [rows],
      "the operator is ONNX Runtime's own: the file was optimised for that runtime; convert the file "
        + "from before it was optimised"),
    Row(
      "org.example.Fancy", [:], [rows],
      "the operator is not one of ONNX's, and only one runtime or library has it; export the network "
        + "with ONNX's operators alone, or convert the file from before it was optimised"),
  ]

  @Test(arguments: table)
  func message(_ row: Row) throws {
    try HostileMessageTests.expectMessage(row)
  }
}
