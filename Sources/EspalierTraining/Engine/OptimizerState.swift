import Foundation

/// The moments that an optimizer keeps for each trained number, and its update.
struct OptimizerState {
  private let optimizer: Optimizer
  /// Updates so far.
  private(set) var steps = 0
  /// First moments: the velocity of gradient descent, the mean of Adam.
  private(set) var first: [Float]
  /// Second moments of Adam; empty for gradient descent.
  private(set) var second: [Float]

  init(_ optimizer: Optimizer, count: Int) {
    self.optimizer = optimizer
    first = Array(repeating: 0, count: count)
    switch optimizer {
    case .sgd: second = []
    case .adam: second = Array(repeating: 0, count: count)
    }
  }

  /// Continues from moments that were saved before.
  mutating func restore(steps: Int, first: [Float], second: [Float]) {
    precondition(first.count == self.first.count && second.count == self.second.count)
    self.steps = steps
    self.first = first
    self.second = second
  }

  /// Moves the trained numbers against their gradients.
  mutating func update(_ store: ParameterStore, learningRate: Double) {
    steps += 1
    switch optimizer {
    case .sgd(let momentum):
      descend(store, rate: Float(learningRate), momentum: Float(momentum))
    case .adam(let beta1, let beta2, let epsilon):
      let bias1 = 1 - pow(beta1, Double(steps))
      let bias2 = 1 - pow(beta2, Double(steps))
      adam(
        store, rate: Float(learningRate / bias1), scale: Float(1 / bias2.squareRoot()),
        beta1: Float(beta1), beta2: Float(beta2), epsilon: Float(epsilon))
    }
  }

  private mutating func descend(_ store: ParameterStore, rate: Float, momentum: Float) {
    let values = store.values
    let gradients = store.gradients
    first.withUnsafeMutableBufferPointer { velocity in
      for index in 0..<velocity.count {
        velocity[index] = momentum * velocity[index] + gradients[index]
        values[index] -= rate * velocity[index]
      }
    }
  }

  private mutating func adam(
    _ store: ParameterStore, rate: Float, scale: Float, beta1: Float, beta2: Float, epsilon: Float
  ) {
    let values = store.values
    let gradients = store.gradients
    first.withUnsafeMutableBufferPointer { mean in
      second.withUnsafeMutableBufferPointer { square in
        for index in 0..<mean.count {
          let gradient = gradients[index]
          mean[index] = beta1 * mean[index] + (1 - beta1) * gradient
          square[index] = beta2 * square[index] + (1 - beta2) * gradient * gradient
          values[index] -= rate * mean[index] / (square[index].squareRoot() * scale + epsilon)
        }
      }
    }
  }
}

extension TrainingOptions {
  /// The learning rate of an epoch, counted from 0.
  func learningRate(epoch: Int) -> Double {
    switch schedule {
    case .constant: learningRate
    case .cosine: learningRate * 0.5 * (1 + cos(Double.pi * Double(epoch) / Double(epochs)))
    }
  }
}
