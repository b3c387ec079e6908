#include "simulation/node.hpp"

namespace kontor::simulation {

// ---- a life -----------------------------------------------------------------------------------------------------------------

void Life::end() {
    presence_.gone = true;   // it finds nobody any more
    engine_.reset();
}

const std::string& Life::name() const { return node_.name(); }

bool Life::begin(Duration clock_is_wrong_by) {
    auto workshop = std::make_unique<SteppedWorkshop>(around_.time, presence_, clock_is_wrong_by);
    workshop_ = workshop.get();
    const Amid amid{presence_};
    Options options;
    options.store.open = [this] {
        auto disk = std::make_unique<Disk>(around_.database, around_.time, around_.weather, *this);
        disk_ = disk.get();
        return disk;
    };
    options.services = around_.services(*this);
    options.queue = around_.queue;
    options.lease = around_.lease;
    options.request_memory = std::chrono::hours{24 * 3'000};   // longer than any day: who repeats a request is known
    options.log = [this](const LogRecord& record) {
        if (!presence_.gone) around_.time.note([&] { return name() + " says: " + std::string{record.text} + (record.instance ? " (" + record.instance.str() + ")" : ""); });
    };
    try {
        engine_ = std::make_unique<RealEngine>(std::move(options), std::move(workshop), around_.versions, name() + "-" + std::to_string(node_.lives()));
        engine_->run();
        presence_.runs = true;
    } catch (const Error& error) {
        around_.time.note([&] { return name() + " does not come up: " + error.what(); });
    }
    return presence_.runs;
}

void Life::crash() {
    if (!presence_.gone) node_.crash();
}

void Life::freeze(Duration length) {
    if (presence_.gone) return;
    node_.freeze(length);
    around_.time.wait_until(around_.time.now() + length, [this] { return presence_.gone; });
}

void Life::stop() {
    const Amid amid{presence_};
    if (auto* engine = this->engine()) engine->stop(Duration{2'000});
    presence_.gone = true;
}

// ---- a node -----------------------------------------------------------------------------------------------------------------

void Node::start() {
    if (life_) return;
    frozen_until_ = {};
    ++lives_;
    const auto life = std::make_shared<Life>(*this, around_);
    life_ = life;
    around_.time.note([this] { return name_ + " starts"; });
    if (!life->begin(clock_is_wrong_by_) && life_ == life) crash();
}

/// Not destroyed here: whoever asks for it may be the engine itself.
void Node::crash() {
    if (!life_) return;
    around_.time.note([this] { return name_ + " crashes"; });
    life_->presence_.gone = true;
    gone_.push_back(std::move(life_));
    life_.reset();
    frozen_until_ = {};
}

void Node::stop() {
    if (!engine() || life_->is_amid()) return crash();   // it hangs, and is killed
    around_.time.note([this] { return name_ + " stops"; });
    const auto life = life_;
    life->stop();
    if (life_ == life) life_.reset();
    around_.time.note([this] { return name_ + " has stopped"; });
    gone_.push_back(life);
}

void Node::freeze(Duration length) {
    if (!life_) return;
    around_.time.note([&] { return name_ + " freezes for " + std::to_string(length.count()) + " ms"; });
    frozen_until_ = std::max(frozen_until_, around_.time.now() + length);
}

void Node::set_clock_wrong_by(Duration by) {
    around_.time.note([&] { return "the clock of " + name_ + " is wrong by " + std::to_string(by.count()) + " ms"; });
    clock_is_wrong_by_ = by;
    if (life_) life_->workshop().node_clock().set_wrong_by(by);
}

void Node::bury() {
    std::erase_if(gone_, [](const auto& life) {
        if (life->is_amid()) return false;
        life->end();
        return true;
    });
}

Node::~Node() {
    if (life_) life_->end();
    for (const auto& life : gone_) life->end();
}

bool Node::step(test::Random& random) {
    if (!gone_.empty()) bury();
    if (!life_ || is_frozen()) return false;
    const auto life = life_;   // it may end in this step
    return life->workshop().step(random);
}

Instant Node::next() const {
    if (!life_) return Instant::max();
    return is_frozen() ? frozen_until_ : life_->workshop().next();
}

}  // namespace kontor::simulation
