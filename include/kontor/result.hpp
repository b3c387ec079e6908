#pragma once
/// What an asynchronous call was answered.
#include <kontor/error.hpp>

#include <optional>
#include <utility>
#include <variant>

namespace kontor {

/// A T or an Error. A value type.
template <class T>
class Result {
public:
    Result(T value) : content_{std::in_place_index<0>, std::move(value)} {}
    Result(Error error) : content_{std::in_place_index<1>, std::move(error)} {}

    [[nodiscard]] explicit operator bool() const noexcept { return content_.index() == 0; }
    /// Only if there is a value.
    [[nodiscard]] T& operator*() { return std::get<0>(content_); }
    [[nodiscard]] const T& operator*() const { return std::get<0>(content_); }
    [[nodiscard]] T* operator->() { return &std::get<0>(content_); }
    [[nodiscard]] const T* operator->() const { return &std::get<0>(content_); }
    /// Throws the error if there is no value.
    [[nodiscard]] const T& value() const {
        if (const Error* e = std::get_if<1>(&content_)) throw *e;
        return std::get<0>(content_);
    }
    /// Only if there is no value.
    [[nodiscard]] const Error& error() const { return std::get<1>(content_); }

private:
    std::variant<T, Error> content_;
};

/// Done, or an Error.
template <>
class Result<void> {
public:
    Result() = default;
    Result(Error error) : error_{std::move(error)} {}

    [[nodiscard]] explicit operator bool() const noexcept { return !error_; }
    /// Throws the error if there is one.
    void value() const {
        if (error_) throw *error_;
    }
    /// Only if there is one.
    [[nodiscard]] const Error& error() const { return *error_; }

private:
    std::optional<Error> error_;
};

}  // namespace kontor
