import Crypto
import EspalierFormat
import EspalierTraining
import Foundation

/// The labels and contents of PEM files (RFC 7468).
private func pem(_ path: String, label: String, prefix: [UInt8]) throws -> [UInt8] {
  let bytes = try fileBytes(path, limit: 1 << 16) { CommandError("\(path): \($0)") }
  let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
    .map { $0.trimmingCharacters(in: .whitespaces) }
  guard let begin = lines.firstIndex(of: "-----BEGIN \(label)-----"),
    let end = lines.firstIndex(of: "-----END \(label)-----"), begin < end,
    let content = Data(base64Encoded: lines[(begin + 1)..<end].joined()),
    content.starts(with: prefix), content.count == prefix.count + 32
  else { throw CommandError("\(path): not a PEM file of an Ed25519 \(label.lowercased())") }
  return Array(content.dropFirst(prefix.count))
}

/// An Ed25519 key to sign with.
struct PrivateKey {
  private let key: Curve25519.Signing.PrivateKey

  /// Reads a PKCS #8 file (RFC 8410).
  init(path: String) throws {
    let prefix: [UInt8] = [
      0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04,
      0x20,
    ]
    key = try Curve25519.Signing.PrivateKey(
      rawRepresentation: pem(path, label: "PRIVATE KEY", prefix: prefix))
  }

  /// The signature of a statement.
  func signature(of statement: [UInt8]) throws -> Signature {
    let bytes = try key.signature(for: Data(statement))
    guard
      let signature = Signature(
        publicKey: Array(key.publicKey.rawRepresentation), bytes: Array(bytes))
    else { preconditionFailure("an Ed25519 signature has 64 bytes") }
    return signature
  }
}

/// An Ed25519 key to check signatures with.
struct PublicKey {
  /// The 32 bytes.
  let bytes: [UInt8]
  private let key: Curve25519.Signing.PublicKey

  /// The key of 32 bytes, or nil when they are none.
  init?(bytes: [UInt8]) {
    guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else { return nil }
    self.bytes = bytes
    self.key = key
  }

  /// Reads a SubjectPublicKeyInfo file (RFC 8410).
  init(path: String) throws {
    let prefix: [UInt8] = [
      0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
    ]
    guard let key = PublicKey(bytes: try pem(path, label: "PUBLIC KEY", prefix: prefix)) else {
      throw CommandError("\(path): not an Ed25519 key")
    }
    self = key
  }

  /// Whether a signature is one of a statement by this key.
  func hasMade(_ signature: Signature, of statement: [UInt8]) -> Bool {
    signature.publicKey == bytes
      && key.isValidSignature(Data(signature.bytes), for: Data(statement))
  }
}

extension Signature {
  private static let label = "ESPALIER SIGNATURE"

  /// The signature as the text of a file: key and signature in base 64.
  var text: [UInt8] {
    let content = Data(publicKey + bytes).base64EncodedString(options: .lineLength64Characters)
    return Array("-----BEGIN \(Self.label)-----\n\(content)\n-----END \(Self.label)-----\n".utf8)
  }

  /// Reads the text of a file.
  init(path: String) throws {
    let bytes = try fileBytes(path, limit: 1 << 16) { CommandError("\(path): \($0)") }
    let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
    guard lines.first == "-----BEGIN \(Self.label)-----",
      lines.last == "-----END \(Self.label)-----", lines.count > 2,
      let content = Data(base64Encoded: lines.dropFirst().dropLast().joined()),
      let signature = Signature(
        publicKey: Array(content.prefix(32)), bytes: Array(content.dropFirst(32)))
    else { throw CommandError("\(path): not a signature that espalier sign has written") }
    self = signature
  }
}
