#pragma once
#include <kontor/error.hpp>

#include <string>

namespace kontor::ports {

/// A row that a store gave back cannot be what was written: that row is lost, however well the store is otherwise.
class Damaged : public Error {
public:
    explicit Damaged(const std::string& what) : Error{Code::unavailable, "the store is damaged: " + what} {}
};

}  // namespace kontor::ports
