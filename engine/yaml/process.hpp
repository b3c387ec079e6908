#pragma once
/// The keys of a process file.
#include "yaml/parts/key.hpp"

namespace kontor::yaml {

Keys file_keys();
Keys process_keys();
Keys service_keys();
Keys message_keys();
Keys defaults_keys();

}  // namespace kontor::yaml
