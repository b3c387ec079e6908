#pragma once
/// The store that a command works on: found, and opened as its owner or as a reader beside one.
#include "cli/command.hpp"
#include "runtime/reading/reader.hpp"

#include <kontor/engine.hpp>

#include <functional>
#include <memory>
#include <string>

namespace kontor::cli {

inline constexpr Option store_option{"store", "URL", "the store, for example sqlite:loans.db; else that of KONTOR_STORE"};

/// Of `--store`, or else of the environment. Throws UsageError.
std::string store_url(const Arguments&);

/// A store to be read, beside whoever owns it. Throws WorldFailed if it cannot be opened.
class OpenStore {
public:
    explicit OpenStore(const std::string& url);
    [[nodiscard]] ports::Store& store() const noexcept { return *store_; }
    [[nodiscard]] const runtime::Definitions& definitions() const noexcept { return definitions_; }
    [[nodiscard]] runtime::Reader reader() const noexcept { return {*store_, definitions_}; }

private:
    std::unique_ptr<ports::Store> store_;
    runtime::Definitions definitions_;
};

enum class Missing { is_an_error, is_created };

/// An engine that owns the store. Throws WorldFailed if another process does, or if it cannot be opened.
std::unique_ptr<Engine> open_engine(const std::string& url, Options, Missing);

/// Works on the store as its owner, calling no services. Messages that are on their way arrive before it is closed.
void as_owner(const std::string& url, const std::function<void(Engine&)>& work);

/// Where the instance stands after a command: a line, and what it waits for; or as JSON, put behind what `answer` holds.
void tell_instance(const std::string& url, InstanceKey, Variables answer, const Arguments&, const Console&);

/// The instance that a user task or an incident belongs to. Throws Error{not_found}.
InstanceKey instance_of(const std::string& url, std::uint64_t key, std::string_view what);

}  // namespace kontor::cli
