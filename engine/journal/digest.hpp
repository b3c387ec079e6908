#pragma once
/// SHA-256 (FIPS 180-4). This folder is the only one that knows OpenSSL's.
#include <array>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

namespace kontor::journal {

using Digest = std::array<std::byte, 32>;

/// The digest of the parts, one after the other. Any thread; throws std::runtime_error if OpenSSL cannot work at all.
Digest sha256(std::initializer_list<std::string_view> parts);
/// 64 hexadecimal digits.
std::string hex(const Digest&);

}  // namespace kontor::journal
