#!/usr/bin/env python3
"""Reads the part of the AWS provider's schema that this folder uses out of npm's typings of it.

    schema.py PACKAGE            prints the schema (PACKAGE: @cdktf/provider-aws, unpacked)
    schema.py PACKAGE --check    says whether schema.json is that, to the byte
"""
import json
import re
import sys
from pathlib import Path

USED = {
    "resources": [
        "default-security-group", "instance", "internet-gateway", "key-pair", "route", "route-table",
        "route-table-association", "security-group", "subnet", "vpc", "vpc-security-group-egress-rule",
        "vpc-security-group-ingress-rule",
    ],
    "data": ["data-aws-ami"],
}

# The typings do not tell an attribute the provider fills in when nobody sets it. By hand, from its documentation.
FILLED_IN = {"aws_instance": {"private_ip", "ipv6_addresses"}, "aws_vpc": {"ipv6_cidr_block"}}

SCALARS = {"string": "string", "number": "number", "boolean": "bool"}
ATTRIBUTE = re.compile(
    r'^ +(\w+): \{\n +value: (.*),\n +isBlock: (true|false),\n +type: "(\w+)",\n +storageClassType: "(\w+)",', re.M)


def snake(name):
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def interfaces(typings):
    """Name of an interface to its properties: name to (required, array)."""
    found = {}
    for name, body in re.findall(r"^export interface (\w+)[^{]*\{\n(.*?)^\}", typings, re.M | re.S):
        properties = re.findall(r"readonly (\w+)(\??): ([^;\n]+)", body)
        found[name] = {p: (not optional, "[]" in kind) for p, optional, kind in properties}
    return found


def type_of(kind, storage):
    if kind == "simple":
        return SCALARS[storage]
    return [kind, SCALARS[re.match(r"string|number|boolean", storage)[0]]]


class Module:
    """One resource or data source of the package."""

    def __init__(self, folder):
        self.typings = (folder / "index.d.ts").read_text()
        self.code = (folder / "index.js").read_text()
        self.interfaces = interfaces(self.typings)
        self.name = re.search(r'tfResourceType = "(\w+)"', self.typings)[1]
        self.root = next(n for n in self.interfaces if n.endswith("Config"))

    def block(self, interface, attrs):
        attributes, blocks = {}, {}
        properties = self.interfaces[interface]
        for name, value, is_block, kind, storage in ATTRIBUTE.findall(attrs):
            # In the value stands the property's own name, where the two differ (get_password_data).
            own = re.search(r"(?:this\._|struct\.)(\w+)", value)[1]
            required, array = next(
                (v for p, v in properties.items()
                 if p == own or snake(p) == name or snake(p).replace("fetch", "get") == name))
            if is_block == "true":
                if kind not in ("list", "set"):
                    continue  # `timeouts`: a struct of Terraform's own
                child = re.sub(r"List$", "", storage)
                function = child[0].lower() + child[1:] + "ToHclTerraform"
                body = re.search(rf"function {function}\(.*?^\}}", self.code, re.M | re.S)[0]
                blocks[name] = {"nesting": kind, "block": self.block(child, body)}
                if not array:
                    blocks[name]["max_items"] = 1
            else:
                attributes[name] = {"type": type_of(kind, storage), "required" if required else "optional": True}
        return {"attributes": attributes, "block_types": blocks}

    def schema(self):
        body = re.search(r"synthesizeHclAttributes\(\) \{.*?\n    \}", self.code, re.S)[0]
        schema = self.block(self.root, body)
        declared = r"export declare class \w+ extends cdktf\.Terraform\w+ \{\n    static readonly tf.*?^\}"
        described = re.search(declared, self.typings, re.M | re.S)[0]
        getters = r"^    get (\w+)\(\): (string|number|cdktf\.IResolvable|string\[\]);"
        for name, kind in re.findall(getters, described, re.M):
            if f"get {name}Input()" not in described:
                types = {"cdktf.IResolvable": "bool", "string[]": ["list", "string"]}
                schema["attributes"][snake(name)] = {"type": types.get(kind, kind), "computed": True}
        schema["attributes"]["id"] = {"type": "string", "optional": True, "computed": True}
        for name in FILLED_IN.get(self.name, ()):
            schema["attributes"][name]["computed"] = True
        return schema


def read(package):
    about = json.loads((package / "package.json").read_text())
    version = about["cdktf"]["provider"]["version"]
    schema = {"typings": f'{about["name"]} {about["version"]}', "provider_version": version}
    for section, folders in USED.items():
        modules = [Module(package / "lib" / folder) for folder in folders]
        schema[section] = {module.name.removeprefix("data_"): module.schema() for module in modules}
    # What provider.tf sets, and no more.
    schema["provider"] = {
        "attributes": {"region": {"type": "string", "optional": True}},
        "block_types": {"default_tags": {"nesting": "list", "block": {
            "attributes": {"tags": {"type": ["map", "string"], "optional": True}}, "block_types": {}}}},
    }
    return json.dumps(schema, indent=1, sort_keys=True) + "\n"


def main():
    made = read(Path(sys.argv[1]))
    if "--check" not in sys.argv:
        print(made, end="")
        return 0
    held = Path(__file__).with_name("schema.json").read_text()
    if held == made:
        print("schema.json is what", json.loads(made)["typings"], "says")
        return 0
    print("schema.json differs from the typings: schema.py PACKAGE > schema.json", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
