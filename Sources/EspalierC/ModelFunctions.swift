public import CEspalier
import EspalierFormat
import EspalierGraph
import EspalierRuntime

/// Where the caller wants to be told what went wrong.
public typealias CError = UnsafeMutablePointer<espalier_error>

/// What `espalier.h` says of `espalier_abi`.
@c(espalier_abi) public func espalierABI() -> UInt32 { UInt32(ESPALIER_ABI) }

/// What `espalier.h` says of `espalier_model_open`.
@c(espalier_model_open) public func modelOpen(
  _ path: UnsafePointer<CChar>?, _ limits: UnsafePointer<espalier_limits>?,
  _ model: UnsafeMutablePointer<OpaquePointer?>?, _ error: CError?
) -> Int32 {
  code(error) { () throws(Failure) in
    let path = try given(path, "path")
    try open(limits, model) { () throws(FormatError) in
      .file(try FileSource(path: String(cString: path)))
    }
  }
}

/// What `espalier.h` says of `espalier_model_open_memory`.
@c(espalier_model_open_memory) public func modelOpenMemory(
  _ bytes: UnsafeRawPointer?, _ count: Int, _ limits: UnsafePointer<espalier_limits>?,
  _ model: UnsafeMutablePointer<OpaquePointer?>?, _ error: CError?
) -> Int32 {
  code(error) { () throws(Failure) in
    let bytes = UnsafeRawBufferPointer(start: try given(bytes, "bytes"), count: max(count, 0))
    try open(limits, model) { () throws(FormatError) in .memory(MemorySource(unsafeBytes: bytes)) }
  }
}

/// What `espalier.h` says of `espalier_model_open_reader`.
@c(espalier_model_open_reader) public func modelOpenReader(
  _ reader: UnsafePointer<espalier_reader>?, _ limits: UnsafePointer<espalier_limits>?,
  _ model: UnsafeMutablePointer<OpaquePointer?>?, _ error: CError?
) -> Int32 {
  code(error) { () throws(Failure) in
    let reader = try given(reader, "reader").pointee
    try expectSize(reader.struct_size, MemoryLayout<espalier_reader>.size, "reader")
    let source = CallbackSource(
      byteCount: Int(clamping: reader.byte_count), context: reader.context,
      read: try given(reader.read, "reader.read"))
    try open(limits, model) { () throws(FormatError) in .callback(source) }
  }
}

/// What `espalier.h` says of `espalier_model_close`.
@c(espalier_model_close) public func modelClose(_ model: OpaquePointer?) {
  release(model, as: ModelHandle.self)
}

/// What `espalier.h` says of `espalier_model_load`.
@c(espalier_model_load) public func modelLoad(
  _ model: OpaquePointer?, _ heads: UnsafePointer<UnsafePointer<CChar>?>?, _ count: Int,
  _ error: CError?
) -> Int32 {
  code(error) { () throws(Failure) in
    let model = object(try given(model, "model"), as: ModelHandle.self)
    let names = try names(heads, count)
    try reading { () throws(FormatError) in try model.load(names) }
  }
}

/// What `espalier.h` says of `espalier_model_head_count`.
@c(espalier_model_head_count) public func modelHeadCount(_ model: OpaquePointer?) -> Int {
  model.map { object($0, as: ModelHandle.self).heads.count } ?? 0
}

/// What `espalier.h` says of `espalier_model_head`.
@c(espalier_model_head) public func modelHead(
  _ model: OpaquePointer?, _ index: Int
) -> UnsafePointer<CChar>? {
  text(model.map { object($0, as: ModelHandle.self).heads } ?? [], index)
}

/// What `espalier.h` says of `espalier_model_label_count`.
@c(espalier_model_label_count) public func modelLabelCount(
  _ model: OpaquePointer?, _ head: UnsafePointer<CChar>?
) -> Int {
  labels(model, head).count
}

/// What `espalier.h` says of `espalier_model_label`.
@c(espalier_model_label) public func modelLabel(
  _ model: OpaquePointer?, _ head: UnsafePointer<CChar>?, _ index: Int
) -> UnsafePointer<CChar>? {
  text(labels(model, head), index)
}

/// What `espalier.h` says of `espalier_model_self_test`.
@c(espalier_model_self_test) public func modelSelfTest(
  _ model: OpaquePointer?, _ difference: UnsafeMutablePointer<Double>?, _ error: CError?
) -> Int32 {
  code(error) { () throws(Failure) in
    let handle = object(try given(model, "model"), as: ModelHandle.self)
    let difference = try given(difference, "difference")
    let loaded = try handle.loaded()
    difference.pointee = 0
    guard let example = try reading({ () throws(FormatError) in try handle.example() }) else {
      return
    }
    let found = try running { () throws(RuntimeError) in try loaded.differences(from: example) }
    for head in found { difference.pointee = max(difference.pointee, Double(head.relative)) }
  }
}

// MARK: - What they have in common

private func open(
  _ limits: UnsafePointer<espalier_limits>?, _ model: UnsafeMutablePointer<OpaquePointer?>?,
  _ source: () throws(FormatError) -> HandleSource
) throws(Failure) {
  let model = try given(model, "model")
  model.pointee = nil
  var chosen = ReaderLimits()
  if let limits = limits?.pointee {
    try expectSize(limits.struct_size, MemoryLayout<espalier_limits>.size, "limits")
    if limits.threads > 0 { chosen.threads = Int(limits.threads) }
    if limits.memory_bytes > 0 {
      chosen.memoryBytes = Int(clamping: limits.memory_bytes)
      chosen.leastMemoryBytes = chosen.memoryBytes
    }
  }
  let handle = try reading { () throws(FormatError) in
    let reader = try ModelReader(source(), limits: chosen)
    return ModelHandle(reader, heads: try reader.headNames())
  }
  model.pointee = EspalierC.handle(handle)
}

/// Refuses a structure of a size that no version has.
func expectSize(_ size: UInt32, _ expected: Int, _ name: StaticString) throws(Failure) {
  guard Int(size) == expected else {
    throw Failure(
      ESPALIER_BAD_ARGUMENT, "\(name).struct_size is \(size); version 1 has \(expected) bytes")
  }
}

/// Names of heads; nil for all.
func names(
  _ heads: UnsafePointer<UnsafePointer<CChar>?>?, _ count: Int
) throws(Failure) -> [Name]? {
  guard count > 0 else { return nil }
  let heads = try given(heads, "heads")
  var names: [Name] = []
  for index in 0..<count { names.append(Name(try given(heads[index], "a name of heads"))) }
  return names
}

private func labels(_ model: OpaquePointer?, _ head: UnsafePointer<CChar>?) -> [CText] {
  guard let model, let head else { return [] }
  return object(model, as: ModelHandle.self).labels(of: Name(head))
}

private func text(_ texts: [CText], _ index: Int) -> UnsafePointer<CChar>? {
  texts.indices.contains(index) ? UnsafePointer(texts[index].start) : nil
}
