#pragma once
/// A mapping whose keys are known: finds values by key, and reports what does not belong there.
#include "yaml/parts/key.hpp"
#include "yaml/parts/site.hpp"

#include <vector>

namespace kontor::yaml {

class Fields {
public:
    /// Reports unknown, missing and not yet supported keys at once. `owner` is what the mapping describes, for messages:
    /// `serviceTask`.
    Fields(const Site&, const Node& map, std::string owner, std::vector<Keys> known);

    /// The value, or null. Asserts that the key stands in a table: so that schema and reader know the same keys.
    [[nodiscard]] const Node* operator[](std::string_view key) const;
    [[nodiscard]] const Entry* entry(std::string_view key) const;
    [[nodiscard]] const Node& map() const noexcept { return map_; }
    [[nodiscard]] const Site& site() const noexcept { return site_; }
    [[nodiscard]] const std::string& owner() const noexcept { return owner_; }

    /// The text behind a key, or an empty one.
    [[nodiscard]] std::string text(std::string_view key) const;

private:
    void report_unknown(const Entry&) const;

    Site site_;
    const Node& map_;
    std::string owner_;
    std::vector<Keys> known_;
};

/// `kontor: 1` at the top of a file.
void check_format(const Site&, const Node& root);
/// Checks that the node is a mapping; reports and answers false if not.
bool expect_map(const Site&, const Node&, std::string_view what, std::string_view of = "a mapping");
bool expect_list(const Site&, const Node&, std::string_view what);

}  // namespace kontor::yaml
