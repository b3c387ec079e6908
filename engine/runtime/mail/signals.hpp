#pragma once
/// Short words between the nodes of a store. Hints: what one says is found out without it too, later.
#include "ports/store.hpp"
#include "runtime/machine/workshop.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::runtime {

struct Signal {
    enum class About : char {
        inbox = 'i',        ///< rows have been put into the inbox of a bucket
        messages = 'm',     ///< somebody waits for a message that the bucket may hold, or has got one
        journal = 'j',      ///< the bucket has new events
        replies = 'r',      ///< for a node
        nodes = 'n',        ///< one has come or gone, or a bucket is free
        definitions = 'd',  ///< something was deployed
    };
    About about = About::nodes;
    std::uint32_t bucket = 0;
    std::string node{};
    friend auto operator<=>(const Signal&, const Signal&) = default;
};

/// What a transaction of the host tells all nodes, up to the number of the bucket whose inbox it has put rows into. It is no node's.
inline constexpr std::string_view host_filled_inbox = " i";

/// Any thread. While one text is sent the next collects, and one that can wait does.
class Signals {
public:
    Signals(ports::Store& store, Workshop& workshop, std::string node);

    void tell(Signal);
    /// Soon, not at once: for what comes with every commit.
    void tell_soon(Signal);
    /// Whether anybody else is there to hear. Until set, nobody is.
    void set_company(bool others) { others_ = others; }
    [[nodiscard]] bool has_company() const noexcept { return others_; }
    /// Tells what is left to tell, blocking, and then nothing any more.
    void close();

    /// What another node has said; nothing in it if this one did.
    [[nodiscard]] std::vector<Signal> read(std::string_view text) const;

private:
    void send();
    bool send_what_waits();

    ports::Store& store_;
    Workshop& workshop_;
    const std::string node_;
    std::atomic<bool> others_{false};
    std::mutex mutex_;
    std::set<Signal> waiting_;
    std::shared_ptr<void> alarm_;
    bool sending_ = false;
    bool closed_ = false;
};

}  // namespace kontor::runtime
