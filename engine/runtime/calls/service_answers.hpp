#pragma once
/// What a service answered, as a command.
#include "core/command.hpp"
#include "ports/service.hpp"

#include <cstdint>

namespace kontor::runtime {

/// To the attempt of a call.
core::Command answer_of_call(ports::CallOutcome, core::ElementKey job, std::uint32_t attempt);
/// To the question what became of that attempt.
core::Command answer_of_query(ports::CallOutcome, core::ElementKey job, std::uint32_t attempt);

/// A length of time from outside, from nothing to a century: one that can be added to a time.
Duration sensible(Duration);

/// A text from outside as incidents and logs may hold it: valid UTF-8 without control characters, at most 1,000 bytes.
std::string harmless(std::string_view text);

}  // namespace kontor::runtime
