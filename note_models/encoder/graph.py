"""Writes the encoder's graph without its weights: what onnxruntime computes where the encoder reads in our own process.

    .venv/bin/python note_models/encoder/graph.py

Belongs here: the arithmetic of the model, in standard operators of ONNX. Does not belong here: weights
(nlp_assets/engines/encoder/encoder_weights.py) and running it (nlp_assets/engines/encoder/embedded_encoder.py).

Weights have the names of the pretrained model's file and lie outside: who loads the graph gives them. There is no mask
of padding: the texts of a batch have the same number of tokens. The mean over tokens is no part of it either:
onnxruntime adds up the tokens of a single text in another order than those of several.
"""

from pathlib import Path

from onnx import ModelProto, NodeProto, TensorProto, helper

FILE = Path(__file__).resolve().with_name("graph.onnx")
OPERATORS, FORMAT = 23, 11  # the first set of operators with attention, and the file format that came with it
LAYERS, HEADS = 6, 12
WORDS, PLACES, TYPES, WIDTH, INNER_WIDTH = 30522, 512, 2, 384, 1536
NORM_EPSILON = 1e-12
TOKENS, STATES = "tokens", "states"
OUTSIDE = "weights"  # ONNX wants a place for what lies outside; it is never opened


class Graph:
    """The nodes and weights that have been added. Names of results are those of the nodes that make them."""

    def __init__(self):
        self.nodes: list[NodeProto] = []
        self.weights: list[TensorProto] = []

    def add(self, operator: str, name: str, *inputs: str, **settings) -> str:
        """Add a node; its result's name."""
        self.nodes.append(helper.make_node(operator, list(inputs), [name], name, **settings))
        return name

    def weight(self, name: str, *shape: int) -> str:
        """Declare a weight that is given when the graph is loaded; its name."""
        tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape, data_location=TensorProto.EXTERNAL)
        tensor.external_data.add(key="location", value=OUTSIDE)
        self.weights.append(tensor)
        return name

    def whole_number(self, name: str, value: int) -> str:
        """Add a constant, [1]; its name."""
        self.weights.append(helper.make_tensor(name, TensorProto.INT64, [1], [value]))
        return name

    def linear(self, name: str, of: str, inputs: int, outputs: int) -> str:
        """`of` times the weight, [inputs, outputs], plus the bias."""
        product = self.add("MatMul", f"{name}.product", of, self.weight(f"{name}.weight", inputs, outputs))
        return self.add("Add", name, product, self.weight(f"{name}.bias", outputs))

    def norm(self, name: str, of: str) -> str:
        """Every token's numbers with mean 0 and variance 1, scaled and shifted."""
        scale, shift = self.weight(f"{name}.weight", WIDTH), self.weight(f"{name}.bias", WIDTH)
        return self.add("LayerNormalization", name, of, scale, shift, epsilon=NORM_EPSILON)


def embeddings(graph: Graph) -> str:
    """What goes into the first layer, [texts, length, WIDTH]: of the word, of its place, and of the only type."""
    tables = {
        table: graph.weight(f"embeddings.{table}_embeddings.weight", rows, WIDTH)
        for table, rows in (("word", WORDS), ("position", PLACES), ("token_type", TYPES))
    }
    first, one = graph.whole_number("first", 0), graph.whole_number("one", 1)
    length = graph.add("Shape", "length", TOKENS, start=1, end=2)
    words = graph.add("Gather", "words", tables["word"], TOKENS)
    places = graph.add("Slice", "places", tables["position"], first, length, first)
    kind = graph.add("Slice", "type", tables["token_type"], first, one, first)
    placed = graph.add("Add", "placed", words, places)
    return graph.norm("embeddings.LayerNorm", graph.add("Add", "typed", placed, kind))


def layer(graph: Graph, name: str, before: str) -> str:
    """Attention, then two linear maps with a Gelu between them, each added to what it is made of and normalised."""
    attention = f"{name}.attention"
    looked = [graph.linear(f"{attention}.self.{part}", before, WIDTH, WIDTH) for part in ("query", "key", "value")]
    seen = graph.add("Attention", f"{attention}.self", *looked, q_num_heads=HEADS, kv_num_heads=HEADS)
    changed = graph.linear(f"{attention}.output.dense", seen, WIDTH, WIDTH)
    attended = graph.norm(f"{attention}.output.LayerNorm", graph.add("Add", f"{attention}.output", before, changed))
    inner = graph.linear(f"{name}.intermediate.dense", attended, WIDTH, INNER_WIDTH)
    active = graph.add("Gelu", f"{name}.intermediate", inner)
    outer = graph.linear(f"{name}.output.dense", active, INNER_WIDTH, WIDTH)
    return graph.norm(f"{name}.output.LayerNorm", graph.add("Add", f"{name}.output", attended, outer))


def model() -> ModelProto:
    """From `tokens`, whole numbers [texts, length], to `states`, [texts, length, WIDTH]: the last layer's output."""
    graph = Graph()
    states = embeddings(graph)
    for number in range(LAYERS):
        states = layer(graph, f"encoder.layer.{number}", states)
    graph.add("Identity", STATES, states)
    made = helper.make_graph(
        graph.nodes,
        "note_encoder",
        [helper.make_tensor_value_info(TOKENS, TensorProto.INT64, ["texts", "length"])],
        [helper.make_tensor_value_info(STATES, TensorProto.FLOAT, ["texts", "length", WIDTH])],
        graph.weights,
    )
    return helper.make_model(
        made, producer_name="pathways", ir_version=FORMAT, opset_imports=[helper.make_opsetid("", OPERATORS)]
    )


if __name__ == "__main__":
    FILE.write_bytes(model().SerializeToString(deterministic=True))
