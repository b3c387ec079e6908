#pragma once
/// The program that is killed: an engine with its services, clerks and clients.
#include <chrono>
#include <filesystem>
#include <string>

namespace kontor::test {

/// Works on the store of that URL until every application has ended. Leaves in the folder `calls.log` (what services saw) and `started.log`
/// (which starts were answered). Others may do the same at the same time.
void run_child(const std::filesystem::path& folder, int applications, const std::string& store, std::chrono::milliseconds lease);

}  // namespace kontor::test
