#pragma once
/// Whether the server keeps what it has confirmed. Private to postgresql/.
#include <string>

namespace kontor::store::postgresql {

class Connection;

/// Sets synchronous_commit for this connection, and reads back what durability rests on. Throws Error{unavailable} that names the mend: of a server
/// that would lose commits, that cannot be written to, or that cannot hold every text.
void require_durable(Connection&, const std::string& name);

}  // namespace kontor::store::postgresql
