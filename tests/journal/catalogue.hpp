#pragma once
/// The event catalogue as a list, for tests that go through all of it.
#include "journal/layout.hpp"

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

namespace kontor::journal::test {

struct CatalogueEntry {
    core::EventType type;
    std::vector<std::pair<std::string, std::string>> fields;   ///< name, type in words
    std::vector<std::string> layout;                           ///< `name(field: type, ...)`, those of structs inside first
};

template <class E>
CatalogueEntry entry_of() {
    CatalogueEntry entry{E::type, {}, {}};
    std::istringstream lines{Layout::of<E>()};
    for (std::string line; std::getline(lines, line);) entry.layout.push_back(line);
    const E event{};
    each_field(event, [&]<class F>(std::string_view name, const F&) {
        entry.fields.emplace_back(name, type_text<F>([](const auto&) {}));
    });
    return entry;
}

/// Sorted by number.
inline std::vector<CatalogueEntry> catalogue() {
    auto entries = []<class... E>(std::type_identity<std::variant<E...>>) {
        return std::vector{entry_of<E>()...};
    }(std::type_identity<core::Event>{});
    std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.type.number < b.type.number; });
    return entries;
}

}  // namespace kontor::journal::test
