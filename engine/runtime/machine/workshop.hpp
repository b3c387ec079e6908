#pragma once
/// Where the work of an engine is done: on threads of its own, or on whichever thread asks for something.
#include <kontor/options.hpp>

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>

namespace kontor::runtime {

class Workshop {
public:
    virtual ~Workshop() = default;

    /// Buckets and the dispatcher: nothing blocks here.
    virtual boost::asio::io_context& work() = 0;
    /// Reads of the store, which block.
    virtual boost::asio::io_context& reads() = 0;
    /// What must not wait behind reads: renewing the lease. Blocks.
    virtual boost::asio::io_context& care() { return reads(); }
    /// Commits, one after the other; any thread may ask for one.
    virtual boost::asio::io_context& commits() = 0;
    /// The host's handlers and callbacks.
    virtual Executor& callbacks() = 0;
    virtual Clock& clock() = 0;

    /// For whoever is about to block until `done`: a workshop without threads works until then. False if it never will be by itself.
    virtual bool help(const std::function<bool()>& done) = 0;
    /// Between two attempts of the committer; false if nothing should be attempted any more.
    virtual bool pause(Duration) = 0;
    /// Nothing new is attempted; pauses end.
    virtual void give_up() = 0;
    /// Does what there is to do, then ends all threads. Waits for handlers that still run. Called by no thread of this workshop.
    virtual void close() = 0;
};

/// Half as many threads as the machine has cores for the work, four for reads, one each for commits, care and the clock; handlers on `executor`
/// or else on `threads` more.
std::unique_ptr<Workshop> threaded_workshop(std::shared_ptr<Executor> executor, unsigned threads, std::shared_ptr<Clock> clock);

}  // namespace kontor::runtime
