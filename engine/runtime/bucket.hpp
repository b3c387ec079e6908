#pragma once
/// A bucket: the unit of ownership and order. Decides, one command after the other; lets answers and effects out after the commit.
#include "runtime/live.hpp"
#include "runtime/message_desk.hpp"
#include "runtime/order.hpp"
#include "runtime/shell.hpp"
#include "runtime/timers.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>

#include <atomic>
#include <deque>
#include <list>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace kontor::runtime {

/// The public functions may be called by any thread: what they do happens on the bucket's strand. Its members stand in files by what they
/// are for: bucket.cpp (orders, decisions, commits), bucket_calls.cpp, bucket_timers.cpp, bucket_inbox.cpp, bucket_recovery.cpp.
class Bucket final : public CommitClient {
public:
    Bucket(Shell& shell, std::uint32_t number);

    /// Takes the bucket, so that it may be written. Blocks. All buckets are taken before any of them recovers or takes an order: what one
    /// does reaches the others at once.
    void take();
    /// Reads what was under way, into memory before any order can come: one that comes finds it there. Blocks.
    void read_under_way();
    /// Goes on with that, with its inbox, messages and timers.
    void recover();
    /// From now on no timer fires and nothing from outside is taken; what is under way may end.
    void drain();

    void submit(Order);
    void publish(Message, std::function<void(Result<Published>)> done);
    /// A message has reached its instance, or has not.
    void delivered(const Message&);
    /// A subscription has been opened: a message may be waiting for it.
    void look_for_message(std::string name, std::string correlation_key);
    /// A row of the inbox that has become durable.
    void receive(ports::InboxRow);
    /// Reads the inbox for rows that somebody else has put there.
    void look_into_inbox() { look_into_inbox(0); }
    /// Now and then: what others have put into the inbox, and what was missed while the store could not be read.
    void look_after();
    /// Another owner has it, or the store was given up.
    [[nodiscard]] bool is_lost() const noexcept { return lost_; }
    /// Calls back once, also if the instance has ended already; never, if there is none.
    void on_end(InstanceKey, std::uint64_t listener, std::function<void(const Outcome&)>);
    /// Nobody listens any more.
    void forget_listener(InstanceKey, std::uint64_t listener);

    // ---- for its message desk, on the strand --------------------------------------------------------------------------------------
    /// Commits rows that belong to no instance, then calls `done`. If an earlier commit fails, they are committed again after what is
    /// decided anew; or `again` is called instead, for what is only true of a state that is void by then.
    void commit_rows(ports::Batch, std::function<void(const Result<void>&)> done, std::function<void()> again = {});
    [[nodiscard]] Shell& shell() noexcept { return shell_; }
    [[nodiscard]] std::uint32_t number() const noexcept { return number_; }
    [[nodiscard]] std::uint64_t epoch() const noexcept { return epoch_; }
    template <class F>
    void post(F work) {
        boost::asio::post(strand_, std::move(work));
    }
    /// Reads the store beside the strand, then goes on with what was found on the strand. `read` may throw: `then` gets the error.
    template <class Read, class Then>
    void read(Read read, Then then);

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
    struct Perform;
    struct Receive;

    void committed(std::size_t units) override;
    void failed(bool guilty, std::string why) override;
    void fenced() override;

    // ---- orders
    void process(Order);
    void look_up_request(Order);
    void request_is_done(const Order&);
    void load(InstanceKey);
    void load_again(InstanceKey, const Error& why);
    /// Of an instance that is in memory with its state as decided; else null.
    [[nodiscard]] const Live* at_hand(InstanceKey) const;
    /// Reads the instance, then does the work. Not at all if there is no such instance.
    void once_read(InstanceKey, std::function<void()> work);
    void answer(Order&, OrderResult);

    // ---- decisions
    void decide_start(Order);
    void decide(Live&, Order);
    void record(Live&, Order, core::Accepted);
    void reject(const Live*, Order, core::Rejection);
    void break_off(Live&, Order, const std::string& why);
    void if_void(const Live&, std::function<void()> again);
    void put_in_its_place(const Order&, const std::string& why);

    // ---- commits
    void settle(Outstanding&);
    void begin_again(bool guilty, const std::string& why);
    void refuse(Outstanding&, const std::string& why);
    void perform(InstanceKey, const std::vector<core::Effect>&);
    void park(InstanceKey);

    // ---- calls
    void prepare_call(InstanceKey, core::ElementKey job);
    void call(InstanceKey, core::ElementKey job, std::uint32_t attempt);
    void invoke(InstanceKey, core::ElementKey job, std::uint32_t attempt, Slot);
    void query(InstanceKey, core::ElementKey job);
    [[nodiscard]] ServiceCall::Content content_of(const Live&, core::ElementKey job) const;

    // ---- timers
    void set_alarm();
    void fire_timers();
    void load_timers();

    // ---- inbox and ends
    void send_back(Order, const core::Rejection& why);
    void dismiss(Order, OrderResult);
    void report_end(InstanceKey, const Live&);
    void look_for_end(InstanceKey);
    void recover_instance(InstanceKey, std::vector<core::Effect> open);
    void look_into_inbox(std::uint64_t after_arrival);
    void take_up(const ports::InboxRow&);
    void inbox_is_done(const std::string& id);
    void look_for_wanted_messages();

    Shell& shell_;
    const std::uint32_t number_;
    boost::asio::strand<boost::asio::io_context::executor_type> strand_;
    std::atomic<std::size_t> queued_{0};    ///< orders that are not answered

    // ---- the rest on the strand only
    std::uint64_t epoch_ = 0;
    std::uint64_t next_sequence_ = 1;       ///< of the next decision
    std::uint64_t durable_sequence_ = 1;    ///< of the next row after the last commit
    std::uint64_t generation_ = 1;
    std::unordered_map<InstanceKey, Live> live_;
    std::unordered_map<InstanceKey, std::deque<Order>> loading_;
    std::unordered_map<InstanceKey, std::shared_ptr<void>> reload_alarms_;   ///< of instances that could not be read
    std::unordered_map<InstanceKey, std::vector<core::Command>> postponed_;    ///< that could not be recorded, to be tried again
    std::unordered_map<InstanceKey, std::shared_ptr<void>> postponed_alarms_;
    std::list<InstanceKey> parked_;         ///< in memory although nothing needs them, the longest unused first
    std::deque<Outstanding> outstanding_;
    std::unordered_map<std::string, std::deque<Order>> requests_;   ///< ids at work, with the orders that wait for their end
    std::set<std::string> inbox_;           ///< rows at work
    std::size_t inbox_looks_ = 0;           ///< that are reading
    std::set<std::string> inbox_done_;      ///< rows that were consumed during those: what they read of them is old
    std::set<std::string> looked_up_[2];    ///< rows that a look has found, since the last look_after() and the one before
    std::vector<std::pair<InstanceKey, std::vector<core::Effect>>> under_way_;   ///< with what the world should be doing; until recover()
    std::unordered_map<core::ElementKey, Slot> slots_;              ///< taken for attempts that are being recorded
    std::unordered_map<InstanceKey, std::map<std::uint64_t, std::function<void(const Outcome&)>>> listeners_;
    std::unordered_map<InstanceKey, std::shared_ptr<void>> listeners_alarms_;   ///< of ends that could not be read
    Timers timers_;
    std::shared_ptr<void> alarm_;
    Instant alarm_at_ = Instant::max();
    bool loading_timers_ = false;
    ports::TimerCursor timers_read_{};      ///< behind the last page, if that was not all of them
    MessageDesk desk_;
    bool draining_ = false;
    std::atomic<bool> lost_{false};                     ///< another owner has the bucket, or the store is given up
};

/// What an ended instance ended with.
Outcome outcome_of(const Live&);

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

}  // namespace kontor::runtime
