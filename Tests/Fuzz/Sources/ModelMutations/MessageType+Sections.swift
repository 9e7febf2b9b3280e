import CEspalierSchema
import FuzzSupport

/// The messages of the sections.
extension MessageType {
  static let trunk = MessageType(espalier__trunk__descriptor)
  static let head = MessageType(espalier__head__descriptor)
  static let about = MessageType(espalier__about__descriptor)
  static let example = MessageType(espalier__example__descriptor)
  static let signature = MessageType(espalier__signature__descriptor)
}
