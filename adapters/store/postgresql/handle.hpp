#pragma once
/// A connection of libpq with an owner. Private to postgresql/: includes libpq.
#include "store/postgresql/failure.hpp"

#include <libpq-fe.h>

#include <memory>
#include <string>

namespace kontor::store::postgresql {

using Handle = std::unique_ptr<PGconn, decltype(&PQfinish)>;

/// Nobody let us in: what() are libpq's words in one line. They name host, user and database, never the password.
class NoConnection : public Failure {
public:
    explicit NoConnection(const std::string& words) : Failure{words, "", true} {}
};

/// Throws NoConnection.
Handle connect(const std::string& connection);

/// Without line ends and tabs, one blank where there were several, none at the end.
std::string in_one_line(std::string text);

}  // namespace kontor::store::postgresql
