#pragma once
/// Those of this process who listen to a store's signals.
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

namespace kontor::store {

/// Any thread. A callback is called by one thread at a time, and not any more once what add() returned is dropped.
class Ears {
public:
    using Heard = std::function<void(std::string_view text)>;
    [[nodiscard]] std::shared_ptr<void> add(Heard);
    void tell(std::string_view text);

private:
    struct Ear {
        std::mutex calling;
        Heard heard;
    };
    std::mutex mutex_;
    std::vector<std::weak_ptr<Ear>> ears_;
};

}  // namespace kontor::store
