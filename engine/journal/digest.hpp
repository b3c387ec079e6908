#pragma once
/// SHA-256 (FIPS 180-4). Private to this folder: the only place that knows OpenSSL.
#include <array>
#include <cstddef>
#include <initializer_list>
#include <string_view>

namespace kontor::journal {

using Digest = std::array<std::byte, 32>;

/// The digest of the parts, one after the other. Any thread; throws std::runtime_error if OpenSSL cannot work at all.
Digest sha256(std::initializer_list<std::string_view> parts);

}  // namespace kontor::journal
