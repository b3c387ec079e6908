#include <kontor/value.hpp>

#include <algorithm>

namespace kontor {

List::List(std::vector<Value> items) {
    if (!items.empty()) items_ = std::make_shared<const std::vector<Value>>(std::move(items));
}
List::List(std::initializer_list<Value> items) : List(std::vector<Value>(items)) {}

std::size_t List::size() const noexcept { return items_ ? items_->size() : 0; }
const Value& List::operator[](std::size_t index) const noexcept { return (*items_)[index]; }
const Value* List::begin() const noexcept { return items_ ? items_->data() : nullptr; }
const Value* List::end() const noexcept { return begin() + size(); }

bool operator==(const List& a, const List& b) {
    return a.items_ == b.items_ || std::equal(a.begin(), a.end(), b.begin(), b.end());
}

}  // namespace kontor
