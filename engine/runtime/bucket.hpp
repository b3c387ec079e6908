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

    // ---- whose it is
    /// What a node finds in a bucket that it has taken.
    struct Beginning {
        ports::Lease lease{};
        std::vector<Live> under_way{};
        std::vector<std::pair<std::pair<std::string, std::string>, InboxAddress>> deliveries{};   ///< of messages: name, key and row
    };
    /// Reads it. Blocks; any thread.
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
    /// Reads the inbox for rows that somebody else has put there.
    void look_into_inbox() { look_into_inbox(0); }
    /// A subscription may have been opened, or a message delivered, by another node.
    void look_after_messages();
    /// Now and then: what others have put into the inbox, and what was missed while the store could not be read.
    void look_after();
    /// Another node has written to it: whoever waits here for an end may be told.
    void look_for_ends();
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
    [[nodiscard]] std::uint64_t tenure() const noexcept { return tenure_; }
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
    void refused(std::string why) override;
    void lost(bool may_be_written, std::string why) override;

    // ---- whose it is
    void lose(bool may_be_written, const std::string& why);
    void stand_down();
    [[nodiscard]] bool is_damaged(InstanceKey) const;
    void go_elsewhere(Order);
    void pass_on(std::deque<Order>);
    bool holds_back(InstanceKey, const core::Effect&);
    void try_to_leave();
    void stay();
    void release();

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
    void tell_reply(const std::string& node) const;
    void begin_again(const std::string& why);
    void refuse(Outstanding&, const std::string& why);
    void perform(InstanceKey, const std::vector<core::Effect>&);
    void park(InstanceKey);

    // ---- calls
    void prepare_call(InstanceKey, core::ElementKey job);
    void call(InstanceKey, core::ElementKey job, std::uint32_t attempt);
    void require_bound(InstanceKey, const std::string& service) const;
    /// Counts the call as under way until the last copy is gone.
    [[nodiscard]] std::shared_ptr<void> under_way(InstanceKey, core::ElementKey job, std::uint32_t attempt);
    /// `is_ours`: a commit has just shown that the bucket is still here.
    void invoke(InstanceKey, core::ElementKey job, std::uint32_t attempt, Slot, std::shared_ptr<void> under_way, bool is_ours = false);
    void query(InstanceKey, core::ElementKey job);
    [[nodiscard]] ServiceCall::Content content_of(const Live&, core::ElementKey job) const;

    // ---- timers
    void set_alarm();
    void fire_timers();
    void load_timers();

    // ---- inbox and ends
    void send_back(Order, const core::Rejection& why);
    void dismiss(Order, OrderResult);
    void reply(const Order&, const OrderResult&, ports::Batch&) const;
    void report_end(InstanceKey, const Live&);
    void look_for_end(InstanceKey);
    void recover_instance(InstanceKey, std::vector<core::Effect> open);
    void look_into_inbox(std::uint64_t after_arrival);
    void take_up(const ports::InboxRow&);
    void inbox_is_done(const std::string& id);
    void go_on_with_inbox();

    Shell& shell_;
    const std::uint32_t number_;
    boost::asio::strand<boost::asio::io_context::executor_type> strand_;
    std::atomic<std::size_t> queued_{0};    ///< orders that are not answered
    std::atomic<std::uint64_t> held_epoch_{0};

    // ---- the rest on the strand only
    bool held_ = false;
    std::uint64_t epoch_ = 0;
    std::uint64_t tenure_ = 0;              ///< counts how often the bucket came and went: what was begun in another one is void
    struct Leaving {
        Instant until{};                    ///< of patience
        bool closed = false;                ///< nothing is taken any more: what is outstanding has to end
        std::vector<std::pair<InstanceKey, core::Effect>> held_back{};   ///< calls that are not begun
        std::shared_ptr<void> alarm{};
    };
    std::optional<Leaving> leaving_;
    Instant stays_until_{};                 ///< it is not given up before
    Duration stay_{};
    Instant begun_{};
    std::map<std::pair<core::ElementKey, std::uint32_t>, model::Contract> calls_;   ///< at the dispatcher, by job and attempt
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
    std::optional<std::uint64_t> inbox_rest_;   ///< there are more, behind this arrival
    bool inbox_look_again_ = false;
    Instant looked_up_turned_{};
    std::size_t inbox_looks_ = 0;           ///< that are reading
    std::set<std::string> inbox_done_;      ///< rows that were consumed during those: what they read of them is old
    std::set<std::string> looked_up_[2];    ///< rows that a look has found, since the last look_after() and the one before
    std::vector<std::pair<InstanceKey, std::vector<core::Effect>>> under_way_;   ///< with what the world should be doing; until recover()
    bool looking_for_ends_ = false;
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
