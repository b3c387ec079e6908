#pragma once
/// The keys of a decision file.
#include "yaml/parts/key.hpp"

namespace kontor::yaml {

Keys decision_keys();
Keys decision_input_keys();
Keys decision_output_keys();

}  // namespace kontor::yaml
