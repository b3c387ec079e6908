#pragma once
#include "lifecycle/lifecycle.hpp"

#include <vector>

/// Every enumerator of E, in order. They are dense from 0, and only they have a name.
template <class E>
std::vector<E> enumerators() {
    std::vector<E> all;
    while (!to_string(static_cast<E>(all.size())).empty()) all.push_back(static_cast<E>(all.size()));
    return all;
}
