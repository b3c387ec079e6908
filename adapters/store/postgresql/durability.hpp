#pragma once
/// Whether the server keeps what it has confirmed. Private to postgresql/.
#include <string>
#include <vector>

namespace kontor::store::postgresql {

class Connection;

/// Throws Error{unavailable} at a standby: what it shows may be older than what was committed.
void require_primary(Connection&, const std::string& name);

/// Sets synchronous_commit for this connection, and reads back what durability rests on. Throws Error{unavailable} that names the mend: of a server
/// that would lose commits, or cannot hold every text.
void require_durable(Connection&, const std::string& name);

/// What an operator should know of a server that keeps its commits and might be replaced by one that does not.
std::vector<std::string> warnings_about(Connection&, const std::string& name);

}  // namespace kontor::store::postgresql
