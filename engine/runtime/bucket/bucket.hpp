#pragma once
/// A bucket: the unit of ownership and order. Decides, one command after the other; lets answers and effects out after the commit.
#include "runtime/bucket/call_desk.hpp"
#include "runtime/bucket/end_desk.hpp"
#include "runtime/bucket/inbox_desk.hpp"
#include "runtime/bucket/live_instances.hpp"
#include "runtime/bucket/message_desk.hpp"
#include "runtime/bucket/shell.hpp"
#include "runtime/bucket/timer_desk.hpp"
#include "runtime/mail/order.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>

#include <atomic>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

namespace kontor::runtime {

/// What it does for one purpose it does at a desk of its own: calls, messages, timers, the inbox, ends. Here are orders and decisions
/// (bucket.cpp), commits (bucket_commits.cpp), answers (bucket_answers.cpp), effects (bucket_effects.cpp), and whose the bucket is
/// (bucket_tenure.cpp).
class Bucket final : public CommitClient {
public:
    Bucket(Shell& shell, std::uint32_t number);

    // ---- any thread: what these do happens on the bucket's strand

    /// What a node finds in a bucket that it has taken.
    struct Beginning {
        ports::Lease lease{};
        std::vector<Live> under_way{};
        std::vector<std::pair<std::pair<std::string, std::string>, InboxAddress>> deliveries{};   ///< of messages: name, key and row
    };
    /// Reads it. Blocks.
    [[nodiscard]] Beginning find(const ports::Lease&) const;
    /// The bucket is here. What was under way is in memory before any order can come: one that comes finds it there.
    void begin(Beginning);
    /// Goes on with what was under way, with its inbox, messages and timers. All buckets of an engine begin before any of them does: what
    /// one does reaches the others at once.
    void recover();
    /// Gives the bucket up once no call of it is under way: waits that long for them, then leaves those that may be repeated or asked
    /// about to the next owner, but stays if there are others, and then lets them go on for a while, longer each time.
    void hand_over(Duration patience);
    /// Whether it is still here, which the fence knows.
    void probe();
    /// 0 while another node has it.
    [[nodiscard]] std::uint64_t held_epoch() const noexcept { return held_epoch_; }
    /// From now on no timer fires and nothing from outside is taken; what is under way may end.
    void drain();

    void submit(Order);
    void publish(Message, std::function<void(Result<Published>)> done);
    /// A message has reached its instance, or has not.
    void delivered(const Message&, const InboxAddress& row);
    /// A subscription has been opened: a message may be waiting for it.
    void look_for_message(std::string name, std::string correlation_key);
    /// A row of the inbox that has become durable.
    void receive(ports::InboxRow);
    /// Somebody else has put something into the inbox.
    void look_into_inbox();
    /// A subscription may have been opened, or a message delivered, by another node.
    void look_after_messages();
    /// Another node has written to it: whoever waits here for an end may be told.
    void look_for_ends();
    /// Now and then: what others have put into the inbox, and what was missed while the store could not be read.
    void look_after();
    /// Calls back once, also if the instance has ended already; never, if there is none.
    void on_end(InstanceKey, std::uint64_t listener, std::function<void(const Outcome&)>);
    /// Nobody listens any more.
    void forget_listener(InstanceKey, std::uint64_t listener);

    template <class F>
    void post(F work) {
        boost::asio::post(strand_, std::move(work));
    }
    /// At once if this is the strand.
    template <class F>
    void dispatch(F work) {
        boost::asio::dispatch(strand_, std::move(work));
    }
    [[nodiscard]] Shell& shell() noexcept { return shell_; }
    [[nodiscard]] std::uint32_t number() const noexcept { return number_; }

    // ---- for its desks, on the strand

    [[nodiscard]] bool is_here() const noexcept { return held_; }
    [[nodiscard]] bool drains() const noexcept { return draining_; }
    [[nodiscard]] std::uint64_t epoch() const noexcept { return epoch_; }
    /// Counts how often the bucket came and went: what was begun in another one is void.
    [[nodiscard]] std::uint64_t tenure() const noexcept { return tenure_; }
    /// When it came.
    [[nodiscard]] Instant begun() const noexcept { return begun_; }
    [[nodiscard]] MessageDesk& messages() noexcept { return messages_; }

    /// An order of the bucket's own inbox.
    void take(Order);
    /// Of an instance that is in memory with its state as decided; else null.
    [[nodiscard]] const Live* at_hand(InstanceKey key) const { return instances_.at_hand(key); }
    [[nodiscard]] bool is_in_memory(InstanceKey key) const { return instances_.contains(key); }
    /// Reads the instance, then does the work. Not at all if there is no such instance.
    void once_read(InstanceKey, std::function<void()> work);
    /// Something is not to be done because of what has been decided since. If that does not become durable it has to be looked at again.
    void if_void(const Live&, std::function<void()> again);
    /// Commits rows that belong to no instance, then calls `done`. If an earlier commit fails, they are committed again after what is
    /// decided anew; or `again` is called instead, for what is only true of a state that is void by then.
    void commit_rows(ports::Batch, std::function<void(const Result<void>&)> done, std::function<void()> again = {});
    /// True while the bucket is given up: the next owner does it, or this one when it stays.
    bool holds_back(InstanceKey, const core::Effect&);
    /// One has ended, or will not begin.
    void calls_have_changed();

    /// Reads the store beside the strand, then goes on with what was found on the strand. `read` may throw: `then` gets the error.
    template <class Read, class Then>
    void read(Read read, Then then);
    /// The same, but goes on only if the bucket has not gone meanwhile.
    template <class Read, class Then>
    void read_here(Read read, Then then);

private:
    /// What was decided and is not durable yet.
    struct Outstanding {
        Order order{};
        InstanceKey instance{};
        OrderResult result{};
        std::vector<core::Effect> effects{};
        std::vector<ports::TimerRow> timers{};
        std::vector<std::uint64_t> timers_gone{};
        // Of rows without an instance:
        ports::Batch rows{};                      ///< to be written again after a failure
        std::function<void(const Result<void>&)> rows_done{};
        std::function<void()> again{};            ///< instead of writing them again
    };
    /// Orders for an instance that is being read.
    struct Loading {
        std::deque<Order> waiting{};
        std::shared_ptr<void> alarm{};            ///< it could not be read: the next attempt
    };
    /// Commands that could not be recorded.
    struct Postponed {
        std::vector<core::Command> commands{};
        std::shared_ptr<void> alarm{};            ///< the next attempt
    };
    struct Leaving {
        Instant until{};                          ///< of patience
        bool closed = false;                      ///< nothing is taken any more: what is outstanding has to end
        std::vector<std::pair<InstanceKey, core::Effect>> held_back{};   ///< calls that are not begun
        std::shared_ptr<void> alarm{};
    };
    struct Perform;

    void committed(std::size_t units) override;
    void refused(std::string why) override;
    void lost(bool may_be_written, std::string why) override;

    // ---- orders
    [[nodiscard]] bool takes() const noexcept { return held_ && !(leaving_ && leaving_->closed); }
    void process(Order);
    void look_up_request(Order);
    void request_is_done(const Order&);
    void load(InstanceKey);
    void load_again(InstanceKey, const Error& why);
    void gone(InstanceKey, const Error& why);
    void rest(InstanceKey);

    // ---- decisions
    void decide_start(Order);
    void decide(Live&, Order);
    void record(Live&, Order, core::Accepted);
    void break_off(Live&, Order, const std::string& why);
    void put_in_its_place(const Order&, const std::string& why);

    // ---- answers
    void answer(Order&, OrderResult);
    void reject(const Live*, Order, core::Rejection);
    void fail(Order, const Error& why);
    void dismiss(Order, OrderResult);
    void send_back(Order, const core::Rejection& why);
    void reply(const Order&, const OrderResult&, ports::Batch&) const;
    void tell_reply(const std::string& node) const;

    // ---- commits and effects
    void settle(Outstanding&);
    void begin_again(const std::string& why);
    void refuse(Outstanding&, const std::string& why);
    void perform(InstanceKey, const std::vector<core::Effect>&);

    // ---- whose it is
    void recover_instance(InstanceKey, const std::vector<core::Effect>& open);
    void lose(bool may_be_written, const std::string& why);
    void stand_down();
    void go_elsewhere(Order);
    void pass_on(std::deque<Order>);
    void try_to_leave();
    void stay();
    void release();

    Shell& shell_;
    const std::uint32_t number_;
    boost::asio::strand<boost::asio::io_context::executor_type> strand_;
    std::atomic<std::size_t> queued_{0};    ///< orders that are not answered
    std::atomic<std::uint64_t> held_epoch_{0};

    // ---- the rest on the strand only
    bool held_ = false;
    bool draining_ = false;
    std::uint64_t epoch_ = 0;
    std::uint64_t tenure_ = 0;
    Instant begun_{};
    std::optional<Leaving> leaving_;
    Instant stays_until_{};                 ///< it is not given up before
    Duration stay_{};
    std::vector<std::pair<InstanceKey, std::vector<core::Effect>>> under_way_;   ///< with what the world should be doing; until recover()

    std::uint64_t next_sequence_ = 1;       ///< of the next decision
    std::uint64_t durable_sequence_ = 1;    ///< of the next row after the last commit
    std::uint64_t generation_ = 1;
    std::deque<Outstanding> outstanding_;

    LiveInstances instances_;
    std::unordered_map<InstanceKey, Loading> loading_;
    std::unordered_map<InstanceKey, Postponed> postponed_;
    std::unordered_map<std::string, std::deque<Order>> requests_;   ///< ids at work, with the orders that wait for their end

    CallDesk calls_;
    MessageDesk messages_;
    TimerDesk timers_;
    InboxDesk inbox_;
    EndDesk ends_;
};

template <class Read, class Then>
void Bucket::read(Read read, Then then) {
    boost::asio::post(shell_.workshop.reads(), [this, read = std::move(read), then = std::move(then)]() mutable {
        using Found = decltype(read());
        std::optional<Result<Found>> found;
        try {
            found.emplace(read());
        } catch (const Error& error) {
            found.emplace(error);
        } catch (const std::exception& error) {
            found.emplace(Error{Code::unavailable, error.what()});
        }
        post([then = std::move(then), found = std::move(*found)]() mutable { then(std::move(found)); });
    });
}

template <class Read, class Then>
void Bucket::read_here(Read read, Then then) {
    this->read(std::move(read), [this, tenure = tenure_, then = std::move(then)](auto found) mutable {
        if (tenure == tenure_) then(std::move(found));
    });
}

}  // namespace kontor::runtime
