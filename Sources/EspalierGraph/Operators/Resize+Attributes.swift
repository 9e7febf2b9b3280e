// How the choices of a resize are numbered in files.

extension Operator.Resize {
  private enum Mode: Int {
    case nearest = 1
    case linear = 2
    case cubic = 3
  }

  private enum CoordinatesNumber: Int {
    case halfPixel = 1
    case halfPixelSymmetric = 2
    case pytorchHalfPixel = 3
    case alignCorners = 4
    case asymmetric = 5
    case crop = 6
  }

  package init(reading attributes: inout AttributeReader) throws(OperatorError) {
    guard let axes = try attributes.axes() else { throw .missingAttribute(.axes) }
    self.init(
      axes: axes, to: try Self.target(&attributes, count: axes.count),
      try Self.filter(&attributes), try Self.coordinates(&attributes, count: axes.count))
  }

  private static func target(
    _ attributes: inout AttributeReader, count: Int
  ) throws(OperatorError) -> Target {
    if let sizes = try attributes.integers(.size, count: count...count, in: 1...maximumSize) {
      switch try attributes.integer(.aspect, default: 0, in: 1...2) {
      case 1: return .within(sizes)
      case 2: return .covering(sizes)
      default: return .sizes(sizes)
      }
    }
    guard let scales = try attributes.numbers(.scale, count: count...count) else {
      throw .missingAttribute(.size)
    }
    guard scales.allSatisfy({ $0 > 0 }) else { throw .invalidAttribute(.scale) }
    return .scales(scales)
  }

  private static func filter(
    _ attributes: inout AttributeReader
  ) throws(OperatorError) -> Filter {
    let mode: Mode = try attributes.choice(.mode)
    if mode == .nearest { return .nearest(try attributes.choice(.rounding)) }
    let antialiased = try attributes.flag(.antialias)
    let excludesOutside = try attributes.flag(.excludeOutside)
    guard mode == .cubic else {
      return .linear(antialiased: antialiased, excludesOutside: excludesOutside)
    }
    return .cubic(
      coefficient: try attributes.requiredNumber(.alpha), antialiased: antialiased,
      excludesOutside: excludesOutside)
  }

  private static func coordinates(
    _ attributes: inout AttributeReader, count: Int
  ) throws(OperatorError) -> Coordinates {
    let number: CoordinatesNumber = try attributes.choice(.coordinates)
    switch number {
    case .halfPixel: return .halfPixel
    case .halfPixelSymmetric: return .halfPixelSymmetric
    case .pytorchHalfPixel: return .pytorchHalfPixel
    case .alignCorners: return .alignCorners
    case .asymmetric: return .asymmetric
    case .crop:
      guard let region = try attributes.numbers(.region, count: 2 * count...2 * count) else {
        throw .missingAttribute(.region)
      }
      return .crop(
        start: Array(region[..<count]), end: Array(region[count...]),
        outside: try attributes.requiredNumber(.value))
    }
  }

  package var attributes: [Attribute] {
    var list = [Attribute(.axes, .integers(axes))]
    switch target {
    case .sizes(let sizes): list.append(Attribute(.size, .integers(sizes)))
    case .within(let sizes):
      list += [Attribute(.size, .integers(sizes)), Attribute(.aspect, .integer(1))]
    case .covering(let sizes):
      list += [Attribute(.size, .integers(sizes)), Attribute(.aspect, .integer(2))]
    case .scales(let scales): list.append(Attribute(.scale, .numbers(scales)))
    }
    switch filter {
    case .nearest(let rounding):
      list.append(Attribute(.mode, .integer(Mode.nearest.rawValue)))
      list.append(Attribute(.rounding, .integer(rounding.rawValue)))
    case .linear(let antialiased, let excludesOutside):
      list.append(Attribute(.mode, .integer(Mode.linear.rawValue)))
      list += Self.flags(antialiased, excludesOutside)
    case .cubic(let coefficient, let antialiased, let excludesOutside):
      list.append(Attribute(.mode, .integer(Mode.cubic.rawValue)))
      list.append(Attribute(.alpha, .number(coefficient)))
      list += Self.flags(antialiased, excludesOutside)
    }
    list.append(Attribute(.coordinates, .integer(coordinatesNumber.rawValue)))
    if case .crop(let start, let end, let outside) = coordinates {
      list.append(Attribute(.region, .numbers(start + end)))
      list.append(Attribute(.value, .number(outside)))
    }
    return list.sorted { $0.key.rawValue < $1.key.rawValue }
  }

  private static func flags(_ antialiased: Bool, _ excludesOutside: Bool) -> [Attribute] {
    (antialiased ? [Attribute(.antialias, .integer(1))] : [])
      + (excludesOutside ? [Attribute(.excludeOutside, .integer(1))] : [])
  }

  private var coordinatesNumber: CoordinatesNumber {
    switch coordinates {
    case .halfPixel: .halfPixel
    case .halfPixelSymmetric: .halfPixelSymmetric
    case .pytorchHalfPixel: .pytorchHalfPixel
    case .alignCorners: .alignCorners
    case .asymmetric: .asymmetric
    case .crop: .crop
    }
  }
}
