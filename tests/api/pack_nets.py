# SPDX-License-Identifier: MIT
"""Tiny ONNX networks in the shapes of InsightFace's, with answers that are known: the packs that
people bring are not ours to ship, but what reads them is ours to test."""
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIDE = 640
STRIDES = (8, 16, 32)
# (stride, column, row, anchor, score, left top right bottom in strides)
FACES = [
    (16, 20, 10, 1, 0.90, (2, 3, 2, 3)),
    (16, 20, 10, 0, 0.80, (2, 3, 2, 2.8)),  # the same face, seen less surely
    (8, 60, 20, 0, 0.70, (3, 4, 3, 4)),
    (32, 4, 12, 0, 0.40, (1, 1, 1, 1)),     # less than the least score
]
# Five points about the centre, in strides.
POINTS = ((-1, -1), (1, -1), (0, 0), (-0.8, 1.2), (0.8, 1.2))
BOXES = [(288, 112, 64, 96), (456, 128, 48, 64)]  # x, y, width, height on 640 x 640


def constant(name, values):
    return numpy_helper.from_array(np.asarray(values, dtype=np.float32), name)


def value(name, shape):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def made_once(make):
    """The same net for the same arguments is copied, not computed again."""
    made = {}

    def cached(path, **how):
        key = tuple(sorted(how.items()))
        if key not in made:
            make(path, **how)
            made[key] = path.read_bytes()
        path.write_bytes(made[key])
    return cached


def save(path, nodes, inputs, outputs, initializers):
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 7
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())


def level(stride, side=SIDE):
    """(scores, distances, points) of one stride, 2 anchors a cell."""
    cells = (side // stride) ** 2 * 2
    scores, distances, points = np.zeros((cells, 1)), np.zeros((cells, 4)), np.zeros((cells, 10))
    for of, column, row, anchor, score, box in FACES:
        if of == stride:
            i = (row * (side // stride) + column) * 2 + anchor
            scores[i], distances[i], points[i] = score, box, np.ravel(POINTS)
    return scores, distances, points


def logit(p):
    return np.log(p / (1 - p)) if p else -9.0


@made_once
def detector(path, kinds=3, batched=False, poison=None, rows=0, side=SIDE, said=None, by_stride=False,
             logits=False):
    """SCRFD: nine outputs, by kind and then by stride, or the other way round. It sees its faces in
    pictures that are more red than blue: a swapped channel shows. `poison` goes into every number that
    comes out. `said`: the side whose sizes are declared, 0: open ones; `logits`: without the sigmoid."""
    nodes = [
        helper.make_node("Split", ["input.1"], ["red", "green", "blue"], axis=1),
        helper.make_node("Sub", ["red", "blue"], ["redder"]),
        helper.make_node("ReduceMean", ["redder"], ["mean"], axes=[0, 1, 2, 3], keepdims=0),
        helper.make_node("Mul", ["mean", "much"], ["far"]),
        helper.make_node("Clip", ["far", "zero", "one"], ["seen"]),
    ]
    known = [constant("much", 1000), constant("zero", 0), constant("one", 1)]
    if poison is not None:
        known.append(constant("poison", poison))
        nodes.append(helper.make_node("Mul", ["seen", "poison"], ["gate"]))
    else:
        nodes.append(helper.make_node("Identity", ["seen"], ["gate"]))
    outputs = []
    order = [(kind, stride) for kind in range(kinds) for stride in STRIDES]
    for kind, stride in sorted(order, key=lambda ks: ks[1]) if by_stride else order:
        data = level(stride, side)[kind]
        if logits and kind == 0:
            data = np.vectorize(logit)(data)
        if rows:
            data = data[:-rows]
        if batched:
            data = data[np.newaxis]
        name = f"{kind}.{stride}"
        declared = list(data.shape)
        if said is not None:
            declared = [(said // stride) ** 2 * 2 if said else f"n{stride}", declared[-1]]
        known.append(constant("k" + name, data))
        if logits and kind == 0:  # unlikely, where nothing is seen
            known.append(constant("low" + name, -9))
            nodes.append(helper.make_node("Sub", ["k" + name, "low" + name], ["up" + name]))
            nodes.append(helper.make_node("Mul", ["up" + name, "gate"], ["on" + name]))
            nodes.append(helper.make_node("Add", ["on" + name, "low" + name], [name]))
        else:
            nodes.append(helper.make_node("Mul", ["k" + name, "gate"], [name]))
        outputs.append(value(name, declared))
    save(path, nodes, [value("input.1", [1, 3, "?h", "?w"])], outputs, known)


@made_once
def embedder(path, dimension=512, poison=None, side=112, blind=None):
    """Means of 7 x 7 pixels of the first and the third plane, one after the other. `blind`: what all
    numbers are divided by, or multiplied with, zero in a picture of little red."""
    nodes = [
        helper.make_node("AveragePool", ["input.1"], ["pooled"], kernel_shape=[7, 7],
                         strides=[7, 7]),
        helper.make_node("Gather", ["pooled", "planes"], ["two"], axis=1),
        helper.make_node("Reshape", ["two", "shape"], ["flat"]),
        helper.make_node("Slice", ["flat", "from", "to", "axis"], ["cut"]),
    ]
    known = [numpy_helper.from_array(np.array(v, dtype=np.int64), n) for n, v in
             [("planes", [0, 2]), ("shape", [1, -1]), ("from", [0]), ("to", [dimension]),
              ("axis", [1])]]
    last = "Identity"
    inputs = ["cut"]
    if blind:
        nodes += [helper.make_node("Gather", ["pooled", "first"], ["red"], axis=1),
                  helper.make_node("ReduceMean", ["red"], ["mean"], axes=[0, 1, 2, 3], keepdims=0),
                  helper.make_node("Add", ["mean", "some"], ["more"]),
                  helper.make_node("Mul", ["more", "much"], ["far"]),
                  helper.make_node("Clip", ["far", "zero", "one"], ["gate"])]
        known += [numpy_helper.from_array(np.array([0], dtype=np.int64), "first"), constant("some", 0.3),
                  constant("much", 1000), constant("zero", 0), constant("one", 1)]
        last = blind
        inputs.append("gate")
    if poison is not None:
        last = "Mul"
        inputs.append("poison")
        known.append(constant("poison", poison))
    nodes.append(helper.make_node(last, inputs, ["683"]))
    save(path, nodes, [value("input.1", ["None", 3, side, side])], [value("683", [1, dimension])],
         known)


def insightface(folder, names=("det_500m.onnx", "w600k_mbf.onnx")):
    """A folder as `buffalo_sc` is handed out."""
    folder.mkdir(parents=True)
    detector(folder / names[0])
    embedder(folder / names[1])
    return folder
