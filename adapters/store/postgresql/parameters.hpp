#pragma once
/// What goes into a statement's $1, $2, ..., in binary format. Private to postgresql/.
#include "store/postgresql/wire.hpp"
#include "store/shared/argument.hpp"

#include <span>
#include <string>
#include <vector>

namespace kontor::store::postgresql {

class Parameters {
public:
    Parameters() = default;
    explicit Parameters(std::span<const Argument> arguments) {
        for (const Argument& argument : arguments) add(argument);
    }

    void add(const Argument& argument) {
        types_.push_back(wire::type_of(argument.kind()));
        wire::append(bytes_.emplace_back(), argument.kind(), argument.cell());
    }
    void add(wire::Array array) {
        types_.push_back(wire::array_of(array.kind()));
        bytes_.push_back(std::move(array).take());
    }

    [[nodiscard]] int count() const noexcept { return static_cast<int>(bytes_.size()); }
    [[nodiscard]] const std::vector<unsigned>& types() const noexcept { return types_; }
    [[nodiscard]] std::vector<const char*> values() const {
        std::vector<const char*> all;
        for (const auto& bytes : bytes_) all.push_back(bytes.data());
        return all;
    }
    [[nodiscard]] std::vector<int> lengths() const {
        std::vector<int> all;
        for (const auto& bytes : bytes_) all.push_back(static_cast<int>(bytes.size()));
        return all;
    }
    /// All of them binary.
    [[nodiscard]] std::vector<int> formats() const { return std::vector<int>(bytes_.size(), 1); }

private:
    std::vector<unsigned> types_;
    std::vector<std::string> bytes_;
};

}  // namespace kontor::store::postgresql
