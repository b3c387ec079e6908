#include "web/answer.hpp"

namespace kontor::web {
namespace {
constexpr std::size_t most_waiting = 1u << 20;
}

bool Outgoing::write(std::string text) {
    {
        const std::scoped_lock lock{mutex_};
        if (closed_) return false;
        if (waiting_.empty()) first_ = text.size();   // however large it is: nobody could be told of it otherwise
        if (waiting_.empty() || waiting_.size() - first_ + text.size() <= most_waiting) waiting_ += text;
        else closed_ = true;   // who listens does not read as fast as there is to tell
    }
    ring();
    return !closed();
}

void Outgoing::close() {
    {
        const std::scoped_lock lock{mutex_};
        closed_ = true;
    }
    ring();
}

void Outgoing::ring() {
    home_.post([self = shared_from_this()] {
        if (const auto bell = self->bell_.lock()) bell->ring();
    });
}

std::optional<std::string> Outgoing::next() {
    const std::scoped_lock lock{mutex_};
    if (waiting_.empty()) return std::nullopt;
    return std::exchange(waiting_, {});
}

bool Outgoing::closed() const {
    const std::scoped_lock lock{mutex_};
    return closed_;
}

void Reply::Target::answer(Response answer, std::shared_ptr<Outgoing> outgoing) {
    response = std::move(answer);
    stream = std::move(outgoing);
    if (const auto waiting = bell.lock()) waiting->ring();
}

std::shared_ptr<Reply::Target> guarded(const std::shared_ptr<Reply::Target>& target) {
    return {target.get(), [target](Reply::Target*) { Reply{target}.send({500, {{"content-type", "text/plain"}}, "the request was dropped\n"}); }};
}

void Reply::send(Response response) const {
    if (!target_->take()) return;
    // The connection owns the target; what is posted keeps it until then.
    target_->home.post([target = target_, response = std::move(response)]() mutable { target->answer(std::move(response), {}); });
}

std::shared_ptr<Stream> Reply::stream(Response head) const {
    if (!target_->take()) return nullptr;
    auto outgoing = std::make_shared<Outgoing>(target_->home, target_->bell);
    target_->home.post([target = target_, head = std::move(head), outgoing]() mutable { target->answer(std::move(head), std::move(outgoing)); });
    return outgoing;
}

}  // namespace kontor::web
