#!/usr/bin/env python3
"""Checks that includes point one way. Usage: includes.py [ROOT]. Prints FILE:LINE: RULE, exit status 1 if there is any."""
import re
import sys
from pathlib import Path

import rules

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:<([^>]+)>|"([^"]+)")')
CLOCK = re.compile(r"_clock::now\s*\(")


class Source:
    """A file of the tree: where it stands, and what it includes."""

    def __init__(self, root, path):
        self.name = path.relative_to(root).as_posix()
        parts = self.name.split("/")
        self.folder = parts[0]
        # include/ is one layer, engine/feel another; a file directly in engine/ has none.
        self.layer = parts[1] if self.folder == "engine" and len(parts) > 2 else None
        self.part = parts[2] if self.layer in rules.PARTS and len(parts) > 3 else None
        self.home = "/".join(parts[:2]) if len(parts) > 2 else parts[0]
        self.is_header = path.suffix == ".hpp"
        text = path.read_text(encoding="utf-8", errors="replace")
        # A comment keeps its line breaks, so that line numbers stay right.
        text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group().count("\n"), text, flags=re.S)
        self.lines = [re.sub(r"^\s*//.*", "", line) for line in text.split("\n")]
        found = ((n, INCLUDE.match(line)) for n, line in enumerate(self.lines, 1))
        self.includes = [(n, m.group(1) or m.group(2), m.group(1) is not None) for n, m in found if m]


def is_standard(target):
    return "/" not in target and "." not in target


class Checker:
    def __init__(self, root):
        self.root = Path(root)
        self.problems = []
        paths = [p for folder in rules.FOLDERS for p in sorted((self.root / folder).rglob("*"))
                 if p.suffix in (".hpp", ".cpp") and "node_modules" not in p.parts]
        self.files = {source.name: source for source in (Source(self.root, p) for p in paths)}
        self.edges = {}  # file -> [(line, file)]

    def say(self, source, line, text):
        self.problems.append(f"{source.name}:{line}: {text}")

    def run(self):
        for source in self.files.values():
            if source.folder == "engine" and source.layer not in rules.LAYERS:
                self.say(source, 1, f"{source.home} is not a layer; a new one gets its place in tests/structure/rules.py")
            if source.part and source.part not in rules.PARTS[source.layer]:
                self.say(source, 1, f"{source.part} has no place in {source.layer}; a new one gets it in tests/structure/rules.py")
            for line, target, angled in source.includes:
                self.check(source, line, target, angled)
            if source.layer in rules.PURE:
                self.check_pure(source)
        self.check_private_headers()
        self.check_circles()
        return sorted(self.problems)

    def check(self, source, line, target, angled):
        if angled and not target.startswith("kontor/"):
            return self.check_library(source, line, target)
        found = self.resolve(source, target, angled)
        if not found:
            return self.say(source, line, f"no file {target}: write <kontor/...> or a path from engine/, as in \"feel/feel.hpp\"")
        self.edges.setdefault(source.name, []).append((line, found))
        self.check_direction(source, line, self.files[found])

    def resolve(self, source, target, angled):
        """The file of this tree that is meant, also if the compiler would not find it there: so the message can name the rule."""
        here = source.name.rsplit("/", 1)[0]
        if angled:
            candidates = ["include/" + target]
        else:
            candidates = [f"engine/{target}", target, f"adapters/{target}"]
            if source.folder != "engine":  # there, one way to write a path
                candidates.insert(0, f"{here}/{target}")
            if source.folder == "examples":  # a larger example has folders of its own
                candidates.insert(1, f"{source.home}/{target}")
        return next((c for c in candidates if c in self.files), None)

    def check_direction(self, source, line, other):
        if rules.FOLDERS.index(other.folder) > rules.FOLDERS.index(source.folder):
            return self.say(source, line, f"{source.folder}/ may not include {other.name}: "
                            f"includes point one way, {' <- '.join(f + '/' for f in rules.FOLDERS)}")
        if not source.layer or not other.layer or source.layer not in rules.LAYERS or other.layer not in rules.LAYERS:
            return None
        if rules.LAYERS.index(other.layer) > rules.LAYERS.index(source.layer):
            return self.say(source, line, f"{source.layer} may not include {other.name}: "
                            f"{other.layer} stands below {source.layer} in {', '.join(rules.LAYERS)}")
        if source.layer == other.layer and source.layer in rules.PARTS:
            return self.check_parts(source, line, other)
        why = rules.NOT_FOR.get(source.layer, {}).get(other.layer)
        if why:
            self.say(source, line, f"{source.layer} may not include {other.name}: {why}")
        return None

    def check_parts(self, source, line, other):
        parts = [*rules.PARTS[source.layer], None]
        if source.part in parts and other.part in parts and parts.index(other.part) > parts.index(source.part):
            self.say(source, line, f"{source.part} may not include {other.name}: "
                     f"{other.part or 'the layer itself'} stands below {source.part} in {', '.join(parts[:-1])}")

    def check_library(self, source, line, target):
        for library, homes in rules.ONLY_IN.items():
            if target.startswith(library) and not any(source.name.startswith(home) for home in homes):
                self.say(source, line, f"<{target}> belongs to {', '.join(homes)}: a library with few users stays replaceable")
        if source.folder == "include" and self.third_party(source, target):
            self.say(source, line, f"<{target}> in a public header: only <kontor/...> and the standard library, "
                     "so that users need none of our dependencies")

    @staticmethod
    def third_party(source, target):
        """Whether this include makes the file depend on a library that it may not hand on."""
        if is_standard(target) or target.startswith("kontor/"):
            return False
        allowed = [p for home, prefixes in rules.PUBLIC_THIRD_PARTY.items() if source.name.startswith(home) for p in prefixes]
        return not any(target.startswith(prefix) for prefix in allowed)

    def check_pure(self, source):
        for line, target, angled in source.includes:
            if angled and target in rules.NOT_PURE:
                self.say(source, line, f"<{target}> in {source.layer}: a pure layer has no threads, clocks, randomness or files")
        for line, text in enumerate(source.lines, 1):
            if CLOCK.search(text):
                self.say(source, line, f"a clock in {source.layer}: time is an input, it comes with the command")

    def check_private_headers(self):
        """A header that includes a library, itself or through another header, is for the files of its own folder only."""
        carries = {name: next(t for _, t, angled in s.includes if angled and self.third_party(s, t))
                   for name, s in self.files.items()
                   if s.is_header and s.folder != "include" and any(a and self.third_party(s, t) for _, t, a in s.includes)}
        before = -1
        while len(carries) != before:
            before = len(carries)
            for name, edges in self.edges.items():
                if self.files[name].is_header and name not in carries:
                    for _, other in edges:
                        if other in carries and self.files[other].home == self.files[name].home:
                            carries[name] = carries[other]
        for name, edges in self.edges.items():
            for line, other in edges:
                if other in carries and self.files[other].home != self.files[name].home:
                    self.say(self.files[name], line, f"{other} brings in <{carries[other]}> and is private to {self.files[other].home}: "
                             "third-party headers belong in .cpp files")

    def check_circles(self):
        done, path = set(), []

        def visit(name):
            if name in done:
                return
            path.append(name)
            for line, other in self.edges.get(name, []):
                if other in path:
                    self.say(self.files[name], line, "circle of includes: " + " -> ".join(path[path.index(other):] + [other]))
                else:
                    visit(other)
            path.pop()
            done.add(name)

        for name in self.files:
            visit(name)


def main():
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2]
    checker = Checker(root)
    problems = checker.run()
    print("\n".join(problems) if problems else f"{len(checker.files)} files, includes point one way")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
