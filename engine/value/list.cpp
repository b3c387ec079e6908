#include "value/nesting.hpp"

#include <kontor/value.hpp>

#include <algorithm>

namespace kontor {

struct List::Content {
    std::vector<Value> items;
    std::size_t nesting = 1;
};

List::List(std::vector<Value> items) {
    if (items.empty()) return;
    std::size_t inner = 0;
    for (const Value& item : items) inner = std::max(inner, kontor::nesting(item));
    content_ = std::make_shared<const Content>(Content{std::move(items), detail::around(inner)});
}

List::List(std::initializer_list<Item> items) {
    std::vector<Value> values;
    values.reserve(items.size());
    for (const Item& item : items) values.push_back(item.value);
    *this = List(std::move(values));
}

std::size_t List::size() const noexcept { return content_ ? content_->items.size() : 0; }
const Value& List::operator[](std::size_t index) const noexcept { return content_->items[index]; }
const Value* List::begin() const noexcept { return content_ ? content_->items.data() : nullptr; }
const Value* List::end() const noexcept { return begin() + size(); }
std::size_t List::nesting() const noexcept { return content_ ? content_->nesting : 1; }

bool operator==(const List& a, const List& b) {
    return a.content_ == b.content_ || std::equal(a.begin(), a.end(), b.begin(), b.end());
}

}  // namespace kontor
