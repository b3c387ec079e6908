#pragma once
/// What nodes write to each other: commands for a bucket that another node has, and what became of them. Bytes may outlive the program
/// that wrote them: forms are only added.
#include "core/decide.hpp"
#include "runtime/mail/order.hpp"

#include <kontor/engine.hpp>

#include <string>
#include <string_view>
#include <variant>

namespace kontor::runtime {

/// Whether a command makes sense at another node: what people and services say does; a bucket's own timers and calls do not.
bool travels(const core::Command&);
/// Of one that travels.
Value value_of_command(const core::Command&);
/// Throws Error{bad_input} for a command that this version does not know.
core::Command command_of(const Variables&);

using Answer = std::variant<Accepted, core::Rejection, Error, Published>;
std::string encode(const Answer&);
/// Throws Error{bad_input} for bytes that are damaged or that a newer version wrote.
Answer decode_answer(std::string_view bytes);

}  // namespace kontor::runtime
