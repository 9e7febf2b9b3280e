import CEspalier
import EspalierFormat
import EspalierGraph
import EspalierRuntime

/// Text that ends in a zero byte, for as long as it lives.
final class CText {
  let start: UnsafeMutablePointer<CChar>

  init(_ name: Name) {
    let bytes = name.utf8
    start = .allocate(capacity: bytes.count + 1)
    for (index, byte) in bytes.enumerated() { start[index] = CChar(bitPattern: byte) }
    start[bytes.count] = 0
  }

  deinit {
    start.deallocate()
  }
}

extension Name {
  /// The bytes before the zero byte.
  init(_ text: UnsafePointer<CChar>) {
    var bytes: [UInt8] = []
    var next = text
    while next.pointee != 0 {
      bytes.append(UInt8(bitPattern: next.pointee))
      next += 1
    }
    self.init(utf8: bytes)
  }
}

/// What `espalier_model` stands for.
final class ModelHandle {
  private var reader: ModelReader<HandleSource>
  /// The heads of the file.
  let heads: [CText]
  /// The trunk and the heads that are loaded.
  private(set) var model: Model?
  /// For each loaded head its labels.
  private var labels: [[CText]] = []

  /// Takes a reader and the names of its heads, which come first because Embedded Swift 6.3 does not free an object whose
  /// `init` throws.
  init(_ reader: ModelReader<HandleSource>, heads: [Name]) {
    self.reader = reader
    self.heads = heads.map { CText($0) }
  }

  /// Loads heads beside those that are loaded.
  func load(_ names: [Name]?) throws(FormatError) {
    let loaded = try reader.load(heads: names)
    var all = model?.heads ?? []
    for head in loaded.heads where model?.position(ofHead: head.name) == nil { all.append(head) }
    do throws(GraphError) {
      let merged = try Model(trunk: loaded.trunk, heads: all)
      model = merged
      labels = merged.heads.map { $0.description.labels.map { CText($0) } }
    } catch {
      throw .invalidModel(error)
    }
  }

  /// The labels of a loaded head; none of others.
  func labels(of head: Name) -> [CText] {
    model?.position(ofHead: head).map { labels[$0] } ?? []
  }

  /// The model, once heads are loaded.
  func loaded() throws(Failure) -> Model {
    guard let model else {
      throw Failure(ESPALIER_UNKNOWN_HEAD, "no heads are loaded; call espalier_model_load")
    }
    return model
  }

  /// The file's example for loaded heads.
  func example() throws(FormatError) -> Example? {
    try reader.example(of: model?.heads.map { $0.name })
  }
}

/// What `espalier_session` stands for.
final class SessionHandle {
  var session: Session
  /// The names of inputs.
  let inputs: [CText]
  /// The heads and the names of outputs.
  let outputs: [(head: CText, name: CText)]

  init(_ session: consuming Session) {
    inputs = session.plan.inputs.map { CText($0.name) }
    outputs = session.plan.outputs.map { (CText($0.head), CText($0.name)) }
    self.session = session
  }
}

/// Hands a handle to the caller.
func handle<Handle: AnyObject>(_ object: Handle) -> OpaquePointer {
  OpaquePointer(Unmanaged.passRetained(object).toOpaque())
}

/// What a handle stands for.
func object<Handle: AnyObject>(_ handle: OpaquePointer, as _: Handle.Type) -> Handle {
  Unmanaged<Handle>.fromOpaque(UnsafeRawPointer(handle)).takeUnretainedValue()
}

/// Takes a handle back from the caller.
func release<Handle: AnyObject>(_ handle: OpaquePointer?, as _: Handle.Type) {
  guard let handle else { return }
  Unmanaged<Handle>.fromOpaque(UnsafeRawPointer(handle)).release()
}
