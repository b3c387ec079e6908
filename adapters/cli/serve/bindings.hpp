#pragma once
/// Who carries out which service.
#include <kontor/service.hpp>

#include <set>
#include <string>
#include <vector>

namespace kontor::cli {

/// `NAME=URL` of --service: over HTTP. Throws UsageError.
Binding read_binding(const std::string& text);

/// Services of what stands in the store that none of these names fits: their calls wait.
std::set<std::string> unbound_services(const std::string& url, const std::vector<std::string>& bound);

}  // namespace kontor::cli
