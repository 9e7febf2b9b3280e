internal import EspalierFormat
internal import EspalierGraph

/// Where the numbers of a parameter lie: in which weights section, and where in it.
package struct ParameterPlace {
  let section: Int
  let offset: Int

  /// Makes a place.
  package init(section: Int, offset: Int) {
    self.section = section
    self.offset = offset
  }
}

/// A weights section that is to be written.
struct WeightsSection {
  let name: Name
  let weights: WeightsPayload

  var reference: WeightsReference { WeightsReference(name: name, digest: weights.digest) }
}

/// Where the parameters of graphs lie in weights sections, each tensor once.
///
/// There is one section for each set of graphs that share tensors, and each way in which these are stored, named after
/// the first of the graphs. A graph thus needs no section that holds anything for others only. Of sections of one name
/// and the same bytes there is the first, because files tell sections by names and digests.
struct WeightsLayout {
  /// The sections.
  let sections: [WeightsSection]
  /// For each graph, for each parameter its place; nil when its numbers are those of a tensor that is stored elsewhere.
  let places: [[ParameterPlace?]]

  /// Lays out the parameters of graphs.
  ///
  /// - Parameters:
  ///   - graphs: names, ascending, and parameters.
  ///   - elsewhere: tensors that need not be stored.
  init(_ graphs: [(name: Name, parameters: [Parameter])], elsewhere: TensorFinder? = nil) {
    var tensors = TensorFinder()
    var users: [[Int]] = []
    let identities = graphs.enumerated().map { graph, entry in
      entry.parameters.map { parameter -> Int? in
        if elsewhere?.position(of: parameter) != nil { return nil }
        let identity = tensors.insert(parameter)
        if identity == users.count { users.append([]) }
        if users[identity].last != graph { users[identity].append(graph) }
        return identity
      }
    }
    var sections = WeightsSections()
    var places = tensors.parameters.map { _ in ParameterPlace(section: 0, offset: 0) }
    for group in Self.groups(tensors.parameters, users) {
      let members = group.map { tensors.parameters[$0] }
      let section = sections.insert(
        WeightsSection(
          name: graphs[users[group[0]][0]].name,
          weights: WeightsPayload(members, element: members[0].stored)))
      var offset = 0
      for identity in group {
        places[identity] = ParameterPlace(section: section, offset: offset)
        offset += tensors.parameters[identity].storedByteCount
      }
    }
    self.sections = sections.list
    self.places = identities.map { $0.map { identity in identity.map { places[$0] } } }
  }

  /// The tensors that the same graphs use and that are stored in the same way, in the order of their first use.
  private static func groups(_ tensors: [Parameter], _ users: [[Int]]) -> [[Int]] {
    func precedes(_ left: Int, _ right: Int) -> Bool {
      if users[left] != users[right] { return users[left].lexicographicallyPrecedes(users[right]) }
      let stored = (tensors[left].stored.rawValue, tensors[right].stored.rawValue)
      return stored.0 == stored.1 ? left < right : stored.0 < stored.1
    }
    var groups: [[Int]] = []
    for tensor in tensors.indices.sorted(by: precedes) {
      if let last = groups.last?[0], users[last] == users[tensor],
        tensors[last].stored == tensors[tensor].stored
      {
        groups[groups.count - 1].append(tensor)
      } else {
        groups.append([tensor])
      }
    }
    return groups
  }
}

/// Weights sections, each name with the same bytes once.
private struct WeightsSections {
  private struct Key: Hashable {
    let name: Name
    let digest: Digest
  }

  private(set) var list: [WeightsSection] = []
  private var positions: [Key: Int] = [:]

  /// The position of a section of the same name and bytes, whatever these stand for; it is appended unless there is one.
  mutating func insert(_ section: WeightsSection) -> Int {
    let key = Key(name: section.name, digest: section.weights.digest)
    if let known = positions[key] { return known }
    list.append(section)
    positions[key] = list.count - 1
    return list.count - 1
  }
}

/// Tensors, found by what they hold: type, shape, form and numbers.
struct TensorFinder {
  /// The different tensors, in the order of their insertion.
  private(set) var parameters: [Parameter] = []
  private var positions: [TensorKey: Int] = [:]

  /// The position of the tensor that is the same, or nil.
  func position(of parameter: Parameter) -> Int? { positions[TensorKey(parameter)] }

  /// The position of the tensor that is the same, which is inserted unless there is one.
  mutating func insert(_ parameter: Parameter) -> Int {
    let key = TensorKey(parameter)
    if let known = positions[key] { return known }
    parameters.append(parameter)
    positions[key] = parameters.count - 1
    return parameters.count - 1
  }
}

/// A tensor by what it holds, hashed once.
///
/// The hash is of a random seed, so that no file can be made whose tensors all have the same and are compared one by one.
private struct TensorKey: Hashable {
  private let parameter: Parameter
  private let hash: Int

  init(_ parameter: Parameter) {
    self.parameter = parameter
    var hasher = Hasher()
    hasher.combine(parameter.type)
    hasher.combine(parameter.stored)
    parameter.withStoredBytes { hasher.combine(bytes: $0) }
    hash = hasher.finalize()
  }

  func hash(into hasher: inout Hasher) { hasher.combine(hash) }

  static func == (left: Self, right: Self) -> Bool {
    left.hash == right.hash && left.parameter.holdsTheSame(as: right.parameter)
  }
}

extension Parameter {
  fileprivate func holdsTheSame(as other: Parameter) -> Bool {
    guard type == other.type, stored == other.stored else { return false }
    if storage === other.storage && byteOffset == other.byteOffset { return true }
    return withStoredBytes { left in other.withStoredBytes { left.elementsEqual($0) } }
  }
}
