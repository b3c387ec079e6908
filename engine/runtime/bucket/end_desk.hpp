#pragma once
/// Who waits for the end of an instance of one bucket, wherever the bucket is.
#include "runtime/instance/live.hpp"

#include <kontor/instance.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <unordered_map>

namespace kontor::runtime {

class Bucket;

/// What an ended instance ended with.
Outcome outcome_of(const Live&);

/// On its bucket's strand. Ends of the bucket's own instances are reported; others, of instances that are not in memory or that another node
/// has, are looked for in the store.
class EndDesk {
public:
    explicit EndDesk(Bucket& bucket) : bucket_{bucket} {}

    /// Calls back once, also if the instance has ended already; never, if there is none.
    void listen(InstanceKey, std::uint64_t listener, std::function<void(const Outcome&)>);
    void forget(InstanceKey, std::uint64_t listener);
    /// It has ended, and that is durable.
    void report(InstanceKey, const Live&);
    /// The bucket has come or gone: an end may have been missed.
    void look_for_all();
    /// Another node has written to the bucket. One look at a time: what is signalled meanwhile is seen by the next.
    void look_for_ended();
    /// Nothing is looked for any more.
    void close();

private:
    struct Waiting {
        std::map<std::uint64_t, std::function<void(const Outcome&)>> listeners{};
        std::shared_ptr<void> alarm{};      ///< of an end that could not be read
    };
    void look_for(InstanceKey);
    void look_again(InstanceKey, const Error& why);

    Bucket& bucket_;
    std::unordered_map<InstanceKey, Waiting> waiting_;
    bool looking_ = false;
};

}  // namespace kontor::runtime
