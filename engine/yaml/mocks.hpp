#pragma once
/// Reading of mocks and of the data in tests.
#include "yaml/parts/fields.hpp"
#include "yaml/parts/formula.hpp"
#include "yaml/test_file.hpp"

namespace kontor::yaml {

Mocks read_mocks_block(const Site&, const Node&);
/// Data, whose expressions are calculated at once and read no names.
std::optional<Value> read_data(const Site&, const Node&, std::string_view what);
Variables read_data_map(const Site&, const Node&, std::string_view what);

}  // namespace kontor::yaml
