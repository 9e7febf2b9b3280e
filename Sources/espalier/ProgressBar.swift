import EspalierReport
import EspalierText
import Foundation

/// A bar with the time left, on standard error and on terminals only.
struct ProgressBar {
  /// Whether somebody sees it.
  let isVisible = isatty(STDERR_FILENO) == 1
  private let start = ContinuousClock.now
  /// How long nothing is shown, for what is often done before.
  private let delay: Duration
  private var lastShown: ContinuousClock.Instant?

  /// Makes a bar that is shown once the delay is over.
  init(delay: Duration = .zero) {
    self.delay = delay
  }

  /// Redraws the bar, at most ten times a second.
  ///
  /// - Parameters:
  ///   - share: what is done, from 0 to 1.
  ///   - text: what is being done.
  mutating func show(_ share: Double, _ text: String) {
    guard isVisible else { return }
    let now = ContinuousClock.now
    if now - start < delay { return }
    if let lastShown, now - lastShown < .milliseconds(100) { return }
    lastShown = now
    let elapsed = start.duration(to: now) / .seconds(1)
    let left = share > 0 ? ", \(duration(elapsed / share - elapsed)) left" : ""
    let filled = Int(share * 40)
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 40 - filled)
    let line = "\r[\(bar)] \(text)\(left)\u{1B}[K"
    showProgress(line)
  }

  /// Leaves the line empty.
  func clear() {
    if isVisible && lastShown != nil { showProgress("\r\u{1B}[K") }
  }
}
