import EspalierFormat
import EspalierGraph
import FuzzSupport

/// Changes what files compute, and little else, so that many of them load.
extension Mutator {
  /// The file after some changes of its trunk, heads and weights, or nil when libFuzzer should change it blindly.
  ///
  /// - Parameter donor: a file whose nodes may be taken; it may be the same one.
  package mutating func recomputed(_ file: [UInt8], donor: [UInt8]) -> [UInt8]? {
    guard !random.oneIn(64), var archive = Archive(file), let donor = Archive(donor) else {
      return nil
    }
    for _ in 0...random.below(3) {
      guard let place = section(of: archive, where: { (1...3).contains($0.kind) }) else {
        return nil
      }
      var section = archive.parts[place.part].sections[place.section]
      if section.kind == 2 && random.oneIn(8) {
        copyHead(section, in: &archive)
        sortSections(&archive)
      } else {
        change(&section, donor: donor)
        archive.parts[place.part].sections[place.section] = section
      }
    }
    fitHeads(of: &archive)
    return archive.encoded()
  }

  private mutating func change(_ section: inout Archive.Section, donor: Archive) {
    guard let payload = section.decoded else { return }
    guard let type = section.messageType, var message = Message(payload[...], type) else {
      let zeros = [UInt8](repeating: 0, count: payload.count)
      return section.store(Array((payload.mutated(room: 0) + zeros)[..<payload.count]))
    }
    let others = donor.parts.flatMap(\.sections).filter { $0.kind == 1 || $0.kind == 2 }
      .compactMap { other in
        other.messageType.flatMap { type in other.decoded.flatMap { Message($0[...], type) } }
      }
    if random.oneIn(2) {
      message.changeGraph(&random, donor: others.randomElement(using: &random) ?? message)
    } else {
      message.mutate(&random, donor: others.first { $0.type === type } ?? message)
    }
    section.store(message.encoded)
  }

  /// Lets heads declare what they read as it is.
  private func fitHeads(of archive: inout Archive) {
    for _ in 0..<8 {
      guard let (head, input, type) = Self.mismatch(of: archive.encoded()) else { return }
      for part in archive.parts.indices {
        for (index, section) in archive.parts[part].sections.enumerated()
        where section.kind == 2 && section.name == head.utf8 {
          guard let payload = section.decoded, var message = Message(payload[...], .head) else {
            return
          }
          message.declare(input, as: type)
          archive.parts[part].sections[index].store(message.encoded)
        }
      }
    }
  }

  /// The first input of a head that is declared as what it is not.
  private static func mismatch(
    of file: [UInt8]
  ) -> (head: Name, input: Name, type: TensorType)? {
    do throws(FormatError) {
      var limits = ReaderLimits()
      limits.memoryBytes = 1 << 24
      var reader = try ModelReader(MemorySource(file), limits: limits)
      _ = try reader.load()
    } catch .invalidModel(.featureMismatch(let input, found: let type, let head)) {
      return (head, input.name, type)
    } catch {}
    return nil
  }
}
