import Foundation

/// The memory of the machine.
enum Memory {
  /// Its bytes.
  static let byteCount = Int(clamping: ProcessInfo.processInfo.physicalMemory)

  /// The bytes that a trained number takes: itself, its gradient, and two moments of an optimizer.
  static let bytesForEachParameter = 16

  /// A number of bytes in words.
  static func text(_ bytes: Int) -> String {
    bytes < 1 << 30
      ? "\((bytes + (1 << 20) - 1) >> 20) MiB" : String(format: "%.1f GiB", Double(bytes) / 0x1p30)
  }
}
