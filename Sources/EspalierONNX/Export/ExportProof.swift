public import EspalierGraph

extension ModelComparison {
  /// Compares what a model went out as, read again and run node by node, with the model: every output of the document.
  ///
  /// - Parameters:
  ///   - document: what `ONNXModel.init(exporting:heads:opset:)` made of the model.
  ///   - model: the model.
  ///   - inputs: elements for inputs, and what symbols are bound to by their shapes; others are drawn.
  /// - Throws: what importing throws, or `RuntimeError` when the inputs do not fit.
  public init(_ document: ONNXModel, of model: Model, inputs: [GivenInput] = []) throws {
    let again = try ImportedModel(document).plain
    try self.init(again, try model.withHeadsOfFurtherOutputs(), inputs: inputs)
  }
}

extension Model {
  /// The model with a head for each output of a head but the first, named as in documents.
  fileprivate func withHeadsOfFurtherOutputs() throws -> Model {
    guard heads.contains(where: { $0.graph.outputs.count > 1 }),
      let worlds = ExportSymbols(self).worlds.first
    else { return self }
    let types = try inferTypes(worlds)
    let further = heads.enumerated().flatMap { index, head in
      head.graph.outputs.dropFirst().map { output in
        let type = types[index + 1][output.value.index]
        let input = GraphInput(
          name: output.name, element: type.element,
          dimensions: type.shape.sizes.map { _ in .any })
        return Head(
          name: ModelExport.outputName(head.name, output.name),
          sources: [.head(head.name, output: output.name)],
          graph: Graph(
            inputs: [input], parameters: [], nodes: [],
            outputs: [GraphOutput(name: output.name, value: ValueID(0))]),
          description: HeadDescription(task: .regression))
      }
    }
    return try Model(trunk: trunk, heads: heads + further)
  }
}
