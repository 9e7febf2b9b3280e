public import CEspalier
import EspalierGraph
import EspalierRuntime

/// What `espalier.h` says of `espalier_session_create`.
@c(espalier_session_create) public func sessionCreate(
  _ model: OpaquePointer?, _ heads: UnsafePointer<UnsafePointer<CChar>?>?, _ count: Int,
  _ options: UnsafePointer<espalier_options>?, _ session: UnsafeMutablePointer<OpaquePointer?>?,
  _ error: CError?
) -> Int32 {
  code(error) { () throws(Failure) in
    let session = try given(session, "session")
    session.pointee = nil
    let model = try object(try given(model, "model"), as: ModelHandle.self).loaded()
    let names = try names(heads, count)
    let chosen = try SessionOptions(options)
    let executable = try running { () throws(RuntimeError) in
      try Executable(
        model, heads: names, sizes: chosen.sizes, part: chosen.part,
        memoryBudget: chosen.memoryBytes)
    }
    let handle = SessionHandle(Session(executable))
    handle.session.clampsIndices = chosen.clampsIndices
    session.pointee = EspalierC.handle(handle)
  }
}

/// What `espalier.h` says of `espalier_session_free`.
@c(espalier_session_free) public func sessionFree(_ session: OpaquePointer?) {
  release(session, as: SessionHandle.self)
}

/// What `espalier.h` says of `espalier_session_memory`.
@c(espalier_session_memory) public func sessionMemory(_ session: OpaquePointer?) -> Int {
  session.map { object($0, as: SessionHandle.self).session.plan.arenaByteCount } ?? 0
}

/// What `espalier.h` says of `espalier_session_input_count`.
@c(espalier_session_input_count) public func sessionInputCount(_ session: OpaquePointer?) -> Int {
  session.map { object($0, as: SessionHandle.self).inputs.count } ?? 0
}

/// What `espalier.h` says of `espalier_session_output_count`.
@c(espalier_session_output_count) public func sessionOutputCount(
  _ session: OpaquePointer?
) -> Int {
  session.map { object($0, as: SessionHandle.self).outputs.count } ?? 0
}

/// What `espalier.h` says of `espalier_session_input`.
@c(espalier_session_input) public func sessionInput(
  _ session: OpaquePointer?, _ index: Int, _ tensor: UnsafeMutablePointer<espalier_tensor>?,
  _ error: CError?
) -> Int32 {
  code(error) { () throws(Failure) in
    let handle = try sessionHandle(session)
    let input = try handle.input(index)
    try given(tensor, "tensor").describe(
      nil, handle.inputs[index], TensorType(input.element, input.shape))
  }
}

/// What `espalier.h` says of `espalier_session_output`.
@c(espalier_session_output) public func sessionOutput(
  _ session: OpaquePointer?, _ index: Int, _ tensor: UnsafeMutablePointer<espalier_tensor>?,
  _ error: CError?
) -> Int32 {
  code(error) { () throws(Failure) in
    let handle = try sessionHandle(session)
    let output = try handle.output(index)
    let names = handle.outputs[index]
    try given(tensor, "tensor").describe(
      names.head, names.name, TensorType(output.element, output.shape))
  }
}

/// What `espalier.h` says of `espalier_session_set_input`.
@c(espalier_session_set_input) public func sessionSetInput(
  _ session: OpaquePointer?, _ index: Int, _ bytes: UnsafeRawPointer?, _ count: Int,
  _ error: CError?
) -> Int32 {
  code(error) { () throws(Failure) in
    let handle = try sessionHandle(session)
    let input = try handle.input(index)
    let bytes = UnsafeRawBufferPointer(start: try given(bytes, "bytes"), count: max(count, 0))
    try running { () throws(RuntimeError) in
      try handle.session.setInput(input.name, element: input.element, bytes: bytes.bytes)
    }
  }
}

/// What `espalier.h` says of `espalier_session_bind_input`.
@c(espalier_session_bind_input) public func sessionBindInput(
  _ session: OpaquePointer?, _ index: Int, _ bytes: UnsafeRawPointer?, _ count: Int,
  _ error: CError?
) -> Int32 {
  code(error) { () throws(Failure) in
    let handle = try sessionHandle(session)
    let input = try handle.input(index)
    let bytes = UnsafeRawBufferPointer(start: try given(bytes, "bytes"), count: max(count, 0))
    try running { () throws(RuntimeError) in
      try handle.session.bindInput(input.name, element: input.element, to: bytes)
    }
  }
}

/// What `espalier.h` says of `espalier_session_bind_output`.
@c(espalier_session_bind_output) public func sessionBindOutput(
  _ session: OpaquePointer?, _ index: Int, _ bytes: UnsafeMutableRawPointer?, _ count: Int,
  _ error: CError?
) -> Int32 {
  code(error) { () throws(Failure) in
    let handle = try sessionHandle(session)
    let output = try handle.output(index)
    let bytes = UnsafeMutableRawBufferPointer(
      start: try given(bytes, "bytes"), count: max(count, 0))
    try running { () throws(RuntimeError) in
      try handle.session.bindOutput(of: output.head, output.name, to: bytes)
    }
  }
}

/// What `espalier.h` says of `espalier_session_run`.
@c(espalier_session_run) public func sessionRun(
  _ session: OpaquePointer?, _ error: CError?
) -> Int32 {
  code(error) { () throws(Failure) in
    let handle = try sessionHandle(session)
    try running { () throws(RuntimeError) in try handle.session.run() }
  }
}

/// What `espalier.h` says of `espalier_session_output_bytes`.
@c(espalier_session_output_bytes) public func sessionOutputBytes(
  _ session: OpaquePointer?, _ index: Int
) -> UnsafeRawPointer? {
  guard let session else { return nil }
  let handle = object(session, as: SessionHandle.self)
  guard handle.session.plan.outputs.indices.contains(index) else { return nil }
  return handle.session.address(ofOutput: index)
}

// MARK: - What they have in common

/// How a session runs.
private struct SessionOptions {
  var sizes = SymbolSizes(batch: 1)
  var part = Plan.Part.whole
  var memoryBytes = 1 << 30
  var clampsIndices = false

  init(_ given: UnsafePointer<espalier_options>?) throws(Failure) {
    guard let options = given?.pointee else { return }
    try expectSize(options.struct_size, MemoryLayout<espalier_options>.size, "options")
    switch UInt32(bitPattern: options.part) {
    case ESPALIER_WHOLE.rawValue: part = .whole
    case ESPALIER_TRUNK.rawValue: part = .trunk
    case ESPALIER_HEADS.rawValue: part = .heads
    default: throw Failure(ESPALIER_BAD_ARGUMENT, "options.part cannot be \(options.part)")
    }
    var others: [(symbol: Name, size: Int)] = []
    if options.size_count > 0 {
      let list = try EspalierC.given(options.sizes, "options.sizes")
      for index in 0..<options.size_count {
        let symbol = try EspalierC.given(list[index].symbol, "a symbol of options.sizes")
        others.append((Name(symbol), Int(list[index].size)))
      }
    }
    sizes = SymbolSizes(batch: options.batch == 0 ? 1 : Int(options.batch), others)
    if options.memory_bytes > 0 { memoryBytes = Int(clamping: options.memory_bytes) }
    clampsIndices = options.clamps_indices != 0
  }
}

private func sessionHandle(_ session: OpaquePointer?) throws(Failure) -> SessionHandle {
  object(try given(session, "session"), as: SessionHandle.self)
}

extension SessionHandle {
  fileprivate func input(_ index: Int) throws(Failure) -> PlannedInput {
    guard session.plan.inputs.indices.contains(index) else {
      throw Failure(
        ESPALIER_UNKNOWN_TENSOR, "input \(index) is out of range for \(session.plan.inputs.count)")
    }
    return session.plan.inputs[index]
  }

  fileprivate func output(_ index: Int) throws(Failure) -> PlannedOutput {
    guard session.plan.outputs.indices.contains(index) else {
      throw Failure(
        ESPALIER_UNKNOWN_TENSOR,
        "output \(index) is out of range for \(session.plan.outputs.count)")
    }
    return session.plan.outputs[index]
  }
}

extension UnsafeMutablePointer<espalier_tensor> {
  /// Says what a tensor is.
  fileprivate func describe(
    _ head: CText?, _ name: CText, _ type: TensorType
  ) throws(Failure) {
    try expectSize(pointee.struct_size, MemoryLayout<espalier_tensor>.size, "tensor")
    pointee.element = Int32(type.element.rawValue)
    pointee.head = head.map { UnsafePointer($0.start) }
    pointee.name = UnsafePointer(name.start)
    pointee.byte_count = type.checkedByteCount ?? 0
    pointee.rank = type.shape.rank
    withUnsafeMutableBytes(of: &pointee.sizes) { bytes in
      let sizes = bytes.bindMemory(to: Int64.self)
      for axis in sizes.indices {
        sizes[axis] = axis < type.shape.rank ? Int64(type.shape[axis]) : 0
      }
    }
  }
}
