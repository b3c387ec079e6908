#pragma once
/// Whether a connection is a session of the server's. Private to postgresql/.
///
/// A pooler may give each transaction to whichever session is free: settings, prepared statements and what is listened to are then somebody else's,
/// and nobody can tell whose connections are gone.
#include "store/postgresql/address.hpp"

#include <libpq-fe.h>

#include <atomic>
#include <chrono>

namespace kontor::store::postgresql {

/// Finds out once. Any thread.
class Sessions {
public:
    /// Of a connection on which nothing has been set yet. Throws Error{unavailable} if a pooler stands in between that does not keep
    /// sessions, Failure if that cannot be found out.
    void require_kept(PGconn*, const Address&, std::chrono::milliseconds patience);

private:
    std::atomic<bool> kept_{false};
};

}  // namespace kontor::store::postgresql
