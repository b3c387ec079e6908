// Services behind a queue that answers from a thread of its own. usage: 05-own-adapter [STORE]
#include <kontor/kontor.hpp>

#include <condition_variable>
#include <deque>
#include <iostream>
#include <map>
#include <mutex>
#include <thread>

using namespace std::chrono_literals;

/// The other side: takes requests, charges each key once, answers some time later, and now and then loses an answer.
class Queue {
public:
    struct Request {
        std::string key;
        std::string card;
        bool is_question = false;
        std::function<void(std::optional<std::string> receipt)> answer;   ///< dropped: the answer is lost
    };
    ~Queue() {
        {
            const std::scoped_lock lock{mutex_};
            closed_ = true;
        }
        filled_.notify_one();
        worker_.join();
    }
    void put(Request request) {
        {
            const std::scoped_lock lock{mutex_};
            waiting_.push_back(std::move(request));
        }
        filled_.notify_one();
    }

private:
    void work() {
        for (std::unique_lock lock{mutex_};;) {
            filled_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
            if (closed_) return;
            const Request request = std::move(waiting_.front());
            waiting_.pop_front();
            lock.unlock();
            serve(request);
            lock.lock();
        }
    }
    void serve(const Request& request) {
        const auto known = receipts_.find(request.key);
        if (request.is_question) {
            std::cout << "asked what became of " << request.card << '\n';
            return request.answer(known == receipts_.end() ? std::nullopt : std::optional{known->second});
        }
        if (known == receipts_.end()) {
            receipts_[request.key] = "receipt " + std::to_string(receipts_.size() + 1);
            std::cout << "charged " << request.card << '\n';
        }
        if (request.card == "4000-lost") return;   // the work is done, the answer goes astray
        request.answer(receipts_[request.key]);
    }

    std::mutex mutex_;
    std::condition_variable filled_;
    std::deque<Request> waiting_;
    bool closed_ = false;
    std::map<std::string, std::string> receipts_;   ///< of the worker alone
    std::thread worker_{[this] { work(); }};
};

/// Brings calls to the queue. Nothing here blocks; the queue's thread answers.
class QueueAdapter final : public kontor::Adapter {
public:
    explicit QueueAdapter(Queue& queue) : queue_{queue} {}

    void invoke(kontor::ServiceCall call, kontor::Reply reply) override {
        queue_.put({std::string{call.idempotency_key()}, call.input().get<std::string>("card"), false, [reply](const auto& receipt) {
                        reply.complete({{"receipt", receipt.value()}});
                    }});
    }
    void query(kontor::ServiceCall call, kontor::Reply reply) override {
        queue_.put({std::string{call.idempotency_key()}, call.input().get<std::string>("card"), true, [reply](const auto& receipt) {
                        if (receipt) reply.complete({{"receipt", *receipt}});
                        else reply.never_happened();
                    }});
    }

private:
    Queue& queue_;
};

int main(int count, char** arguments) try {
    Queue queue;
    kontor::Engine engine{{.store = kontor::sqlite(count > 1 ? arguments[1] : "charge.db"),
                           .services = {{"card.*", std::make_shared<QueueAdapter>(queue)}}}};
    engine.deploy({kontor::yaml_file(EXAMPLE_FOLDER "/charge.yaml")});
    engine.run();
    for (const std::string card : {"4000-good", "4000-lost"}) {
        const auto outcome = engine.wait_for(engine.start({.process = "charge", .variables = {{"card", card}}}), 30s);
        std::cout << card << ": " << std::get<kontor::Completed>(outcome.value()).variables.get<std::string>("receipt") << '\n';
    }
} catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 3;
}
