#!/usr/bin/env python3
"""The checkers against trees that are wrong on purpose: a rule that never fires holds nothing."""
import contextlib
import tempfile
import unittest
from pathlib import Path

import files
import includes

GOOD = {
    "include/kontor/value.hpp": "#pragma once\n#include <string>\n",
    "engine/feel/feel.hpp": '#include <kontor/value.hpp>\n#include <vector>\n',
    "engine/core/decide.hpp": '#include "feel/feel.hpp"\n',
    "engine/core/decide.cpp": '#include "core/decide.hpp"\n#include "lifecycle/lifecycle.hpp"\n',
    "engine/lifecycle/lifecycle.hpp": "#include <optional>\n",
    "engine/lifecycle/machine.hpp": '#include <boost/msm/back/state_machine.hpp>\n#include "lifecycle/lifecycle.hpp"\n',
    "engine/lifecycle/job.cpp": '#include "lifecycle/machine.hpp"\n',
    "adapters/cli/main.cpp": '#include "core/decide.hpp"\n#include "print.hpp"\n#include <sqlite3.h>\n',
    "adapters/cli/print.hpp": "// #include <boost/asio.hpp>\n/* \n#include \"nothing.hpp\" */\n",
}


@contextlib.contextmanager
def tree(contents):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in contents.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        yield Path(folder)


class Includes(unittest.TestCase):
    def problems(self, added):
        with tree(GOOD | added) as root:
            return includes.Checker(root).run()

    def expect(self, place, words, added):
        found = self.problems(added)
        self.assertEqual(len(found), 1, found)
        self.assertTrue(found[0].startswith(place + ": "), found)
        self.assertIn(words, found[0])

    def test_a_good_tree_has_no_problem(self):
        self.assertEqual(self.problems({}), [])

    def test_a_layer_below(self):
        self.expect("engine/feel/eval.cpp:2", "core stands below feel", {"engine/feel/eval.cpp": '\n#include "core/decide.hpp"\n'})

    def test_core_and_yaml(self):
        self.expect("engine/core/read.cpp:1", "where a model comes from",
                    {"engine/core/read.cpp": '#include "yaml/read.hpp"\n', "engine/yaml/read.hpp": ""})

    def test_engine_and_adapters(self):
        self.expect("engine/core/a.cpp:1", "point one way", {"engine/core/a.cpp": '#include "adapters/cli/print.hpp"\n'})
        self.expect("adapters/cli/a.cpp:1", "point one way",
                    {"adapters/cli/a.cpp": '#include "examples/hello.hpp"\n', "examples/hello.hpp": ""})

    def test_public_headers(self):
        self.expect("include/kontor/engine.hpp:1", "point one way", {"include/kontor/engine.hpp": '#include "feel/feel.hpp"\n'})
        self.expect("include/kontor/engine.hpp:1", "public header", {"include/kontor/engine.hpp": "#include <boost/uuid.hpp>\n"})
        self.assertEqual(self.problems({"include/kontor/asio.hpp": "#include <boost/asio/awaitable.hpp>\n"}), [])

    def test_third_party_headers_stay_private(self):
        self.expect("engine/core/a.cpp:1", "private to engine/lifecycle", {"engine/core/a.cpp": '#include "lifecycle/machine.hpp"\n'})
        through = {"engine/lifecycle/more.hpp": '#include "lifecycle/machine.hpp"\n', "engine/core/a.cpp": '#include "lifecycle/more.hpp"\n'}
        self.expect("engine/core/a.cpp:1", "<boost/msm/back/state_machine.hpp>", through)

    def test_a_library_with_few_users(self):
        self.expect("engine/core/a.cpp:1", "belongs to engine/yaml", {"engine/core/a.cpp": "#include <yaml-cpp/yaml.h>\n"})
        self.expect("adapters/cli/a.cpp:1", "belongs to engine/journal/digest.cpp", {"adapters/cli/a.cpp": "#include <openssl/sha.h>\n"})

    def test_the_sandbox_and_ports(self):
        self.expect("engine/sandbox/a.cpp:1", "no store", {"engine/sandbox/a.cpp": '#include "ports/store.hpp"\n', "engine/ports/store.hpp": ""})

    def test_the_pure_core(self):
        self.expect("engine/core/a.cpp:1", "pure layer", {"engine/core/a.cpp": "#include <thread>\n"})
        self.expect("engine/core/a.cpp:2", "time is an input", {"engine/core/a.cpp": "\nauto t = std::chrono::system_clock::now();\n"})

    def test_unknown_layer_and_unknown_file(self):
        self.expect("engine/misc/a.hpp:1", "not a layer", {"engine/misc/a.hpp": ""})
        self.expect("engine/core/a.cpp:1", "no file", {"engine/core/a.cpp": '#include "decide.hpp"\n'})

    def test_folders_of_a_layer(self):
        good = {"engine/runtime/bucket/bucket.hpp": "", "engine/runtime/engine.cpp": '#include "runtime/bucket/bucket.hpp"\n'}
        self.assertEqual(self.problems(good), [])
        self.expect("engine/runtime/machine/clock.hpp:1", "bucket/bucket.hpp: bucket stands below machine",
                    {**good, "engine/runtime/machine/clock.hpp": '#include "runtime/bucket/bucket.hpp"\n'})
        self.expect("engine/runtime/nodes/nodes.cpp:1", "the layer itself stands below nodes",
                    {"engine/runtime/all.hpp": "", "engine/runtime/nodes/nodes.cpp": '#include "runtime/all.hpp"\n'})
        self.expect("engine/runtime/attic/old.hpp:1", "attic has no place", {"engine/runtime/attic/old.hpp": ""})

    def test_circle(self):
        self.expect("engine/feel/b.hpp:1", "engine/feel/a.hpp -> engine/feel/b.hpp -> engine/feel/a.hpp",
                    {"engine/feel/a.hpp": '#include "feel/b.hpp"\n', "engine/feel/b.hpp": '#include "feel/a.hpp"\n'})


class Files(unittest.TestCase):
    def test_readmes(self):
        with tree({"engine/feel/a.cpp": "", "engine/core/README.md": "x\n" * 16, "adapters/cli/README.md": "x\n" * 15}) as root:
            errors = files.check_readmes(root)
        self.assertEqual(len(errors), 2)
        self.assertTrue(errors[0].startswith("engine/core/README.md:16: 16 lines"))
        self.assertIn("engine/feel: no README.md", errors[1])

    def test_names(self):
        readme = ("`a.cpp`, `b.*`, `*_c.cpp`, `deep.hpp`, `sub/`, `<kontor/x.hpp>`, `core/`, `docs/page.md`, `<kontor/...>`, `/v2/x`, `--json`\n"
                  "`gone.*`, `lost.cpp`, docs/lost.md; `docs/page.md` and `old/`\n")
        with tree({"adapters/cli/README.md": readme, "adapters/cli/a.cpp": "", "adapters/cli/b.hpp": "", "adapters/cli/d_c.cpp": "",
                   "adapters/cli/sub/deep.hpp": "", "include/kontor/x.hpp": "", "engine/core/e.cpp": "", "docs/page.md": ""}) as root:
            errors = files.check_names(root)
        self.assertEqual(errors, [f"adapters/cli/README.md:2: there is no {name}" for name in ("gone.*", "lost.cpp", "docs/lost.md", "old/")])

    def test_paths(self):
        home = "/" + "home"
        bad = {"a.md": f"\nsee {home}/jane/notes\n", "b.sh": f'cd "{home}/ci"\n'}
        good = {"c.md": f"a{home}/page and https://example.org{home}/x\n", "d.cpp": f'"${{root}}{home}/x"\n', "e.bin": f"\0 {home}/jane\n"}
        with tree(bad | good) as root:
            errors = files.check_paths(root)
        self.assertEqual([e.split(": ")[0] for e in sorted(errors)], ["a.md:2", "b.sh:1"])

    def test_titles(self):
        with tree({"tests/a.cpp": '\nTEST_CASE("one; two") {\nSCENARIO("one, two") {}\n'}) as root:
            errors = files.check_titles(root)
        self.assertEqual([e.split(": ")[0] for e in errors], ["tests/a.cpp:2"])

    def test_faults(self):
        page = "| fault | |\n| `one`: what | harm | nobody |\n| `gone`: what | harm | nobody |\n"
        with tree({"tests/mutants/one.fault": "", "tests/mutants/two.fault": "", "docs/reference/faults-we-planted.md": page}) as root:
            errors = files.check_faults(root)
        self.assertEqual(len(errors), 2, errors)
        self.assertIn("does not have two", errors[0])
        self.assertIn("gone is planted no more", errors[1])

    def test_packages(self):
        cmake = "find_package(absl REQUIRED)\n  find_package(Nothing)\nfind_library(A bidgcc000 REQUIRED)\n"
        with tree({"CMakeLists.txt": cmake, "scripts/install-dependencies": "  libabsl-dev   # why\n"}) as root:
            errors = files.check_packages(root)
        self.assertEqual(len(errors), 2, errors)
        self.assertIn("which package has Nothing?", errors[0])
        self.assertIn("lacks libintelrdfpmath-dev", errors[1])


if __name__ == "__main__":
    unittest.main()
