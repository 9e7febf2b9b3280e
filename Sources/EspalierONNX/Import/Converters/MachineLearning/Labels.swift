internal import EspalierGraph

extension Importer {
  /// Names of classes, where files of scikit-learn begin or end with them.
  static let labelConverters: [String: Converter] = [
    "LabelEncoder": { importer, node in [try importer.relabelled(node)] },
    // A list of dictionaries from labels to numbers: the numbers, in columns that have the labels.
    "ZipMap": { importer, node in
      let input = try importer.required(node, 0)
      try importer.expectRows(input)
      let rows = input.rank == 1 ? try importer.unsqueezed(input, [0]) : input
      let classes = try importer.classes(
        node, integers: "classlabels_int64s", texts: "classlabels_strings")
      guard importer.sizes(rows).allSatisfy({ $0[1] == classes.count }) else {
        throw ImportProblem(
          "it has \(classes.count) labels for \(importer.sizes(rows)[0][1]) columns")
      }
      importer.noteLabels(classes.names, of: rows.value)
      return [rows]
    },
  ]

  /// What the classes of a node are called.
  struct Classes {
    let names: [Name]
    /// The numbers that they are; nil when they are text.
    let numbers: [Int64]?

    var count: Int { names.count }
  }

  /// The classes that attributes list, as integers or as text.
  func classes(_ node: ONNXNode, integers: String, texts: String) throws -> Classes {
    if let names = try self.texts(node, texts), !names.isEmpty {
      return Classes(names: names, numbers: nil)
    }
    let numbers = try self.integers(node, integers, in: .min ... .max) ?? []
    return Classes(names: numbers.map { Name("\($0)") }, numbers: numbers.map { Int64($0) })
  }

  /// The texts of an attribute.
  func texts(_ node: ONNXNode, _ name: String) throws -> [Name]? {
    switch node.attribute(name) {
    case nil: return nil
    case .strings(let texts)?: return texts
    default: throw ImportProblem("its attribute \(name) is not a list of texts")
    }
  }

  /// The class of a row by its place in the list of classes.
  mutating func label(_ place: Operand, _ classes: Classes) throws -> Operand {
    guard let numbers = classes.numbers else {
      return Operand(
        value: place.value, order: place.order, element: .string, texts: classes.names)
    }
    if numbers == (0..<Int64(numbers.count)).map({ $0 }) { return place }
    let list = draft.addConstant(Constant([numbers.count], numbers))
    return try mapped(place) { importer, value in
      try importer.draft.emit(.gather(.init(axis: 0)), [list, value])
    }
  }

  // MARK: LabelEncoder

  /// What a key or a value of a node is.
  private enum Entries {
    case numbers([Double], ONNXElementType)
    case texts([Name])

    var count: Int {
      switch self {
      case .numbers(let numbers, _): numbers.count
      case .texts(let texts): texts.count
      }
    }
  }

  /// Other numbers or texts in the place of these.
  private mutating func relabelled(_ node: ONNXNode) throws -> Operand {
    let input = try required(node, 0)
    let (keys, values) = try table(node, isText: input.texts != nil)
    guard keys.count == values.count, keys.count > 0 else {
      throw ImportProblem("it has \(keys.count) keys for \(values.count) values")
    }
    let place: Operand
    switch (keys, input.texts) {
    case (.texts(let keys), let texts?): place = try self.place(of: input, texts, in: keys)
    case (.texts, nil): throw ImportProblem("its keys are text", remedy: ImportProblem.encodeTexts)
    case (.numbers, _?): throw ImportProblem("it reads text, but its keys are numbers")
    case (.numbers(let keys, let element), nil):
      place = try self.place(of: input, in: keys, element)
    }
    switch values {
    case .texts(let texts):
      let missing = try text(node, "default_string", default: "_Unused")
      let names = [Name(missing)] + texts
      if case .numbers(let keys, _) = keys { noteLabels(of: input, keys: keys, names: names) }
      return Operand(value: place.value, order: place.order, element: .string, texts: names)
    case .numbers(let numbers, let element):
      let missing = try missingNumber(node, element)
      let list = Constant([numbers.count + 1], [missing] + numbers)
      let value = try cast(
        draft.addConstant(list), to: element.computedElement ?? .float32)
      return Operand(
        value: try draft.emit(.gather(.init(axis: 0)), [value, place.value]), order: place.order,
        element: element)
    }
  }

  /// The keys and values of a node, of whatever version.
  private func table(_ node: ONNXNode, isText: Bool) throws -> (keys: Entries, values: Entries) {
    if let texts = try texts(node, "classes_strings") {
      let places = Entries.numbers(texts.indices.map { Double($0) }, .int64)
      return isText ? (.texts(texts), places) : (places, .texts(texts))
    }
    return (try entries(node, "keys"), try entries(node, "values"))
  }

  private func entries(_ node: ONNXNode, _ name: String) throws -> Entries {
    if let texts = try texts(node, "\(name)_strings") { return .texts(texts) }
    if let integers = try integers(node, "\(name)_int64s", in: .min ... .max) {
      return .numbers(integers.map { Double($0) }, .int64)
    }
    if let floats = try numbers(node, "\(name)_floats") {
      return .numbers(floats.map { Double($0) }, .float32)
    }
    guard case .tensor(let tensor)? = node.attribute("\(name)_tensor") else {
      throw ImportProblem("its \(name) are missing")
    }
    if tensor.element == .string { return .texts(tensor.strings) }
    return .numbers(try Constant(tensor).numbers, tensor.element)
  }

  /// What stands for what is no key.
  private func missingNumber(_ node: ONNXNode, _ element: ONNXElementType) throws -> Double {
    if case .tensor(let tensor)? = node.attribute("default_tensor") {
      guard let number = try Constant(tensor).first else {
        throw ImportProblem("its default_tensor is not one number")
      }
      return number
    }
    return element.isFloat
      ? Double(try number(node, "default_float", default: -0.0))
      : Double(try integer(node, "default_int64", default: -1, in: .min ... .max))
  }

  /// For each number the place of the key that it is, counted from 1; 0 where it is none.
  private mutating func place(
    of operand: Operand, in keys: [Double], _ element: ONNXElementType
  ) throws -> Operand {
    // Of two keys that are equal the last one counts, and NaN is equal to NaN.
    var places: [Double: Int64] = [:]
    var placeOfNaN: Int64?
    for (index, key) in keys.enumerated() {
      if key.isNaN { placeOfNaN = Int64(index + 1) } else { places[key] = Int64(index + 1) }
    }
    let sorted = places.sorted { $0.value < $1.value }
    let computed = try cast(operand, to: element)
    let list = try cast(
      draft.addConstant(Constant([sorted.count], sorted.map(\.key))),
      to: draft.type(computed.value).element)
    let counts = draft.addConstant(Constant([sorted.count], sorted.map(\.value)))
    return try mapped(Operand(value: computed.value, order: computed.order, element: .int64)) {
      importer, value in
      let column = try importer.reshape(value, to: importer.draft.sizes(value).map { $0 + [1] })
      let isKey = try importer.cast(try importer.binary(.equal, column, list), to: .int64)
      let sum = try importer.draft.emit(
        .reduction(.init(.sum, axes: [importer.draft.rank(value)])),
        [try importer.binary(.multiply, isKey, counts)])
      let place = try importer.reshape(sum, to: importer.draft.sizes(value))
      guard let placeOfNaN else { return place }
      let isNaN = try importer.cast(try importer.unary(.isNaN, value), to: .int64)
      return try importer.binary(
        .add, place, try importer.binary(.multiply, isNaN, number: Double(placeOfNaN)))
    }
  }

  /// For each text the place of the key that it is, counted from 1; 0 where it is none.
  private mutating func place(
    of operand: Operand, _ texts: [Name], in keys: [Name]
  ) throws -> Operand {
    var places: [Name: Int64] = [:]
    for (index, key) in keys.enumerated() { places[key] = Int64(index + 1) }
    let list = draft.addConstant(Constant([texts.count], texts.map { places[$0] ?? 0 }))
    return Operand(
      value: try draft.emit(.gather(.init(axis: 0)), [list, operand.value]), order: operand.order,
      element: .int64)
  }
}
