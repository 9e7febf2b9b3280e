internal import CEspalierSystem
internal import CONNXSchema
internal import EspalierFormat
internal import EspalierGraph

/// Where in another file the numbers of a tensor lie.
private struct ExternalNumbers {
  /// The path as the document has it.
  let location: String
  let offset: Int
  let length: Int

  /// The position after the numbers, or nil when there is no such position.
  var end: Int? {
    let (end, overflow) = offset.addingReportingOverflow(length)
    return overflow ? nil : end
  }
}

extension DocumentReader {
  /// The numbers of a tensor that lie in another file, read straight into their place.
  mutating func externalNumbers(_ source: TensorSource) throws(ONNXError) -> TensorStorage {
    let entries = try externalEntries(source)
    let file: FileSource
    let external: ExternalNumbers
    do throws(ONNXExternalProblem) {
      external = try externalNumbers(source, entries)
      file = try openExternal(external)
    } catch {
      throw .badExternalData(error, file: entries["location"] ?? "", source.place)
    }
    try take(bytes: source.byteCount, source.place)
    let numbers: TensorStorage
    do throws(FormatError) {
      numbers = try .filled(byteCount: source.byteCount) { (buffer) throws(FormatError) in
        try file.read(at: external.offset, into: buffer)
      }
    } catch {
      throw .badExternalData(.unreadable(error), file: external.location, source.place)
    }
    try source.check(numbers)
    if let folder { externalFiles.insert(Name("\(folder)/\(external.location)")) }
    return numbers
  }

  /// What the document says of the place, by key; keys that are not known are passed over.
  private func externalEntries(_ source: TensorSource) throws(ONNXError) -> [String: String] {
    var entries: [String: String] = [:]
    let message = source.message
    for entry in try elements(message.external_data, message.n_external_data, source.place) {
      let key = try name(entry.pointee.key, source.place).description
      let value = try name(entry.pointee.value, source.place).description
      guard entries.updateValue(value, forKey: key) == nil else {
        throw .badExternalData(.duplicateKey(key), file: "", source.place)
      }
    }
    return entries
  }

  private func externalNumbers(
    _ source: TensorSource, _ entries: [String: String]
  ) throws(ONNXExternalProblem) -> ExternalNumbers {
    guard source.fields.isEmpty else { throw .numbersInBoth }
    guard source.element != .string else { throw .strings }
    guard let location = entries["location"], !location.isEmpty else { throw .noLocation }
    let offset = try number(entries, "offset") ?? 0
    let length = try number(entries, "length") ?? source.byteCount
    guard length == source.byteCount else {
      throw .wrongLength(expected: source.byteCount, found: length)
    }
    return ExternalNumbers(location: location, offset: offset, length: length)
  }

  /// A number of bytes in decimal digits, or nil when there is none under the key.
  private func number(
    _ entries: [String: String], _ key: String
  ) throws(ONNXExternalProblem) -> Int? {
    guard let text = entries[key] else { return nil }
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text) else {
      throw .badNumber(key)
    }
    return number
  }

  private func openExternal(
    _ external: ExternalNumbers
  ) throws(ONNXExternalProblem) -> FileSource {
    try expectBeneath(external.location)
    guard let folder else { throw .noFolder }
    let opened = folder.withCString { folder in
      external.location.withCString { espalier_file_open_beneath(folder, $0) }
    }
    if espalier_is_outside(opened) != 0 { throw .parentFolder }
    if espalier_is_link(opened) != 0 { throw .symbolicLink }
    if espalier_is_no_file(opened) != 0 { throw .notAFile }
    let file: FileSource
    do throws(FormatError) {
      file = try FileSource(opened: opened, mapsUnder: nil)
    } catch {
      throw .unreadable(error)
    }
    guard let end = external.end, end <= file.byteCount else {
      throw .beyondEnd(needed: external.end ?? Int.max, fileBytes: file.byteCount)
    }
    return file
  }

  /// Refuses paths that say that they lead elsewhere; opening refuses those that do.
  private func expectBeneath(_ path: String) throws(ONNXExternalProblem) {
    let components = path.utf8.split(separator: 0x2F, omittingEmptySubsequences: false)
    guard path.utf8.first != 0x2F else { throw .absolutePath }
    for component in components {
      if component.isEmpty { throw .emptyComponent }
      if component.elementsEqual("..".utf8) { throw .parentFolder }
    }
  }
}
