import EspalierGraph

/// Quantization, and what it undoes; choices; logarithms of shares.
let scaleExamples: [OperatorExample] =
  [ElementType.int8, .uint8].flatMap { element in
    let zeros = element == .int8 ? -20.0...20.0 : 100.0...150.0
    return [
      OperatorExample(
        "quantize to \(element.label)", .quantize(.init(element)),
        [.init([2, 3, 17], in: -9...9), .init([], in: 0.05...0.1), .init([], element, in: zeros)]),
      OperatorExample(
        "quantize to \(element.label), by channel", .quantize(.init(element)),
        [[2, 3, 17], .init([17], in: 0.01...0.05), .init([17], element, in: zeros)]),
      OperatorExample(
        "quantize to \(element.label), by the middle axis, no zero point",
        .quantize(.init(element)), [[2, 3, 5], .init([3, 1], in: 0.01...0.05)]),
      OperatorExample(
        "dequantize \(element.label), by channel", .dequantize(.init()),
        [
          .init([2, 3, 17], element, in: element == .int8 ? -128...127 : 0...255),
          .init([17], in: 0.01...0.05), .init([17], element, in: zeros),
        ]),
      OperatorExample(
        "dequantize \(element.label), no zero point", .dequantize(.init()),
        [.init([2, 5], element, in: 0...127), .init([1], in: 0.01...0.05)]),
    ]
  } + [
    OperatorExample(
      "dequantize int32", .dequantize(.init()),
      [.init([3, 16], .int32, in: -9000...9000), .init([16], in: 0.001...0.002)]),
    OperatorExample(
      "dequantize int32, zero point", .dequantize(.init()),
      [
        .init([3, 4], .int32, in: -9000...9000), .init([], in: 0.001...0.002),
        .init([], .int32, in: -5...5),
      ]),
    OperatorExample("log softmax", .softmax(.init(.logSoftmax)), [[3, 10]], domain: -5...5),
    OperatorExample("log softmax of many", .softmax(.init(.logSoftmax)), [[2, 37]]),
    OperatorExample("log softmax over one", .softmax(.init(.logSoftmax)), [[2, 1]]),
  ]
  + ElementType.allCases.map { element in
    OperatorExample(
      "select \(element.label)", .select(.init()),
      [
        .init([3, 17], .bool), .init([17], element, in: 0...9), .init([], element, in: 0...9),
      ])
  } + [
    OperatorExample(
      "select, three ways", .select(.init()), [.init([2, 1, 1], .bool), [4, 1], [5]]),
    OperatorExample(
      "select between rows", .select(.init()), [.init([2, 5], .bool), [2, 5], [2, 1]],
      hasBatchedParameters: true),
  ]
