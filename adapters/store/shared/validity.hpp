#pragma once
/// What no store accepts, so that all of them refuse the same.
#include "ports/store.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kontor::store {

/// What is wrong with a text that shall stand in a text column, or empty: a NUL, or invalid UTF-8.
std::string_view text_defect(std::string_view) noexcept;
/// Throws Error{bad_input} that names the text.
void require_text(std::string_view what, std::string_view text);

/// Why no store can take the batch: a text, a bucket that does not exist, journal rows that do not fill their advances.
std::optional<std::string> defect(const ports::Batch&, std::uint32_t buckets);
/// Throw Error{bad_input}.
void require(const ports::DeploymentRow&);
void require(const ports::MessageKey&);
/// Throws Error{conflict} unless the deployment that is there says the same; when it was made does not matter.
void require_same(const ports::DeploymentRow& there, const ports::DeploymentRow& wanted);

/// Throws Error{conflict}: another deployment has that version of the process.
[[noreturn]] void refuse_version(const ports::DeploymentRow& wanted);

/// A bucket's row, as far as commits care.
struct BucketState {
    std::uint64_t epoch = 0;
    std::uint64_t next_sequence = 1;
    std::uint64_t batch = 0;
};
/// What the bucket's row tells about a batch whose commit is unknown.
ports::Outcome judge(const ports::Advance&, std::uint64_t batch, const BucketState&) noexcept;

/// Of a batch of several buckets: it was committed in all of them or in none, so whichever can tell tells for all.
std::optional<ports::Outcome> together(std::optional<ports::Outcome> others, ports::Outcome bucket) noexcept;

/// 20 hexadecimal digits that no other store has.
std::string new_store_id();

}  // namespace kontor::store
