#pragma once
/// A disk below SQLite that can lose its power: a VFS over the real one that remembers what was written and not yet synced.
///
/// At a power loss all such writes are kept, or all are lost from one on, or each is kept, lost or torn at a sector (512 bytes) by itself,
/// so that later ones survive earlier ones. Until then the disk can also be full, or fail a sync and go on. Of one process, for one store at a time.
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace kontor::test {

class Disk {
public:
    /// Becomes SQLite's default, until destroyed.
    explicit Disk(std::uint64_t seed);
    ~Disk();
    Disk(const Disk&) = delete;
    Disk& operator=(const Disk&) = delete;

    /// Goes out at the nth write, truncation or sync from now on; 0: at once.
    void lose_power_at(std::uint64_t operation);
    /// Goes out within the nth sync from now on.
    void lose_power_at_sync(std::uint64_t sync) { syncs_until_dead_ = sync; }
    /// When all that used it is closed: the files are now what a start would find. The disk works again.
    void restart();

    [[nodiscard]] bool is_dead() const noexcept { return dead_; }
    [[nodiscard]] std::uint64_t syncs() const noexcept { return syncs_; }
    /// How many power losses met unsynced writes to that file.
    [[nodiscard]] std::uint64_t unsynced_losses(const std::string& path) const {
        const auto found = unsynced_losses_.find(path);
        return found == unsynced_losses_.end() ? 0 : found->second;
    }
    void set_room(std::uint64_t bytes) noexcept { room_ = bytes; }          ///< for files together; writes beyond it find the disk full
    void fail_syncs(std::uint64_t count) noexcept { failing_syncs_ = count; }

    // ---- for the VFS: SQLite's result codes ---------------------------------------------------------------------------------------
    void opened(const std::string& path);
    void deleted(const std::string& path) { files_.erase(path); }
    int write(const std::string& path, const void* data, int count, std::int64_t offset);
    int truncate(const std::string& path, std::int64_t size);
    int sync(const std::string& path);

private:
    struct Pending {
        std::int64_t offset = 0;
        std::string data{};
        bool is_truncation = false;
    };
    struct File {
        std::string durable{};
        std::vector<Pending> pending{};
        std::uint64_t size = 0;
    };
    static void apply(std::string& content, const Pending&);
    bool step();

    std::mt19937_64 random_;
    std::map<std::string, File> files_;
    std::map<std::string, std::uint64_t> unsynced_losses_;
    std::uint64_t until_dead_ = ~0ULL;
    std::uint64_t syncs_until_dead_ = ~0ULL;
    std::uint64_t room_ = ~0ULL;
    std::uint64_t failing_syncs_ = 0;
    std::uint64_t syncs_ = 0;
    bool dead_ = false;
};

}  // namespace kontor::test
