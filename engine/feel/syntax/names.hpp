#pragma once
/// Which names are known while parsing, and which of them the expression takes from outside.
#include "feel/syntax/cursor.hpp"

#include <set>
#include <span>
#include <string>
#include <vector>

namespace kontor::feel {

class Names {
public:
    explicit Names(std::span<const std::string> known);

    /// The longest known name, or else the identifier, at the cursor; empty if there is none. Does not move.
    struct Found {
        std::string name;
        std::size_t length = 0;
        bool known = false;   ///< longer than an identifier: also a keyword may be inside
    };
    Found find(Cursor&, bool as_member);

    /// Binds a local name until leave() is called with the mark from before.
    [[nodiscard]] std::size_t mark() const noexcept { return locals_.size(); }
    void bind(const std::string& name);
    void leave(std::size_t mark);
    /// A name that some context has as an entry.
    void add_member(const std::string& name);

    void enter_filter() { ++filters_; }
    void leave_filter() { --filters_; }
    /// A function's body: its free names are collected in `free` until leave_function().
    void enter_function(std::set<std::string>* free, std::size_t mark) { functions_.push_back({free, mark}); }
    void leave_function() { functions_.pop_back(); }

    /// Notes that the name is read here.
    void use(const std::string& name);
    /// Whether a local binding may be meant by any name here.
    [[nodiscard]] bool may_be_local() const noexcept { return !locals_.empty() || filters_ > 0; }

    std::set<std::string> reads;
    std::set<std::string> perhaps_entries;

private:
    struct Body {
        std::set<std::string>* free;
        std::size_t mark;
    };
    std::vector<std::string> known_;     ///< only those that are not plain identifiers
    std::vector<std::string> members_;
    std::vector<std::string> locals_;
    std::vector<Body> functions_;
    std::set<std::string> certain_;
    int filters_ = 0;
};

}  // namespace kontor::feel
