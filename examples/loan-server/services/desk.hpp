#pragma once
/// The five services as functions: what each answers follows from its input and the seed alone.
#include "net/json.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace loan {

struct Outcome {
    int status = 200;                 ///< 422: a business error, whose `code` stands in the body
    std::string body{};               ///< JSON
};

struct Desk {
    std::string_view name{};          ///< `credit`
    std::string_view binding{};       ///< `credit.*`: the services of the process that it carries out
    std::string_view operations{};    ///< their names, with spaces between
    std::string_view subject{};       ///< the input that says whom it is about
    Outcome (*work)(const std::string& operation, const Object& input, unsigned seed) = nullptr;
};
std::span<const Desk> desks();
/// Throws std::invalid_argument with the names that there are.
const Desk& desk(std::string_view name);
bool offers(const Desk& desk, std::string_view operation);

/// A number that looks random and is the same on every machine.
std::uint64_t digest(std::string_view text);

}  // namespace loan
