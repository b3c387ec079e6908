#pragma once
/// Names in tests and mocks that mean nothing: a test that never reaches `asess` must not pass for that.
#include "model/process.hpp"
#include "yaml/test_file.hpp"

#include <memory>
#include <string>
#include <vector>

namespace kontor::sandbox {

using Deployed = std::vector<std::shared_ptr<const model::Definition>>;

/// Mocks of services that nobody calls and of user tasks that are none: warnings, since several processes may share their mocks.
std::vector<Problem> unknown_names(const std::string& file, const yaml::Mocks&, const Deployed&);

/// Elements, messages and services in steps and expectations that no process has: errors. And those of the mocks.
std::vector<Problem> unknown_names(const std::string& file, const yaml::TestFile&, const Deployed&);

}  // namespace kontor::sandbox
