#include "simulation/watcher.hpp"

namespace kontor::simulation {

void Watcher::keep_mark() {
    kept_ = Mark{cursor_, {}};
    for (const Told& told : seen_) kept_->seen.push_back(told.size());
}

/// He has forgotten what came since.
void Watcher::go_back() {
    cursor_ = kept_->cursor;
    for (std::size_t bucket = 0; bucket < seen_.size(); ++bucket) seen_[bucket].resize(kept_->seen[bucket]);
}

void Watcher::look_at(const std::shared_ptr<Life>& engine) {
    if (!engine || !engine->engine()) return;
    ++turn_;
    subscription_ = {};
    if (kept_ && random_.chance(40)) go_back();
    at_ = engine;
    const auto from = cursor_.value_or(engine->engine()->cursor_at_start());
    subscription_ = engine->engine()->subscribe(from, [this, engine, turn = turn_](const Event& event) {
        if (engine->is_gone()) return;
        if (turn != turn_) time_.accuse("an event was told after its subscription had ended");
        hear(event);
    });
}

void Watcher::hear(const Event& event) {
    seen_[core::created_at(event.instance).bucket].emplace_back(event.instance, event.json);
    cursor_ = event.position;
    if (!kept_ || random_.chance(2)) keep_mark();
    if (stays_ || !random_.chance(1)) return;
    ++turn_;   // enough for now
    at_.reset();
    subscription_ = {};
}

}  // namespace kontor::simulation
