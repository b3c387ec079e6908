#pragma once
/// The program that is killed: an engine with its services, clerks and clients.
#include <filesystem>

namespace kontor::test {

/// Works until every application has ended. Leaves in the folder the store `loans.db`, `calls.log` (what services saw) and `started.log`
/// (which starts were answered).
void run_child(const std::filesystem::path& folder, int applications);

}  // namespace kontor::test
