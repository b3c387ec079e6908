"""Who may include whom: the shape of the source tree as data. docs/architecture.md tells why."""

# The layers of engine/, from the ground up: a file may include its own layer and those before it.
LAYERS = ["value", "feel", "dmn", "model", "yaml", "lifecycle", "core", "journal", "ports", "sandbox", "runtime"]

# Before a layer in that list, and still not for it.
NOT_FOR = {
    "lifecycle": {layer: "the lifecycles stand alone" for layer in LAYERS if layer != "lifecycle"},
    "core": {"yaml": "core knows the model, not where a model comes from"},
    "sandbox": {"ports": "the sandbox has no store, and calls no service"},
}

# The folders within a layer, from the ground up; what stands in the layer itself is above them all.
PARTS = {
    "runtime": ["machine", "instance", "commit", "calls", "mail", "bucket", "nodes", "reading", "care"],
}

# The top level, from the ground up. tests/ may include anything.
FOLDERS = ["include", "engine", "adapters", "examples"]

# A library with few users stays replaceable.
ONLY_IN = {
    "absl/": ["engine/value"],
    "boost/json": ["engine/value"],
    "boost/regex": ["engine/feel"],
    "yaml-cpp/": ["engine/yaml"],
    "boost/msm/": ["engine/lifecycle"],
    "openssl/": ["engine/journal/digest.cpp", "adapters/http"],
    "boost/asio/ssl": ["adapters/http"],
    "boost/beast/": ["adapters/http", "adapters/web"],
    "Poco/": ["adapters/rest", "examples/loan-server"],
    "amqp.h": ["adapters/amqp", "examples/04-amqp-service/ledger.cpp"],
    "amqp_": ["adapters/amqp", "examples/04-amqp-service/ledger.cpp"],
    "soci/": ["adapters/store"],
    "libpq-fe.h": ["adapters/store/postgresql", "adapters/store/host"],
}

# A header that includes a third-party library is private to its layer, except for these.
PUBLIC_THIRD_PARTY = {
    "engine/runtime": ["boost/asio", "boost/system"],
    "include/kontor/asio.hpp": ["boost/asio", "boost/system"],
}

# The pure layers get time and randomness as inputs and do nothing to the world.
PURE = ["value", "feel", "dmn", "model", "lifecycle", "core"]
NOT_PURE = {"thread", "mutex", "shared_mutex", "condition_variable", "future", "random",
            "iostream", "fstream", "filesystem"}

README_LINES = 15

# What CMake looks for, and the Debian package that has it: scripts/install-dependencies must install it.
PACKAGES = {
    "Boost": "libboost1.81-dev", "yaml-cpp": "libyaml-cpp-dev", "OpenSSL": "libssl-dev", "absl": "libabsl-dev",
    "bidgcc000": "libintelrdfpmath-dev", "Catch2": "catch2", "Python3": "python3", "Poco": "libpoco-dev",
    "rabbitmq-c": "librabbitmq-dev", "jemalloc": "libjemalloc-dev",
    "soci_core": "libsoci-dev", "SQLite3": "libsqlite3-dev", "PostgreSQL": "libpq-dev", "Threads": "g++",
}
