#pragma once
/// The program that is killed: an engine with its services, clerks and clients.
#include <filesystem>
#include <string>

namespace kontor::test {

/// Works on the store of that URL until every application has ended. Leaves in the folder `calls.log` (what services saw) and `started.log`
/// (which starts were answered).
void run_child(const std::filesystem::path& folder, int applications, const std::string& store);

}  // namespace kontor::test
