#pragma once
/// Why a server lets nobody in. Private to postgresql/.
#include <chrono>
#include <string>

namespace kontor::store::postgresql {

/// The SQLSTATE with which the server refuses a connection, five characters; empty if nobody answers, or if there is no refusal any more.
/// libpq has no other way to tell it: its messages are in the server's language. Connects, for no longer than `patience`.
std::string state_of_refusal(const std::string& connection, std::chrono::milliseconds patience);

}  // namespace kontor::store::postgresql
