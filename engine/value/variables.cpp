#include <kontor/error.hpp>
#include <kontor/value.hpp>

#include <algorithm>
#include <numeric>

namespace kontor {

/// The entries in their order and, once there are many, their positions sorted by name.
struct Variables::Content {
    static constexpr std::size_t searched_linearly = 16;
    static constexpr auto none = static_cast<std::size_t>(-1);

    std::vector<Entry> entries;
    std::vector<std::uint32_t> by_name;   // empty as long as a linear search is fast

    [[nodiscard]] auto place_in_index(std::string_view name) const noexcept {
        return std::lower_bound(by_name.begin(), by_name.end(), name,
                                [this](std::uint32_t position, std::string_view wanted) { return entries[position].name < wanted; });
    }

    [[nodiscard]] std::size_t position_of(std::string_view name) const noexcept {
        if (by_name.empty()) {
            const auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.name == name; });
            return found == entries.end() ? none : static_cast<std::size_t>(found - entries.begin());
        }
        const auto place = place_in_index(name);
        return place != by_name.end() && entries[*place].name == name ? *place : none;
    }

    void append(std::string_view name, Value value) {
        if (!by_name.empty()) by_name.insert(place_in_index(name), static_cast<std::uint32_t>(entries.size()));
        entries.push_back({std::string{name}, std::move(value)});
        if (by_name.empty() && entries.size() > searched_linearly) build_index();
    }

    void build_index() {
        by_name.resize(entries.size());
        std::iota(by_name.begin(), by_name.end(), 0u);
        // Positions break ties, so that of equal names the first stands first.
        std::sort(by_name.begin(), by_name.end(), [this](std::uint32_t a, std::uint32_t b) {
            const int order = entries[a].name.compare(entries[b].name);
            return order != 0 ? order < 0 : a < b;
        });
    }

    /// Of a name that stands several times, keeps the first place and the last value.
    void merge_duplicates() {
        build_index();
        std::vector<bool> dropped(entries.size());
        bool any = false;
        for (std::size_t first = 0, next = 1; next < by_name.size(); ++next) {
            if (entries[by_name[next]].name != entries[by_name[first]].name) {
                first = next;
                continue;
            }
            entries[by_name[first]].value = std::move(entries[by_name[next]].value);
            dropped[by_name[next]] = any = true;
        }
        if (any) {
            std::size_t kept = 0;
            for (std::size_t n = 0; n < entries.size(); ++n) {
                if (dropped[n]) continue;
                if (kept != n) entries[kept] = std::move(entries[n]);
                ++kept;
            }
            entries.resize(kept);
        }
        reindex(any);
    }

    void reindex(bool changed) {
        if (entries.size() <= searched_linearly) by_name.clear();
        else if (changed || by_name.empty()) build_index();
    }
};

namespace {

std::vector<Variables::Entry> copied(std::initializer_list<std::pair<const std::string_view, Value>> pairs) {
    std::vector<Variables::Entry> entries;
    entries.reserve(pairs.size());
    for (const auto& [name, value] : pairs) entries.push_back({std::string{name}, value});
    return entries;
}

}  // namespace

Variables::Variables(std::initializer_list<std::pair<const std::string_view, Value>> entries) : Variables(copied(entries)) {}

Variables::Variables(std::vector<Entry> entries) {
    if (entries.empty()) return;
    auto content = std::make_shared<Content>();
    content->entries = std::move(entries);
    content->merge_duplicates();
    content_ = std::move(content);
}

std::size_t Variables::size() const noexcept { return content_ ? content_->entries.size() : 0; }

const Value* Variables::find(std::string_view name) const noexcept {
    if (!content_) return nullptr;
    const auto position = content_->position_of(name);
    return position == Content::none ? nullptr : &content_->entries[position].value;
}

const Value& Variables::at(std::string_view name) const {
    if (const Value* value = find(name)) return *value;
    throw Error{Code::bad_input, "there is no variable `" + std::string{name} + '`'};
}

Variables::Content& Variables::own() {
    if (content_ && content_.use_count() == 1) {
        // use_count() does not synchronise. Taking one more reference does: what other threads did with the copies that they have
        // since dropped happens before our change.
        const auto acquired = content_;
        return const_cast<Content&>(*acquired);   // all Content is created non-const, and nobody else sees it
    }
    auto copy = content_ ? std::make_shared<Content>(*content_) : std::make_shared<Content>();
    Content& content = *copy;
    content_ = std::move(copy);
    return content;
}

void Variables::set(std::string_view name, Value value) {
    Content& content = own();
    const auto position = content.position_of(name);
    if (position == Content::none) content.append(name, std::move(value));
    else content.entries[position].value = std::move(value);
}

void Variables::erase(std::string_view name) {
    if (!contains(name)) return;
    Content& content = own();
    content.entries.erase(content.entries.begin() + static_cast<std::ptrdiff_t>(content.position_of(name)));
    content.reindex(true);
}

const Variables::Entry* Variables::begin() const noexcept { return content_ ? content_->entries.data() : nullptr; }
const Variables::Entry* Variables::end() const noexcept { return begin() + size(); }

bool operator==(const Variables& a, const Variables& b) {
    if (a.content_ == b.content_) return true;
    if (a.size() != b.size()) return false;
    return std::all_of(a.begin(), a.end(), [&](const Variables::Entry& entry) {
        const Value* other = b.find(entry.name);
        return other && *other == entry.value;
    });
}

}  // namespace kontor
