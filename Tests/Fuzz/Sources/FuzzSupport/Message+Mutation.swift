import CLibFuzzer

extension Message {
  /// Changes one place of the tree, any with the same chance.
  ///
  /// - Parameter donor: a message of the same type that parts may be taken from.
  package mutating func mutate(_ random: inout SplitMix, donor: Message) {
    var countdown = random.below(placeCount)
    let pool = Pool(self, donor)
    mutate(&countdown, &random, pool)
  }

  /// The message itself, which can gain an element, and every element in it.
  private var placeCount: Int {
    elements.reduce(1) {
      if case .message(let message) = $1.value { return $0 + 1 + message.placeCount }
      return $0 + 1
    }
  }

  /// Goes through the places; acts on the one where the countdown has reached zero.
  private mutating func mutate(_ countdown: inout Int, _ random: inout SplitMix, _ pool: Pool) {
    if countdown == 0 { addElement(&random, pool) }
    countdown -= 1
    for index in elements.indices {
      if countdown == 0 {
        countdown -= 1
        return mutateElement(index, &random, pool)
      }
      countdown -= 1
      if case .message(var message) = elements[index].value {
        message.mutate(&countdown, &random, pool)
        elements[index].value = .message(message)
      }
      if countdown < 0 { return }
    }
  }

  /// Adds an element of any field: one from the pool, or a small one.
  private mutating func addElement(_ random: inout SplitMix, _ pool: Pool) {
    guard let field = type.fields.randomElement(using: &random) else { return }
    let value: Value
    if let taken = pool.value(like: field, in: type, &random), !random.oneIn(4) {
      value = taken
    } else {
      switch field.kind {
      case .varint, .fixed32, .fixed64: value = .number(random.number(near: 1))
      case .bytes: value = .bytes([UInt8(ascii: "a")])
      case .message(let type): value = .message(Message(type: type, elements: []))
      }
    }
    if !field.isRepeated { elements.removeAll { $0.field.number == field.number } }
    elements.insert(Element(field: field, value: value), at: random.below(elements.count + 1))
  }

  /// Removes, repeats, moves, replaces or changes an element.
  private mutating func mutateElement(_ index: Int, _ random: inout SplitMix, _ pool: Pool) {
    let element = elements[index]
    switch random.below(8) {
    case 0:
      elements.remove(at: index)
    case 1 where element.field.isRepeated:
      let copies = random.oneIn(8) ? random.below(64) : 1
      elements.insert(contentsOf: repeatElement(element, count: copies), at: index)
    case 2:
      elements.swapAt(index, random.below(elements.count))
    case 3:
      if let value = pool.value(like: element.field, in: type, &random) {
        elements[index].value = value
      }
    default:
      elements[index].value.mutate(&random)
    }
  }

  /// The values of two trees, by type and field.
  private struct Pool {
    private let sources: [Message]

    init(_ messages: Message...) {
      sources = messages
    }

    func value(
      like field: MessageType.Field, in type: MessageType, _ random: inout SplitMix
    ) -> Value? {
      var values: [Value] = []
      for source in sources { collect(source, like: field, in: type, &values) }
      return values.randomElement(using: &random)
    }

    private func collect(
      _ message: Message, like field: MessageType.Field, in type: MessageType,
      _ values: inout [Value]
    ) {
      for element in message.elements {
        if message.type.name == type.name, element.field.number == field.number {
          values.append(element.value)
        }
        if case .message(let inner) = element.value {
          collect(inner, like: field, in: type, &values)
        }
      }
    }
  }
}

extension Message.Value {
  fileprivate mutating func mutate(_ random: inout SplitMix) {
    switch self {
    case .number(let number): self = .number(random.number(near: number))
    case .bytes(let bytes): self = .bytes(bytes.mutated(room: 8))
    case .message: break
    }
  }
}

extension [UInt8] {
  /// The bytes after one of libFuzzer's own mutations, which may add up to `room` bytes.
  package func mutated(room: Int) -> [UInt8] {
    var bytes = self + [UInt8](repeating: 0, count: room)
    let count = LLVMFuzzerMutate(&bytes, count, bytes.count)
    return Array(bytes[..<count])
  }
}
