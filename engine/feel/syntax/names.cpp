#include "feel/syntax/names.hpp"

#include "feel/builtins/registry.hpp"

#include <algorithm>

namespace kontor::feel {
namespace {

/// How many bytes of the text the name takes, any spaces for a space; 0 if it does not stand there.
std::size_t match(std::string_view name, std::string_view text) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (name[i] != ' ') {
            if (at >= text.size() || text[at] != name[i]) return 0;
            ++at;
            continue;
        }
        const auto before = at;
        for (auto c = code_point(text, at); c.length && is_space(c.value); c = code_point(text, at)) at += c.length;
        if (at == before) return 0;
    }
    const auto next = code_point(text, at);
    const bool ends_in_word = is_name_part(static_cast<unsigned char>(name.back()));
    return next.length && ends_in_word && is_name_part(next.value) ? 0 : at;
}

void longest(const std::vector<std::string>& names, std::string_view text, Names::Found& best) {
    for (const auto& name : names) {
        const auto length = match(name, text);
        if (length > best.length) best = {name, length, true};
    }
}

}  // namespace

Names::Names(std::span<const std::string> known) {
    for (const auto& name : known) {
        auto clean = normalized_name(name);
        if (!clean.empty() && !is_plain_name(clean)) known_.push_back(std::move(clean));
    }
    for (const auto& name : builtin_names_with_spaces()) known_.push_back(name);
    members_ = {"time offset", "start included", "end included"};
}

Names::Found Names::find(Cursor& cursor, bool as_member) {
    const auto identifier = cursor.peek_identifier();
    Found best{std::string{identifier}, identifier.size(), false};
    const auto text = cursor.rest();
    longest(known_, text, best);
    longest(locals_, text, best);
    if (as_member || filters_ > 0) longest(members_, text, best);
    return best;
}

void Names::bind(const std::string& name) { locals_.push_back(name); }

void Names::leave(std::size_t mark) { locals_.resize(mark); }

void Names::add_member(const std::string& name) {
    if (!is_plain_name(name) && std::find(members_.begin(), members_.end(), name) == members_.end()) members_.push_back(name);
}

void Names::use(const std::string& name) {
    const auto bound = std::find(locals_.rbegin(), locals_.rend(), name);
    const auto place = static_cast<std::size_t>(locals_.rend() - bound);   // 0: not bound; else its index plus one
    for (const Body& body : functions_)
        if (place <= body.mark) body.free->insert(name);
    if (place > 0) return;
    reads.insert(name);
    if (filters_ == 0) certain_.insert(name);
    if (certain_.contains(name)) perhaps_entries.erase(name);
    else perhaps_entries.insert(name);
}

}  // namespace kontor::feel
