# SPDX-License-Identifier: MIT
"""Holds every answer against the server's own OpenAPI document."""
import re

import jsonschema


class Contract:
    def __init__(self, document):
        self.document = document
        self.called = set()
        self.validators = {}
        self.inlined = {}
        self.templates = []
        for template, operations in document["paths"].items():
            pattern = re.compile("^" + re.sub(r"\{[^}]+\}", "[^/]+", template) + "$")
            self.templates.append((template.count("{"), pattern, template, operations))
        self.templates.sort(key=lambda t: t[0])

    def operations(self):
        """(operationId, method, path template, operation) of every endpoint."""
        for template, operations in self.document["paths"].items():
            for method, operation in operations.items():
                if isinstance(operation, dict) and "operationId" in operation:
                    yield operation["operationId"], method.upper(), template, operation

    def find(self, method, path):
        path = path.partition("?")[0]
        for _, pattern, _, operations in self.templates:
            if pattern.match(path) and method.lower() in operations:
                return operations[method.lower()]
        return None

    def _resolve(self, node):
        while "$ref" in node:
            target = self.document
            for part in node["$ref"].lstrip("#/").split("/"):
                target = target[part]
            node = target
        return node

    def check(self, method, path, response):
        operation = self.find(method, path)
        if operation is None:
            return
        self.called.add(operation["operationId"])
        responses = operation["responses"]
        status = str(response.status_code)
        assert status in responses, f"{method} {path} answered {status}, which is not documented"
        content = self._resolve(responses[status]).get("content")
        media = response.headers.get("Content-Type", "").partition(";")[0]
        if not content or not response.content:
            return
        assert media in content, f"{method} {path} answered {media}, documented: {list(content)}"
        if not media.endswith("json"):
            return
        key = operation["operationId"], status, media
        if key not in self.validators:
            schema = self._inline(content[media]["schema"])
            self.validators[key] = jsonschema.Draft202012Validator(schema)
        self.validators[key].validate(response.json())

    def _inline(self, node):
        """A schema with the things themselves in place of references: jsonschema would search the
        whole document at each of them."""
        if isinstance(node, list):
            return [self._inline(item) for item in node]
        if not isinstance(node, dict):
            return node
        if "$ref" not in node:
            return {name: self._inline(value) for name, value in node.items()}
        ref = node["$ref"]
        if ref not in self.inlined:
            # Known before its parts are: one of them may refer to it.
            self.inlined[ref] = {}
            self.inlined[ref].update(self._inline(self._resolve(node)))
        beside = {name: value for name, value in node.items() if name != "$ref"}
        return {**self._inline(beside), "allOf": [self.inlined[ref]]} if beside else self.inlined[ref]
