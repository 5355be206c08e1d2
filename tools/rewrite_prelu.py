#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Rewrites the PRelu nodes of an ONNX model so that ONNX Runtime keeps its fast memory layout.

ONNX Runtime has no PRelu for its blocked layout, so each one costs two reorderings of its whole
input. PRelu(x) equals s * x + (1 - s) * Relu(x); those nodes all stay in the blocked layout. The
embedding model runs in half the time and gives the same numbers, up to rounding.

The output is the same bytes for the same input. Before it is written it is proved: folding the new
nodes back gives the original graph, and each layer's formula is compared with PRelu on numbers.

usage: rewrite_prelu.py IN.onnx OUT.onnx
       rewrite_prelu.py --check ORIGINAL.onnx REWRITTEN.onnx
"""
import os
import sys

import numpy as np
import onnx
from onnx import helper, numpy_helper

SUFFIXES = {"relu": "/relu", "scaled": "/scaled", "positive": "/positive"}
MAX_ERROR = 1e-6


def slopes_of(graph):
    """Slope arrays of all PRelu nodes, by the name of the initialiser."""
    arrays = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    used = [n.input[1] for n in graph.node if n.op_type == "PRelu"]
    missing = [name for name in used if name not in arrays]
    if missing:
        sys.exit(f"the slope {missing[0]} is computed, not constant: cannot rewrite")
    return {name: arrays[name] for name in used}


def factors(slope):
    """The two constants that stand for one slope: s and 1 - s, shaped for [N, C, H, W]."""
    s = slope.reshape(-1, 1, 1).astype(np.float32)
    return s, (np.float32(1) - s).astype(np.float32)


def replacement(node):
    x, y, slope = node.input[0], node.output[0], node.input[1]
    relu, scaled, positive = (y + SUFFIXES[k] for k in ("relu", "scaled", "positive"))
    return [
        helper.make_node("Relu", [x], [relu], name=relu),
        helper.make_node("Mul", [x, slope + "/s"], [scaled], name=scaled),
        helper.make_node("Mul", [relu, slope + "/1-s"], [positive], name=positive),
        helper.make_node("Add", [scaled, positive], [y], name=node.name or y),
    ]


def rewrite(model):
    graph = model.graph
    slopes = slopes_of(graph)
    nodes, kept = [], []
    for node in graph.node:
        nodes.extend(replacement(node) if node.op_type == "PRelu" else [node])
    for initializer in graph.initializer:
        if initializer.name not in slopes:
            kept.append(initializer)
            continue
        s, rest = factors(slopes[initializer.name])
        kept.append(numpy_helper.from_array(s, initializer.name + "/s"))
        kept.append(numpy_helper.from_array(rest, initializer.name + "/1-s"))
    inputs = [i for i in graph.input if i.name not in slopes]
    result = onnx.ModelProto()
    result.CopyFrom(model)
    for field, values in (("node", nodes), ("initializer", kept), ("input", inputs)):
        del getattr(result.graph, field)[:]
        getattr(result.graph, field).extend(values)
    return result


def fold_back(nodes):
    """Undoes replacement(): gives (op, inputs, outputs, attributes) rows with PRelu again."""
    made_by = {n.output[0]: n for n in nodes}
    inner = set()
    rows = []
    for node in nodes:
        y = node.output[0]
        if node.op_type == "Add" and list(node.input) == [y + SUFFIXES["scaled"],
                                                          y + SUFFIXES["positive"]]:
            relu, scaled, positive = (made_by[y + SUFFIXES[k]]
                                      for k in ("relu", "scaled", "positive"))
            x, slope = scaled.input[0], scaled.input[1][:-len("/s")]
            exact = (relu.op_type == "Relu" and list(relu.input) == [x]
                     and scaled.op_type == "Mul" and positive.op_type == "Mul"
                     and list(positive.input) == [relu.output[0], slope + "/1-s"])
            if not exact:
                sys.exit(f"{y}: the new nodes do not form a PRelu")
            inner.update((relu.output[0], scaled.output[0], positive.output[0]))
            rows.append(("PRelu", (x, slope), (y,), ()))
        else:
            rows.append(row(node))
    return [r for r in rows if r[2][0] not in inner]


def row(node):
    attributes = tuple(sorted(a.SerializeToString() for a in node.attribute))
    return node.op_type, tuple(node.input), tuple(node.output), attributes


def check_numbers(name, slope, by_name):
    """Compares the formula with PRelu, in the model's own precision, over a wide range of inputs."""
    s, rest = by_name[name + "/s"], by_name[name + "/1-s"]
    x = np.linspace(-50, 50, 2001, dtype=np.float32).reshape(1, 1, -1)
    want = np.where(x > 0, x, x * slope.reshape(-1, 1, 1))
    got = s * x + rest * np.maximum(x, np.float32(0))
    error = np.max(np.abs(got - want) / np.maximum(np.abs(want), 1))
    if not error <= MAX_ERROR:
        sys.exit(f"{name}: differs from PRelu by {error:g}, at most {MAX_ERROR:g} is allowed")


def check(original, rewritten):
    """Exits with a reason unless both models compute the same function."""
    slopes = slopes_of(original.graph)
    if not slopes:
        sys.exit("the model has no PRelu node")
    if any(n.op_type == "PRelu" for n in rewritten.graph.node):
        sys.exit("a PRelu node is left")
    if fold_back(rewritten.graph.node) != [row(n) for n in original.graph.node]:
        sys.exit("the rewritten graph, folded back, is not the original graph")
    by_name = {i.name: numpy_helper.to_array(i) for i in rewritten.graph.initializer}
    for name, slope in slopes.items():
        check_numbers(name, slope, by_name)
    for initializer in original.graph.initializer:
        if initializer.name in slopes:
            continue
        same = np.array_equal(numpy_helper.to_array(initializer), by_name.get(initializer.name))
        if not same:
            sys.exit(f"{initializer.name}: the weights differ")
    if list(original.graph.output) != list(rewritten.graph.output):
        sys.exit("the outputs differ")
    onnx.checker.check_model(rewritten)
    return len(slopes)


def main(arguments):
    if len(arguments) == 3 and arguments[0] == "--check":
        count = check(onnx.load(arguments[1]), onnx.load(arguments[2]))
        print(f"{count} PRelu nodes: same function")
        return
    if len(arguments) != 2:
        sys.exit(__doc__)
    original = onnx.load(arguments[0])
    rewritten = rewrite(original)
    check(original, rewritten)
    part = arguments[1] + ".part"
    with open(part, "wb") as out:
        out.write(rewritten.SerializeToString(deterministic=True))
    os.replace(part, arguments[1])


if __name__ == "__main__":
    main(sys.argv[1:])
