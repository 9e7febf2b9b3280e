import CLibFuzzer
import FuzzSupport

/// Changes files in ways that reach every layer of the reader.
///
/// Checksums, lengths and compression would stop a blind fuzzer at the first of them. A file is therefore taken apart,
/// changed in one of its layers, and put together again with everything around the change made right: a message of a
/// graph, the list of sections, how a section is stored, or the bytes of one stretch that has a checksum. One time in
/// sixteen the bytes are changed as they are, so that checksums are tested too.
package struct Mutator {
  var random: SplitMix

  /// Begins with a seed.
  package init(seed: UInt32) {
    random = SplitMix(seed: seed)
  }

  /// The file after some changes, or nil when libFuzzer should change it blindly.
  package mutating func changed(_ file: [UInt8]) -> [UInt8]? {
    guard !random.oneIn(16), var archive = Archive(file) else { return nil }
    for _ in 0...random.below(3) {
      switch random.below(8) {
      case 0...4: changeMessage(&archive, donor: archive)
      case 5: changeSections(&archive)
      case 6: changeStorage(&archive)
      default: return encodedWithChange(archive)
      }
    }
    return archive.encoded()
  }

  /// A file made of two: their parts one after the other, or one with pieces of the other.
  package mutating func crossed(_ first: [UInt8], _ second: [UInt8]) -> [UInt8]? {
    guard var archive = Archive(first), let donor = Archive(second) else { return nil }
    switch random.below(4) {
    case 0:
      archive.parts += donor.parts
    case 1:
      archive.parts.append(contentsOf: donor.parts.shuffled(using: &random).prefix(1))
    case 2:
      guard let part = donor.parts.randomElement(using: &random),
        let section = part.sections.randomElement(using: &random)
      else { return nil }
      archive.parts[random.below(archive.parts.count)].sections.append(section)
      sortSections(&archive)
    default:
      changeMessage(&archive, donor: donor)
    }
    return archive.encoded()
  }

  /// Changes the bytes of one stretch, before its checksum is taken.
  private mutating func encodedWithChange(_ archive: Archive) -> [UInt8] {
    var countdown = random.below(archive.stretchCount)
    return archive.encoded { _, bytes in
      if countdown == 0 { bytes = bytes.mutated(room: 16) }
      countdown -= 1
    }
  }
}

// MARK: - Messages

extension Mutator {
  /// Changes the message of a graph section.
  private mutating func changeMessage(_ archive: inout Archive, donor: Archive) {
    guard let (part, section) = section(of: archive, where: { $0.messageType != nil }),
      let type = archive.parts[part].sections[section].messageType,
      let payload = archive.parts[part].sections[section].decoded
    else { return }
    guard var message = Message(payload[...], type), !random.oneIn(16) else {
      return archive.parts[part].sections[section].store(payload.mutated(room: 16))
    }
    let other = donor.parts.flatMap { $0.sections }.filter { $0.messageType === type }
      .randomElement(using: &random)?.decoded.flatMap { Message($0[...], type) }
    message.mutate(&random, donor: other ?? message)
    archive.parts[part].sections[section].store(message.encoded)
  }

  /// The position of a random section for which a condition holds.
  mutating func section(
    of archive: Archive, where condition: (Archive.Section) -> Bool
  ) -> (part: Int, section: Int)? {
    archive.parts.indices.flatMap { part in
      archive.parts[part].sections.indices.filter { condition(archive.parts[part].sections[$0]) }
        .map { (part, $0) }
    }.randomElement(using: &random)
  }
}

// MARK: - Sections

extension Mutator {
  /// Changes which sections and parts there are, and what the index says of them.
  private mutating func changeSections(_ archive: inout Archive) {
    guard let place = section(of: archive, where: { _ in true }) else { return }
    let part = random.below(archive.parts.count)
    let section = archive.parts[place.part].sections[place.section]
    switch random.below(12) {
    case 0: archive.parts[place.part].sections.remove(at: place.section)
    case 1: archive.parts[part].sections.append(section)
    case 2: archive.parts.append(archive.parts[part])
    case 3: archive.parts.remove(at: part)
    case 4: archive.parts.swapAt(part, random.below(archive.parts.count))
    case 5: archive.parts[part].pageSections = random.below(5)
    case 6:
      archive.parts[part].features.append(random.oneIn(2) ? Array("pages".utf8) : section.name)
    case 7:
      archive.parts[place.part].sections[place.section].kind = random.number(near: section.kind)
    case 8:
      archive.parts[place.part].sections[place.section].name = section.name.mutated(room: 4)
    case 9:
      archive.parts[place.part].sections[place.section].digest = section.digest.mutated(room: 0)
    case 10: split(&archive, at: place)
    default: copyHead(section, in: &archive)
    }
    if !random.oneIn(8) { sortSections(&archive) }
  }

  /// Makes two parts of one.
  private func split(_ archive: inout Archive, at place: (part: Int, section: Int)) {
    var rest = archive.parts[place.part]
    rest.sections.removeFirst(place.section)
    archive.parts[place.part].sections.removeLast(rest.sections.count)
    archive.parts.insert(rest, at: place.part + 1)
  }

  /// Adds a copy of a head and its weights under another name.
  mutating func copyHead(_ section: Archive.Section, in archive: inout Archive) {
    let (old, new) = (section.name, section.name + [UInt8(ascii: "a") + UInt8(random.below(26))])
    for part in archive.parts.indices {
      for var copy in archive.parts[part].sections where copy.name == old {
        guard let type = copy.messageType, type === MessageType.head else {
          copy.name = new
          if copy.messageType == nil { archive.parts[part].sections.append(copy) }
          continue
        }
        guard let payload = copy.decoded, var message = Message(payload[...], type) else {
          continue
        }
        message.rename(old, new)
        copy.name = new
        copy.store(message.encoded)
        archive.parts[part].sections.append(copy)
      }
    }
  }

  /// Brings the sections of every part into the order of the format: the trunk's first, then by name, kind and digest.
  func sortSections(_ archive: inout Archive) {
    let trunk = Array("trunk".utf8)
    for part in archive.parts.indices {
      archive.parts[part].sections.sort { left, right in
        if left.name != right.name {
          if left.name == trunk || right.name == trunk { return left.name == trunk }
          return left.name.lexicographicallyPrecedes(right.name)
        }
        if left.kind != right.kind { return left.kind < right.kind }
        return left.digest.lexicographicallyPrecedes(right.digest)
      }
    }
  }
}

extension Message {
  /// Replaces a name wherever it stands alone.
  fileprivate mutating func rename(_ old: [UInt8], _ new: [UInt8]) {
    for index in elements.indices {
      switch elements[index].value {
      case .bytes(old): elements[index].value = .bytes(new)
      case .message(var message):
        message.rename(old, new)
        elements[index].value = .message(message)
      case .bytes, .number: break
      }
    }
  }
}

// MARK: - Storage

extension Mutator {
  /// Changes how a section is stored, or what its payload is.
  private mutating func changeStorage(_ archive: inout Archive) {
    guard let (part, position) = section(of: archive, where: { _ in true }) else { return }
    var section = archive.parts[part].sections[position]
    switch random.below(8) {
    case 0: section.rawBytes = random.number(near: section.rawBytes)
    case 1: section.codec = random.number(near: section.codec)
    case 2: section.payload = section.payload.mutated(room: 16)
    case 3: section.elementBytes = [1, 2, 4, 8, 16].randomElement(using: &random) ?? 0
    case 4: changeChunk(&section)
    case 5:
      section.store([UInt8](repeating: UInt8(random.below(256)), count: 1 << random.below(20)))
    default:
      guard let payload = section.decoded else { return }
      section.codec = UInt64(1 + random.below(3))
      section.elementBytes = [1, 2, 4, 8].randomElement(using: &random) ?? 1
      section.store(payload)
    }
    archive.parts[part].sections[position] = section
  }

  private mutating func changeChunk(_ section: inout Archive.Section) {
    guard !section.chunkBytes.isEmpty else { return }
    let chunk = random.below(section.chunkBytes.count)
    switch random.below(4) {
    case 0: section.chunkBytes.remove(at: chunk)
    case 1: section.chunkBytes.insert(random.number(near: 1), at: chunk)
    case 2: section.chunkBytes.swapAt(chunk, random.below(section.chunkBytes.count))
    default: section.chunkBytes[chunk] = random.number(near: section.chunkBytes[chunk])
    }
  }
}
