import EspalierGraph
import EspalierONNX
import Testing

/// Every operator with every attribute that any operator has, and with inputs of every kind, all of them absurd.
///
/// What is refused names the node; nothing crashes, and nothing takes more than the limits allow.
@Suite struct HostileOperatorTests {
  static let operators = ONNXModel.convertibleOperators

  static let attributeNames = [
    "activation_alpha", "activation_beta", "activations", "align_corners", "allowzero", "alpha",
    "antialias", "approximate", "auto_pad", "axes", "axis", "batch_axis", "batch_dims", "beta",
    "bias", "block_size", "blocksize", "broadcast", "ceil_mode", "clip",
    "coordinate_transformation_mode", "count_include_pad", "cubic_coeff_a", "dilations",
    "direction", "dtype", "end", "ends", "epsilon", "equation", "exclude_outside",
    "extrapolation_value", "gamma", "group", "ignore_index", "k", "keep_aspect_ratio_policy",
    "kernel_shape", "kv_num_heads", "lambd", "layout", "left_window_size", "max", "min", "mode",
    "nearest_mode", "num_groups", "num_heads", "num_outputs", "onesided", "output_datatype",
    "output_dtype", "output_padding", "output_shape", "p", "padding_mode", "pads", "perm",
    "q_num_heads", "qk_matmul_output_mode", "reduction", "right_window_size",
    "rotary_embedding_dim", "scale", "scales", "size", "softcap", "split", "start", "starts",
    "storage_order", "strides", "time_axis", "to", "value", "value_floats", "value_ints",
    // ai.onnx.ml
    "cats_int64s", "classes_strings", "classlabels_int64s", "classlabels_ints",
    "classlabels_strings", "coefficients", "default_int64", "default_tensor",
    "imputed_value_floats", "inputdimensions", "intercepts", "keys_floats", "keys_tensor", "norm",
    "offset", "post_transform", "replaced_value_float", "targets", "threshold", "values_int64s",
    "values_strings",
    // com.microsoft
    "activation", "activation_params", "bits", "channels_last", "groups", "K", "N", "opset",
    "qkv_hidden_sizes", "transA", "transBatchA", "unidirectional",
  ]

  static let attributeValues: [ONNXAttribute.Value] = [
    .int(.min), .int(.max), .int(0), .int(-1), .ints([]), .ints([0, 0, 0, 0]),
    .ints([.max, .min, .max, .min]), .ints([1, 1, -1, 1]), .float(.nan), .float(-.infinity),
    .floats([]), .floats([.nan, 1e30]), .string(""), .string("SAME_LOWER"), .strings(["", "tanh"]),
    .tensor(ONNXTensor(dimensions: [0], floats: [])),
    .tensor(ONNXTensor(dimensions: [2], strings: ["a", "b"])),
  ]

  @Test(arguments: operators)
  func absurdAttributes(_ type: String) {
    let inputs: [Hostile.Value] = [
      .input(.float32, [2, 4, 6, 6]), .input(.float32, [4, 4, 3, 3]), .input(.float32, [4]),
      .input(.float32, [4]), .input(.float32, [4]),
    ]
    // Some of the values for each attribute, others for the next one.
    for (number, name) in Self.attributeNames.enumerated() {
      for (index, value) in Self.attributeValues.enumerated() where (number + index) % 6 == 0 {
        let node = Hostile.node(type, inputs: 3, [ONNXAttribute(name, value)])
        expectWords(Hostile.document(node, inputs, opset: 9), "\(name) = \(value)")
      }
    }
  }

  /// Values that operators take shapes, axes, counts and data from.
  static let values: [(String, Hostile.Value)] = [
    ("extreme integers", .integers(.max, .min, 0, -1)), ("nothing", .integers()),
    ("one of them", .integers(.max)), ("two of them", .integers(1 << 40, 1 << 40)),
    ("a negative one", .integers(-5)), ("an axis", .integers(0)),
    ("no number", .scalar(.nan)), ("infinity", .scalar(.infinity)), ("a scalar", .scalar(1e18)),
    ("an open size", .input(.float32, [-1, 4, -1, 6])), ("a vector", .input(.float32, [4])),
    ("a matrix", .input(.int64, [4, 4])), ("an image", .input(.float32, [2, 4, 6, 6])),
    ("a scalar input", .input(.float32, [])),
    ("eight axes", .input(.uint8, [1, 2, 1, 2, 1, 2, 1, 2])),
    ("a giant", .input(.float32, [1 << 30, 1 << 28])), ("truths", .input(.bool, [3, 3, 3])),
    ("an element type of its own", .input(.uint16, [2, 3])),
    ("an empty tensor", .constant(ONNXTensor(dimensions: [0, 4], floats: []))),
    ("texts", .constant(ONNXTensor(dimensions: [1], strings: ["text"]))),
  ]

  @Test(arguments: operators)
  func absurdInputs(_ type: String) {
    // Every third pair, in an old version of the operators and in a newer one by turns.
    for (number, (first, value)) in Self.values.enumerated() {
      for (index, (second, other)) in Self.values.enumerated() where (number + index) % 3 == 0 {
        let opset = (number + index) % 6 == 0 ? 8 : 22
        let node = Hostile.node(type, inputs: 4)
        expectWords(
          Hostile.document(node, [value, other, other, other], opset: opset),
          "\(first), \(second), opset \(opset)")
      }
    }
  }

  @Test(arguments: operators)
  func otherNumbersOfInputsAndOutputs(_ type: String) {
    for count in [0, 1, 2, 9] {
      for outputs in [["y"], ["y", "z", "u", "v", "w"], ["", "y"]] as [[Name]] {
        let values = Array(repeating: Hostile.Value.input(.float32, [2, 4, 6]), count: count)
        expectWords(
          Hostile.document(Hostile.node(type, inputs: count, outputs: outputs), values),
          "\(count) inputs, \(outputs.count) outputs")
      }
    }
  }

  /// A document is imported or refused; a node that is refused is named.
  private func expectWords(_ document: ONNXModel, _ title: String) {
    guard let error = Hostile.importFailure(document) else { return }
    let text = "\(error)"
    switch error {
    case let problem as UnconvertibleNodes:
      #expect(problem.groups.allSatisfy { !$0.reason.isEmpty }, "\(title)")
      #expect(text.contains("hostile") || text.contains("initializer"), "\(title): \(text)")
    case is ONNXError, is ImportError, is GraphError: #expect(!text.isEmpty, "\(title)")
    default: Issue.record("\(title): \(type(of: error)): \(text)")
    }
  }
}
