#include "value/nesting.hpp"

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
    std::size_t nesting = 1;

    [[nodiscard]] std::size_t position_of(std::string_view name) const noexcept;
    void append(std::string_view name, Value value);
    void replace(std::size_t position, Value value);
    void remove(std::size_t position);
    /// Of a name that stands several times, keeps the first place and the last value.
    void merge_duplicates();
    void build_index();
    void measure();

private:
    [[nodiscard]] std::vector<std::uint32_t>::const_iterator place_in_index(std::string_view name) const noexcept {
        const auto before = [this](std::uint32_t position, std::string_view wanted) { return entries[position].name < wanted; };
        return std::lower_bound(by_name.begin(), by_name.end(), name, before);
    }
    [[nodiscard]] bool few_and_distinct() const noexcept;
    void sort_positions();
};

std::size_t Variables::Content::position_of(std::string_view name) const noexcept {
    if (by_name.empty()) {
        const auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.name == name; });
        return found == entries.end() ? none : static_cast<std::size_t>(found - entries.begin());
    }
    const auto place = place_in_index(name);
    return place != by_name.end() && entries[*place].name == name ? *place : none;
}

void Variables::Content::append(std::string_view name, Value value) {
    nesting = std::max(nesting, detail::around(kontor::nesting(value)));
    if (!by_name.empty()) by_name.insert(place_in_index(name), static_cast<std::uint32_t>(entries.size()));
    entries.push_back({std::string{name}, std::move(value)});
    if (by_name.empty()) build_index();
}

void Variables::Content::replace(std::size_t position, Value value) {
    const std::size_t old_level = kontor::nesting(entries[position].value) + 1;
    const std::size_t level = detail::around(kontor::nesting(value));
    entries[position].value = std::move(value);
    if (level >= nesting) nesting = level;
    else if (old_level == nesting) measure();
}

void Variables::Content::remove(std::size_t position) {
    entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(position));
    build_index();
    measure();
}

void Variables::Content::sort_positions() {
    by_name.resize(entries.size());
    std::iota(by_name.begin(), by_name.end(), 0u);
    // Positions break ties, so that of equal names the first stands first.
    std::sort(by_name.begin(), by_name.end(), [this](std::uint32_t a, std::uint32_t b) {
        const int order = entries[a].name.compare(entries[b].name);
        return order != 0 ? order < 0 : a < b;
    });
}

void Variables::Content::build_index() {
    by_name.clear();
    if (entries.size() > searched_linearly) sort_positions();
}

void Variables::Content::measure() {
    std::size_t inner = 0;
    for (const Entry& entry : entries) inner = std::max(inner, kontor::nesting(entry.value));
    nesting = detail::around(inner);
}

bool Variables::Content::few_and_distinct() const noexcept {
    if (entries.size() > searched_linearly) return false;
    for (auto entry = entries.begin(); entry != entries.end(); ++entry) {
        if (std::any_of(entries.begin(), entry, [&](const Entry& other) { return other.name == entry->name; })) return false;
    }
    return true;
}

void Variables::Content::merge_duplicates() {
    if (few_and_distinct()) return;
    sort_positions();
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
    if (!any) return;   // many and distinct
    std::size_t kept = 0;
    for (std::size_t n = 0; n < entries.size(); ++n) {
        if (dropped[n]) continue;
        if (kept != n) entries[kept] = std::move(entries[n]);
        ++kept;
    }
    entries.resize(kept);
    build_index();
}

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
    content->measure();
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
    detail::around(kontor::nesting(value));   // refused before anything changes
    Content& content = own();
    const auto position = content.position_of(name);
    if (position == Content::none) content.append(name, std::move(value));
    else content.replace(position, std::move(value));
}

void Variables::erase(std::string_view name) {
    if (contains(name)) own().remove(content_->position_of(name));
}

const Variables::Entry* Variables::begin() const noexcept { return content_ ? content_->entries.data() : nullptr; }
const Variables::Entry* Variables::end() const noexcept { return begin() + size(); }
std::size_t Variables::nesting() const noexcept { return content_ ? content_->nesting : 1; }

bool operator==(const Variables& a, const Variables& b) {
    if (a.content_ == b.content_) return true;
    if (a.size() != b.size()) return false;
    return std::all_of(a.begin(), a.end(), [&](const Variables::Entry& entry) {
        const Value* other = b.find(entry.name);
        return other && *other == entry.value;
    });
}

}  // namespace kontor
