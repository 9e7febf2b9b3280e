import EspalierGraph
import EspalierONNX
import Testing

/// What is said of one hostile node of each family of operators: where it is, what is wrong, and what to do.
@Suite struct HostileMessageTests {
  struct Row: CustomTestStringConvertible, Sendable {
    let type: String
    let attributes: [ONNXAttribute]
    let values: @Sendable () -> [Hostile.Value]
    let opset: Int
    let text: String
    var testDescription: String { "\(type): \(text)" }

    init(
      _ type: String, _ attributes: KeyValuePairs<String, ONNXAttribute.Value>, opset: Int = 20,
      _ values: @autoclosure @escaping @Sendable () -> [Hostile.Value], _ text: String
    ) {
      self.type = type
      self.attributes = attributes.map { ONNXAttribute($0.key, $0.value) }
      self.values = values
      self.opset = opset
      self.text = text
    }
  }

  static let image = Hostile.Value.input(.float32, [2, 4, 6, 6])
  static let filters = Hostile.Value.input(.float32, [8, 4, 3, 3])
  static let giant = Hostile.Value.input(.float32, [1 << 30, 1 << 10])

  static let windows: [Row] = [
    Row("Conv", ["strides": .ints([0, 1])], [image, filters], "its stride cannot be [0, 1]"),
    Row(
      "Conv", ["strides": .ints([1])], [image, filters],
      "its attribute strides cannot be [1]: 2 spatial axes want one number each"),
    Row(
      "Conv", ["dilations": .ints([.max, 1])], [image, filters],
      "its attribute dilations cannot have 9223372036854775807"),
    Row(
      "Conv", ["pads": .ints([1, 2, 3])], [image, filters],
      "its pads cannot be [1, 2, 3]: 2 spatial axes want two numbers each"),
    Row(
      "Conv", ["pads": .ints([-1, 0, 0, 0])], [image, filters],
      "its padding cannot be [-1, 0, 0, 0]"),
    Row("Conv", ["group": .int(3)], [image, filters], "its groups cannot be 3"),
    Row(
      "Conv", ["auto_pad": .string("SAME_LOWER"), "strides": .ints([0, 0])], [image, filters],
      "its strides cannot be [0, 0]"),
    Row(
      "Conv", [:], [image, .input(.float32, [8, 4])],
      "the axes of its weight are 2, but must be 4"),
    Row(
      "Conv", [:], [image, .input(.float32, [8, 4, 7, 7])],
      "a window of 7 does not fit the padded input of 6 along spatial axis 0"),
    Row(
      "ConvTranspose", ["output_shape": .ints([5])], [image, .input(.float32, [4, 8, 3, 3])],
      "its output_shape cannot be [5]: there are 2 spatial axes"),
    Row("MaxPool", ["kernel_shape": .ints([0, 0])], [image], "its kernel cannot be [0, 0]"),
    Row("AveragePool", [:], [image], "its kernel_shape is not one for each of 1 to 3 spatial axes"),
  ]

  static let moves: [Row] = [
    Row(
      "Reshape", [:], [image, .integers(1 << 40, 1 << 40)],
      "its shape cannot be [1099511627776, 1099511627776]"),
    Row("Reshape", [:], [image, .integers(-1, -1)], "its shape cannot be [-1, -1]"),
    Row(
      "Reshape", [:], [image, .integers(7, -1)],
      "shape 2x4x6x6 cannot become 7x41: the number of elements differs"),
    Row(
      "Reshape", [:], [image, .input(.int64, [2])],
      "its input b must be a constant; give its numbers with --constants if it is an "
        + "input of the document"),
    Row(
      "Expand", [:], [.scalar(1), .integers(1 << 30, 1 << 20)],
      "its result is a constant of 1073741824x1048576 float32, more memory than converting may take; "
        + "check the sizes that it is given"),
    Row("Expand", [:], [image, .integers(-3)], "its shape cannot be [-3]"),
    Row(
      "Tile", [:], [image, .integers(1, 1, 1, 1 << 50)],
      "its repeats must be one number from 1 to 4096 for each axis"),
    Row(
      "Pad", [:], [image, .integers(.max, 0, 0, 0, 0, 0, 0, 0)],
      "its pads cannot be [9223372036854775807, 0, 0, 0, 0, 0, 0, 0]"),
    Row("Pad", [:], [.scalar(1), .integers(1)], "its pads must be two numbers for each of 0 axes"),
    Row(
      "Slice", [:], [image, .integers(0), .integers(1), .integers(0), .integers(.min)],
      "its step cannot be -9223372036854775808"),
    Row(
      "Split", ["num_outputs": .int(1 << 29)], [image],
      "its attribute num_outputs cannot be 536870912"),
    Row("Concat", ["axis": .int(4)], [image, image], "axis 4 is none of the 4 that there are"),
    Row(
      "Transpose", ["perm": .ints([0, 0, 1, 2])], [image],
      "its attribute perm is no permutation of 4 axes"),
    Row(
      "Unsqueeze", [:], [image, .integers(0, 1, 2, 3, 4)],
      "its result would have 9 axes; 8 are the most"),
    Row("SpaceToDepth", ["blocksize": .int(0)], [image], "its attribute blocksize cannot be 0"),
  ]

  static let indices: [Row] = [
    Row(
      "Range", [:], [.scalar(0), .scalar(1e18), .scalar(1)],
      "from 0.0 to 9.999999843067494e+17 by 1.0 there are too many numbers"),
    Row(
      "Range", [:], [.scalar(0), .scalar(1e8), .scalar(1)],
      "its result is a constant of 100000000 int64, more memory than converting may take; "
        + "check the sizes that it is given"),
    Row(
      "Range", [:], [.scalar(0), .scalar(.nan), .scalar(1)],
      "from 0.0 to nan by 1.0 there are no numbers"),
    Row(
      "OneHot", [:],
      [
        .input(.int64, [4]), .scalar(1e18), .constant(ONNXTensor(dimensions: [2], floats: [0, 1])),
      ], "its depth cannot be 9.999999843067494e+17"),
    Row("ConstantOfShape", [:], [.integers(1 << 40)], "its shape cannot be [1099511627776]"),
    Row(
      "ConstantOfShape", [:], [.integers(1 << 20, 1 << 8)],
      "its result is a constant of 1048576x256 float32, more memory than converting may take; "
        + "check the sizes that it is given"),
    Row(
      "EyeLike", [:], [giant],
      "its result is a constant of 1073741824x1024 bool, more memory than converting may take; "
        + "check the sizes that it is given"),
    Row(
      "Trilu", [:], [giant],
      "its result is a constant of 1073741824 int64, more memory than converting may take; "
        + "check the sizes that it is given"),
    Row("TopK", [:], [image, .integers(.max)], "its size cannot be 9223372036854775807"),
    Row(
      "Gather", ["axis": .int(9)], [image, .input(.int64, [2])],
      "axis 9 is none of the 4 that there are"),
    Row(
      "ScatterND", ["reduction": .string("xor")],
      [image, .input(.int64, [2, 4]), .input(.float32, [2])], "its reduction cannot be xor"),
  ]

  static let layers: [Row] = [
    Row(
      "Gemm", [:], [image, .input(.float32, [6, 6])],
      "the axes of its input 0 are 4, but must be 2"),
    Row(
      "MatMul", [:], [image, .input(.float32, [5, 5])],
      "input 1 has size 5 along axis 0 where 6 is needed"),
    Row(
      "Einsum", ["equation": .string("ab,bc->d")],
      [.input(.float32, [2, 3]), .input(.float32, [3, 4])],
      "its equation ab,bc->d has an output that is not in its inputs"),
    Row(
      "Einsum", ["equation": .string("aa->a")], [.input(.float32, [1 << 15, 1 << 15])],
      "its result is a constant of 32768x32768 float32, more memory than converting may take; "
        + "check the sizes that it is given"),
    Row(
      "LSTM", [:], [.input(.float32, [5, 2]), image, image],
      "the axes of its input 0 are 2, but must be 3"),
    Row(
      "GRU", ["activations": .strings(["Tan", "Tan"])],
      [.input(.float32, [5, 2, 3]), .input(.float32, [1, 12, 3]), .input(.float32, [1, 12, 4])],
      "the activation Tan is not supported"),
    Row(
      "Attention", ["q_num_heads": .int(0)], opset: 23,
      [.input(.float32, [2, 3, 4]), .input(.float32, [2, 3, 4]), .input(.float32, [2, 3, 4])],
      "its number of heads does not divide 4"),
    Row("Softmax", ["axis": .int(-5)], [image], "axis -5 is none of the 4 that there are"),
    Row("LRN", ["size": .int(0)], [image], "its size cannot be 0"),
    Row(
      "GroupNormalization", ["num_groups": .int(3)],
      [image, .input(.float32, [4]), .input(.float32, [4])], "4 channels are not 3 groups"),
    Row(
      "LayerNormalization", ["epsilon": .float(.nan)], [image, .input(.float32, [6])],
      "its epsilon cannot be nan"),
    Row(
      "BatchNormalization", ["training_mode": .int(1)], [image, image, image, image, image],
      "it is in training mode; export the network in evaluation mode"),
    Row(
      "Resize", ["mode": .string("nearest")],
      [image, .integers(), .constant(ONNXTensor(dimensions: [4], floats: [1, 1, 1e9, 1]))],
      "the output has too many elements"),
    Row(
      "Resize", [:], [image, .integers(), .integers(), .integers(2, 4, 0, 6)],
      "its size cannot be [0]"),
    Row(
      "GridSample", [:], [.input(.float32, [4]), image],
      "the axes of an input are 1, not batch, channels and 1 to 3 of an image"),
    Row(
      "AffineGrid", [:], [.input(.float32, [1, 2, 3]), .integers(1, 1, 1 << 40, 1 << 40)],
      "its sizes cannot be [1, 1, 1099511627776, 1099511627776]"),
    Row(
      "DFT", [:], [.input(.float32, [2, 9, 7]), .integers()],
      "its last axis has 7 elements, not a real and an imaginary part"),
    Row(
      "HannWindow", [:], [.integers(1 << 40)],
      "its result is a constant of 1099511627776 float32, more memory than converting may take; "
        + "check the sizes that it is given"),
  ]

  static let types: [Row] = [
    Row("Cast", ["to": .int(99)], [image], "it casts to an element type 99, which is not known"),
    Row("Cast", ["to": .int(14)], [image], "elements of type COMPLEX64 are not supported"),
    Row(
      "Conv", [:], [.input(.int64, [1, 1, 4, 4]), .input(.int64, [1, 1, 2, 2])],
      "input 0 has elements of type int64, which the operator does not compute with"),
    Row(
      "Einsum", ["equation": .string("\u{1B}[2J")], [image],
      "its attribute equation is no UTF-8 text"),
    Row(
      "Pad", ["mode": .string(Name(String(repeating: "long ", count: 1000)))],
      [image, .integers(0, 0, 0, 0, 0, 0, 0, 0)],
      "its mode cannot be \(String(repeating: "long ", count: 76))l…"),
    Row(
      "Add", [:], [.input(.uint16, [2]), .input(.uint16, [2])],
      "arithmetic of elements of type UINT16 is not supported"),
    Row(
      "Add", [:], [image, .constant(ONNXTensor(dimensions: [1], strings: ["text"]))],
      "it works on text, and models hold only numbers; turn texts into numbers outside, and convert "
        + "the part of the network behind that"),
    Row("Relu", [:], [], "its input 0 is missing"),
    Row("ReduceSum", [:], [image, .integers(0, 0)], "an axis stands twice"),
    Row(
      "QuantizeLinear", ["block_size": .int(4)], [image, .input(.float32, [4])],
      "scales for blocks are not supported"),
    Row(
      "If", ["then_branch": .graph([])], [.input(.bool, [])],
      "which branch is taken depends on the numbers of a, which only running tells; if it follows from an "
        + "input of the document, give that with --constants; otherwise export the network without the "
        + "choice"),
    Row("Frobnicate", [:], [image], "the operator is not supported"),
  ]

  @Test(arguments: [windows, moves, indices, layers, types].joined().map { $0 })
  func message(_ row: Row) throws {
    try Self.expectMessage(row)
  }

  /// Expects a node to be refused in the words of a row, each line in 80 columns.
  static func expectMessage(_ row: Row) throws {
    let values = row.values()
    let node = Hostile.node(row.type, inputs: values.count, row.attributes)
    let error = try #require(Hostile.failure(Hostile.document(node, values, opset: row.opset)))
    let group = try #require((error as? UnconvertibleNodes)?.groups.first)
    #expect(
      [group.reason, group.remedy].filter { !$0.isEmpty }.joined(separator: "; ") == row.text)
    #expect("\(error)".split(separator: "\n").allSatisfy { $0.count <= 80 })
  }
}
