#include "store/shared/ears.hpp"

namespace kontor::store {

std::shared_ptr<void> Ears::add(Heard heard) {
    auto ear = std::make_shared<Ear>();
    ear->heard = std::move(heard);
    const std::lock_guard lock{mutex_};
    ears_.push_back(ear);
    return {ear.get(), [ear](void*) {
                const std::lock_guard after_the_last_call{ear->calling};
                ear->heard = nullptr;
            }};
}

void Ears::tell(std::string_view text) {
    std::vector<std::shared_ptr<Ear>> open;
    {
        const std::lock_guard lock{mutex_};
        std::erase_if(ears_, [](const auto& ear) { return ear.expired(); });
        for (const auto& ear : ears_)
            if (auto kept = ear.lock()) open.push_back(std::move(kept));
    }
    for (const auto& ear : open) {
        const std::lock_guard one_at_a_time{ear->calling};
        if (ear->heard) ear->heard(text);
    }
}

}  // namespace kontor::store
