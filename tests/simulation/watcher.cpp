#include "simulation/watcher.hpp"

namespace kontor::simulation {

void Watcher::look_at(const std::shared_ptr<Life>& engine) {
    if (!engine || !engine->engine()) return;
    if (is_listening() && random_.chance(40)) kept_ = seen_;
    ++turn_;
    subscription_ = {};
    if (kept_ && random_.chance(30)) seen_ = *kept_;   // he has forgotten what came since
    at_ = engine;
    ++changes_;
    const auto from = seen_.cursor.value_or(engine->engine()->cursor_at_start());
    subscription_ = engine->engine()->subscribe(from, [this, engine, turn = turn_](const Event& event) {
        if (engine->is_gone()) return;
        if (turn != turn_) time_.accuse("an event was told after its subscription had ended");
        seen_.events[core::created_at(event.instance).bucket].emplace_back(event.instance, event.json);
        seen_.cursor = event.position;
    });
}

}  // namespace kontor::simulation
