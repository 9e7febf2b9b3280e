import EspalierKernels
import EspalierRuntime

extension StepGradient {
  /// With `r` the responses, summed over the `i` that have `j` for a neighbour:
  /// `∂inputⱼ += ∂outputⱼ · rⱼ^−beta − 2 · alpha · beta / size · inputⱼ · Σ ∂outputᵢ · outputᵢ / rᵢ`.
  func localResponseNormalization(_ response: LocalResponse) {
    guard let gradient = inputGradients[0] else { return }
    let channels = response.channels
    let (responses, powers) = (
      scratch.from(0, count: channels), scratch.from(channels, count: channels)
    )
    let factor = 2 * response.alpha * response.beta / Float(response.size)
    for start in stride(from: 0, to: gradient.count, by: channels) {
      let x = inputs[0].from(start, count: channels)
      var r = responses.mutableSpan
      var p = powers.mutableSpan
      localResponses(x.span, response, responses: &r, powers: &p)
      for channel in 0..<channels {
        let given = outputGradient[start + channel]
        gradient[start + channel] += given * powers[channel]
        let share = factor * given * output[start + channel] / responses[channel]
        for neighbour in response.neighbours(of: channel) {
          gradient[start + neighbour] -= share * x[neighbour]
        }
      }
    }
  }
}
