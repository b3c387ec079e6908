#pragma once
/// Which engine has how many of a store's buckets: whether they are shared evenly, and whether they stay where they are.
#include "ports/store.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace kontor::bench {

/// Looks at a store that engines use, as a guest, who takes no bucket. Blocks; throws Error{unavailable}.
class Onlooker {
public:
    explicit Onlooker(ports::Store&);
    ~Onlooker();
    Onlooker(const Onlooker&) = delete;
    Onlooker& operator=(const Onlooker&) = delete;
    [[nodiscard]] ports::Census look();

private:
    ports::Store& store_;
    const ports::Node self_;
};

/// Whether that many engines have all buckets, none of them two more than another.
bool are_even(const ports::Census&, std::size_t engines);
/// How many the engine of that name (Options::node) has.
std::size_t held_by(const ports::Census&, std::string_view name);
/// How many another engine has, or the same one anew.
std::size_t changed(const ports::Census& before, const ports::Census& after);

}  // namespace kontor::bench
