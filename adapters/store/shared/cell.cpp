#include "store/shared/cell.hpp"

#include "journal/names.hpp"
#include "value/json.hpp"

namespace kontor::store {

namespace {

/// What stands in a store was accepted once: the limits of foreign JSON are not for it.
constexpr json::Limits own{.bytes = 1U << 30, .depth = 8};

template <class Item, class Read>
void read_list(const Cell& cell, std::vector<Item>& out, const Read& read) {
    out.clear();
    try {
        for (const Value& item : json::parse(cell.text, own).as<List>()) out.push_back(read(item));
    } catch (const Error& error) {
        throw ports::Damaged{std::string{"a list cannot be read: "} + error.what()};
    }
}

template <class Item, class Write>
void write_list(Cell& cell, const std::vector<Item>& items, const Write& write) {
    cell.text = "[";
    for (const Item& item : items) {
        if (cell.text.size() > 1) cell.text += ',';
        write(item);
    }
    cell.text += ']';
}

}  // namespace

void put_list(Cell& cell, const std::vector<std::string>& items) {
    write_list(cell, items, [&](const std::string& item) { json::write_string(item, cell.text); });
}

void put_list(Cell& cell, const std::vector<std::pair<std::string, std::string>>& items) {
    write_list(cell, items, [&](const auto& item) {
        cell.text += '[';
        json::write_string(item.first, cell.text);
        cell.text += ',';
        json::write_string(item.second, cell.text);
        cell.text += ']';
    });
}

void get_list(const Cell& cell, std::vector<std::string>& items) {
    read_list(cell, items, [](const Value& item) { return item.as<std::string>(); });
}

void get_list(const Cell& cell, std::vector<std::pair<std::string, std::string>>& items) {
    read_list(cell, items, [](const Value& item) {
        const auto pair = item.as<std::vector<std::string>>();
        if (pair.size() != 2) throw Error{Code::bad_input, "not a pair"};
        return std::pair{pair[0], pair[1]};
    });
}

lifecycle::Instance phase_of(const std::string& name) {
    if (const auto phase = journal::from_name<lifecycle::Instance>(name)) return *phase;
    throw ports::Damaged{"an instance is \"" + name + "\", which no instance can be"};
}

}  // namespace kontor::store
