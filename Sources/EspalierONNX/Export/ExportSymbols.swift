internal import EspalierGraph

/// The open sizes of a model, told apart by trying two bindings of all symbols, the *worlds*.
struct ExportSymbols {
  private let symbols: [(name: Name, sizes: [Int])]
  /// The symbol that has these sizes, nil where several do.
  private let bySizes: [[Int]: Name?]

  init(_ model: Model) {
    // Multiples of the probe: what halves a size meets whole ones again.
    symbols = model.trunk.graph.symbols.enumerated().map { index, symbol in
      (symbol.name, [symbol.probe, symbol.probe * (index + 2)])
    }
    bySizes = Dictionary(
      symbols.map { ($0.sizes, $0.name) }, uniquingKeysWith: { _, _ in nil })
  }

  /// What the symbols are bound to in each world.
  var worlds: [SymbolSizes] {
    [0, 1].map { world in
      SymbolSizes(symbols.map { (symbol: $0.name, size: $0.sizes[world]) })
    }
  }

  /// The size that an axis has in each world as one of the document: a number, a symbol, or unknown.
  func dimension(_ sizes: [Int]) -> ONNXDimension {
    if sizes.count == 1 && symbols.isEmpty { return .fixed(sizes[0]) }
    guard sizes.count == 2 else { return .unknown }
    if sizes[0] == sizes[1] { return .fixed(sizes[0]) }
    if case .some(.some(let name)) = bySizes[sizes] { return .symbol(name) }
    return .unknown
  }
}

extension ONNXElementType {
  /// ONNX's format for an element type of models.
  init(_ element: ElementType) {
    self =
      switch element {
      case .float32: .float32
      case .float16: .float16
      case .bfloat16: .bfloat16
      case .int8: .int8
      case .uint8: .uint8
      case .int32: .int32
      case .int64: .int64
      case .bool: .bool
      case .float64: .float64
      }
  }
}

extension ONNXTensor {
  /// A parameter's numbers as they are stored, in other sizes first and then with the axes in another order.
  init(_ parameter: Parameter, sizes: [Int]?, order: [Int]) {
    let sizes = sizes ?? parameter.type.shape.sizes
    let isMoved = order != Array(order.indices)
    self.init(
      name: "", type: TensorType(parameter.stored, Shape(order.map { sizes[$0] })),
      storage: isMoved ? parameter.moved(sizes, order) : parameter.storage,
      byteOffset: isMoved ? 0 : parameter.byteOffset)
  }
}

extension Parameter {
  /// The numbers as they are stored, which have these sizes, with the axes in another order.
  fileprivate func moved(_ sizes: [Int], _ order: [Int]) -> TensorStorage {
    let width = stored.byteCount
    var strides = sizes
    var step = width
    for axis in sizes.indices.reversed() {
      strides[axis] = step
      step *= sizes[axis]
    }
    let moved = order.map { (size: sizes[$0], stride: strides[$0]) }
    return withStoredBytes { source in
      TensorStorage.filled(byteCount: source.count) { target in
        var places = moved.map { _ in 0 }
        var offset = 0
        for start in stride(from: 0, to: target.count, by: width) {
          for byte in 0..<width { target[start + byte] = source[offset + byte] }
          for axis in moved.indices.reversed() {
            places[axis] += 1
            offset += moved[axis].stride
            if places[axis] < moved[axis].size { break }
            places[axis] = 0
            offset -= moved[axis].size * moved[axis].stride
          }
        }
      }
    }
  }
}
