#include "yaml/parts/fields.hpp"

#include "yaml/elements/table.hpp"

#include <algorithm>
#include <cassert>

namespace kontor::yaml {

namespace {

const Key* find_key(const std::vector<Keys>& tables, std::string_view name) {
    for (const Keys table : tables)
        for (const Key& key : table)
            if (key.name == name) return &key;
    return nullptr;
}

}  // namespace

Fields::Fields(const Site& site, const Node& map, std::string owner, std::vector<Keys> known)
    : site_{site}, map_{map}, owner_{std::move(owner)}, known_{std::move(known)} {
    for (const Entry& entry : map.entries) {
        const Key* key = find_key(known_, entry.key.text);
        if (!key) report_unknown(entry);
        else if (key->presence == Key::Presence::not_yet)
            site.error(entry.key, "not-supported-yet", quoted(key->name) + " is BPMN, but this version does not run it yet");
    }
    for (const Keys table : known_)
        for (const Key& key : table)
            if (key.presence == Key::Presence::required && !map.find(key.name))
                site.error(map, "missing-key", owner_ + " needs " + quoted(key.name), std::string{key.doc});
}

void Fields::report_unknown(const Entry& entry) const {
    if (map_.broken) return;
    std::vector<std::string_view> names;
    for (const Keys table : known_)
        for (const Key& key : table) names.push_back(key.name);
    std::string hint = did_you_mean(entry.key.text, names);
    const std::string elsewhere = elements_with_key(entry.key.text);
    if (hint.empty() && !elsewhere.empty()) hint = "it belongs to " + elsewhere;
    if (hint.empty() && entry.key.text == "next") hint = "nothing follows it";
    constexpr std::size_t most = 12;   // a longer list helps nobody
    if (hint.empty() && names.size() <= most) {
        for (const std::string_view name : names) hint += (hint.empty() ? "known here: " : ", ") + std::string{name};
    }
    site_.error(entry.key, "unknown-key", "unknown key " + quoted(entry.key.text) + " on " + owner_, std::move(hint));
}

const Entry* Fields::entry(std::string_view key) const {
    assert(find_key(known_, key) && "the key stands in no table");
    return map_.find(key);
}

const Node* Fields::operator[](std::string_view key) const {
    const Entry* found = entry(key);
    return found ? &found->value : nullptr;
}

std::string Fields::text(std::string_view key) const {
    const Node* node = (*this)[key];
    return node ? read_text(site_, *node, key).value_or("") : "";
}

void check_format(const Site& site, const Node& root) {
    const Entry* format = root.find("kontor");
    if (!format || (format->value.is_plain() && format->value.text == "1")) return;
    site.error(format->value, "unknown-format", "this version reads format 1, not " + describe(format->value),
        "write `kontor: 1`");
}

bool expect_map(const Site& site, const Node& node, std::string_view what, std::string_view of) {
    if (node.is_map()) return !node.broken;
    site.wanted(what, of, node);
    return false;
}

bool expect_list(const Site& site, const Node& node, std::string_view what) {
    if (node.is_list()) return true;
    site.wanted(what, "a list", node);
    return false;
}

}  // namespace kontor::yaml
