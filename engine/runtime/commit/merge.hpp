#pragma once
/// Makes one batch of many: what a later one says about a key replaces what an earlier one said.
#include "ports/store.hpp"

namespace kontor::runtime {

class Merge {
public:
    void add(const ports::Batch&);
    [[nodiscard]] ports::Batch take() &&;

private:
    ports::Batch batch_;
};

}  // namespace kontor::runtime
