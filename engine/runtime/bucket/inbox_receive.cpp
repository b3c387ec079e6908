// What a row of the inbox says, and who does it.
#include "runtime/bucket/bucket.hpp"
#include "runtime/bucket/requests.hpp"
#include "runtime/mail/letters.hpp"

namespace kontor::runtime {

/// What an inbox row says, done by its bucket; the commit of what comes of it consumes the row.
struct InboxDesk::Receive {
    InboxDesk& desk;
    Bucket& bucket;
    const ports::InboxRow& row;

    void operator()(DeliverMessage& c) const {
        Order order{.instance = c.instance, .command = core::CorrelateMessage{core::WaitKey{c.wait}, c.message.message_id, c.message.payload}};
        order.message = std::move(c.message);
        process(std::move(order));
    }
    void operator()(ReturnMessage& c) const { publish(std::move(c.message), true); }
    void operator()(HostPublish& c) const { publish(std::move(c.message), false); }
    void operator()(StartByMessage& c) const {
        core::StartInstance start{c.version, {}, {}, {}, model::ElementIndex{c.start_event}, std::move(c.message.payload)};
        process_start(Order{.command = std::move(start)});
    }
    void operator()(HostStart& c) const {
        if (auto order = start_order(bucket.shell().definitions, c.request)) return process_for_host(std::move(*order), "start");
        // The host may know a process that another node has deployed and this one has not heard of yet.
        bucket.read_here([&shell = bucket.shell()] { return shell.definitions.load(shell.store.deployments()), true; },
                         [&desk = desk, &bucket = bucket, row = row, request = std::move(c.request)](const Result<bool>& loaded) mutable {
                             if (!loaded) return desk.is_done(row.id);   // the store is away: looked at again later
                             const Receive again{desk, bucket, row};
                             auto order = start_order(bucket.shell().definitions, std::move(request));
                             if (order) return again.process_for_host(std::move(*order), "start");
                             again.refuse("start", order.error().what());
                             again.consume();
                         });
    }
    void operator()(HostCompleteTask& c) const {
        auto request = completion_row(c.task, c.request);
        within(c.task.value, "user task", complete_task(c.task, std::move(c.request)), std::move(request));
    }
    void operator()(HostCompleteJob& c) const {
        within(c.job.value, "job", core::CompleteJob{core::element_of(c.job), std::move(c.result)}, {});
    }

    void operator()(ForwardedCommand& c) const {
        Order order{.instance = c.instance, .command = std::move(c.command)};
        order.is_letter = true;
        order.from_outside = !c.from.node.empty();
        order.reply_to = std::move(c.from);
        if (!c.request_id.empty()) order.request = ports::RequestRow{std::move(c.request_id), std::move(c.request_hash), {}, {}};
        order.instance ? process(std::move(order)) : process_start(std::move(order));
    }
    void operator()(ForwardedMessage& c) const { publish(std::move(c.message), false, std::move(c.from)); }

    /// Another node may know a version that this one has not heard of yet.
    void process_start(Order order) const {
        const std::string& id = std::get<core::StartInstance>(order.command).definition;
        order.version = bucket.shell().definitions.by_id(id);
        if (order.version) return process(std::move(order));
        bucket.read_here([&shell = bucket.shell()] { return shell.definitions.load(shell.store.deployments()), true; },
                         [&desk = desk, &bucket = bucket, row = row, order = std::move(order)](const Result<bool>& loaded) mutable {
                             if (!loaded) return desk.is_done(row.id);   // the store is away: looked at again later
                             order.version = bucket.shell().definitions.by_id(std::get<core::StartInstance>(order.command).definition);
                             Receive{desk, bucket, row}.process(std::move(order));
                         });
    }

    /// A command for something within an instance: the row that made it names the instance.
    void within(std::uint64_t key, std::string_view what, core::Command command, std::optional<ports::RequestRow> request) const {
        const core::Position made = core::created_at(core::ElementKey{key});
        Order order{.command = std::move(command)};
        order.request = std::move(request);
        bucket.read_here([&store = bucket.shell().store, made] { return store.journal_of_bucket(made.bucket, made.sequence, 1); },
                         [&desk = desk, &bucket = bucket, row = row, what, made,
                          order = std::move(order)](const Result<std::vector<ports::JournalRow>>& found) mutable {
                             const Receive again{desk, bucket, row};
                             if (!found) return desk.is_done(row.id);   // the store is away: looked at again later
                             if (!found->empty() && found->front().position == made) {
                                 order.instance = found->front().instance;
                                 return again.process_for_host(std::move(order), what);
                             }
                             again.refuse(what, "there is none with this key");
                             again.consume();
                         });
    }
    /// The host has committed long ago and nobody waits for the answer: what is refused, an operator must be able to find.
    void process_for_host(Order order, std::string_view what) const {
        order.done = [&desk = desk, &bucket = bucket, row = row, what](const OrderResult& result) {
            const Receive receive{desk, bucket, row};
            if (const auto* rejection = std::get_if<core::Rejection>(&result)) receive.refuse(what, rejection->message);
            else if (const auto* error = std::get_if<Error>(&result)) receive.refuse(what, error->what());
        };
        process(std::move(order));
    }
    void refuse(std::string_view what, const std::string& why) const {
        bucket.shell().log(LogLevel::error, "a " + std::string{what} + " that the host recorded (inbox row " + row.id + ") is refused: " + why, {});
    }
    void process(Order order) const {
        if (!order.instance && !order.version) return consume();
        order.inbox_id = row.id;
        bucket.take(std::move(order));
    }
    void publish(Message message, bool came_back, ReturnAddress from = {}) const {
        bucket.messages().publish({std::move(message), [&desk = desk, id = row.id](const Result<Published>&) { desk.is_done(id); }, row.id,
                                   std::move(from), came_back});
    }
    void consume() const {
        ports::Batch rows;
        rows.inbox_consumed.emplace_back(bucket.number(), row.id);
        bucket.commit_rows(std::move(rows), [&desk = desk, id = row.id](const Result<void>&) { desk.is_done(id); });
    }
};

void InboxDesk::take_up(const ports::InboxRow& row) {
    if (!bucket_.is_here() || !at_work_.insert(row.id).second) return;   // it is at work already
    try {
        auto command = decode_inbox(row.command);
        std::visit(Receive{*this, bucket_, row}, command);
    } catch (const std::exception& error) {
        bucket_.shell().log(LogLevel::error, std::string{"an inbox row cannot be read and is left: "} + error.what(), {});
    }
}

}  // namespace kontor::runtime
