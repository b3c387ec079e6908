#include "store_suite/power_loss.hpp"

#include <sqlite3.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <new>
#include <numeric>

namespace kontor::test {

namespace {

Disk* disk = nullptr;
sqlite3_vfs* real_vfs = nullptr;

/// SQLite allocates it with room for the real file behind it.
struct ShimFile {
    sqlite3_file base;
    std::string* path;   // none: a temporary file, which nobody misses
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
ShimFile& shim(sqlite3_file* file) { return *reinterpret_cast<ShimFile*>(file); }

bool is_dead(sqlite3_file* file) { return shim(file).path && disk->is_dead(); }

int close(sqlite3_file* file) {
    delete shim(file).path;
    return shim(file).real()->pMethods ? shim(file).real()->pMethods->xClose(shim(file).real()) : SQLITE_OK;
}
int read(sqlite3_file* file, void* data, int count, sqlite3_int64 offset) {
    if (is_dead(file)) return SQLITE_IOERR_READ;
    return shim(file).real()->pMethods->xRead(shim(file).real(), data, count, offset);
}
int write(sqlite3_file* file, const void* data, int count, sqlite3_int64 offset) {
    if (shim(file).path) {
        if (const int failed = disk->write(*shim(file).path, data, count, offset)) return failed;
    }
    return shim(file).real()->pMethods->xWrite(shim(file).real(), data, count, offset);
}
int truncate(sqlite3_file* file, sqlite3_int64 size) {
    if (shim(file).path) {
        if (const int failed = disk->truncate(*shim(file).path, size)) return failed;
    }
    return shim(file).real()->pMethods->xTruncate(shim(file).real(), size);
}
int sync(sqlite3_file* file, int) { return shim(file).path ? disk->sync(*shim(file).path) : SQLITE_OK; }   // the model is the disk
int file_size(sqlite3_file* file, sqlite3_int64* size) {
    if (is_dead(file)) return SQLITE_IOERR_FSTAT;
    return shim(file).real()->pMethods->xFileSize(shim(file).real(), size);
}

template <auto Member, class... Arguments>
auto pass(sqlite3_file* file, Arguments... arguments) {
    return (shim(file).real()->pMethods->*Member)(shim(file).real(), arguments...);
}
using M = sqlite3_io_methods;
constexpr M methods{2,         close,     read,     write, truncate, sync, file_size, pass<&M::xLock, int>, pass<&M::xUnlock, int>,
                    pass<&M::xCheckReservedLock, int*>, pass<&M::xFileControl, int, void*>, pass<&M::xSectorSize>,
                    pass<&M::xDeviceCharacteristics>, pass<&M::xShmMap, int, int, int, void volatile**>, pass<&M::xShmLock, int, int, int>,
                    pass<&M::xShmBarrier>, pass<&M::xShmUnmap, int>, nullptr, nullptr};

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out) {
    auto& made = *new (file) ShimFile{};
    if (name && disk->is_dead()) return SQLITE_CANTOPEN;
    const bool is_new = name && !std::filesystem::exists(name);
    const int result = real_vfs->xOpen(real_vfs, name, made.real(), flags, out);
    if (!made.real()->pMethods) return result;
    made.base.pMethods = &methods;
    if (name) {
        made.path = new std::string{name};
        if (is_new) disk->deleted(name);
        disk->opened(name);
    }
    return result;
}
int remove(sqlite3_vfs*, const char* name, int sync_folder) {
    if (disk->is_dead()) return SQLITE_IOERR_DELETE;
    disk->deleted(name);
    return real_vfs->xDelete(real_vfs, name, sync_folder);
}

sqlite3_vfs& shim_vfs() {
    static sqlite3_vfs vfs;
    return vfs;
}

std::string content_of(const std::string& path) {
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace

Disk::Disk(std::uint64_t seed) : random_{seed} {
    real_vfs = sqlite3_vfs_find(nullptr);
    shim_vfs() = *real_vfs;
    shim_vfs().zName = "power-loss";
    shim_vfs().szOsFile = static_cast<int>(sizeof(ShimFile)) + real_vfs->szOsFile;
    shim_vfs().xOpen = open;
    shim_vfs().xDelete = remove;
    disk = this;
    sqlite3_vfs_register(&shim_vfs(), 1);
}

Disk::~Disk() {
    sqlite3_vfs_unregister(&shim_vfs());
    sqlite3_vfs_register(real_vfs, 1);
    disk = nullptr;
}

void Disk::lose_power_at(std::uint64_t operation) {
    until_dead_ = operation;
    if (operation == 0) dead_ = true;
}

void Disk::opened(const std::string& path) {
    const auto [file, is_new] = files_.try_emplace(path);
    if (!is_new) return;
    file->second.durable = content_of(path);
    file->second.size = file->second.durable.size();
}

bool Disk::step() {
    if (!dead_ && --until_dead_ == 0) dead_ = true;
    return !dead_;
}

int Disk::write(const std::string& path, const void* data, int count, std::int64_t offset) {
    if (dead_) return SQLITE_IOERR_WRITE;
    File& file = files_.at(path);
    const std::uint64_t end = static_cast<std::uint64_t>(offset + count);
    const std::uint64_t used = std::accumulate(files_.begin(), files_.end(), 0ULL, [](auto sum, const auto& f) { return sum + f.second.size; });
    if (end > file.size && used + end - file.size > room_) return SQLITE_FULL;
    file.pending.push_back({.offset = offset, .data = {static_cast<const char*>(data), static_cast<std::size_t>(count)}});
    file.size = std::max(file.size, end);
    return step() ? SQLITE_OK : SQLITE_IOERR_WRITE;   // the write under way may be torn, too
}

int Disk::truncate(const std::string& path, std::int64_t size) {
    if (dead_) return SQLITE_IOERR_TRUNCATE;
    files_.at(path).pending.push_back({.offset = size, .data = {}, .is_truncation = true});
    files_.at(path).size = static_cast<std::uint64_t>(size);
    return step() ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
}

int Disk::sync(const std::string& path) {
    if (!dead_ && --syncs_until_dead_ == 0) dead_ = true;
    if (!step()) return SQLITE_IOERR_FSYNC;
    if (failing_syncs_ > 0) {
        --failing_syncs_;
        return SQLITE_IOERR_FSYNC;
    }
    ++syncs_;
    File& file = files_.at(path);
    for (const Pending& pending : file.pending) apply(file.durable, pending);
    file.pending.clear();
    return SQLITE_OK;
}

void Disk::apply(std::string& content, const Pending& pending) {
    const auto offset = static_cast<std::size_t>(pending.offset);
    if (pending.is_truncation) return content.resize(std::min(content.size(), offset));
    if (content.size() < offset + pending.data.size()) content.resize(offset + pending.data.size());
    std::memcpy(content.data() + offset, pending.data.data(), pending.data.size());
}

void Disk::restart() {
    // All kept, all lost from some write on, or each write with a fate of its own.
    const auto mode = random_() % 4;
    for (auto& [path, file] : files_) {
        unsynced_losses_[path] += file.pending.empty() ? 0 : 1;
        std::size_t kept = mode == 0 ? file.pending.size() : mode == 1 ? random_() % (file.pending.size() + 1) : 0;
        for (Pending& pending : file.pending) {
            const bool is_kept = kept > 0 && kept-- > 0;
            const auto fate = is_kept ? 2 : mode < 2 ? 0 : random_() % 3;
            if (fate == 0) continue;
            if (fate == 1) pending.data.resize(random_() % (pending.data.size() / 512 + 1) * 512);
            apply(file.durable, pending);
        }
        std::ofstream{path, std::ios::binary | std::ios::trunc} << file.durable;
        std::filesystem::remove(path + "-shm");
    }
    files_.clear();
    until_dead_ = syncs_until_dead_ = ~0ULL;
    dead_ = false;
}

}  // namespace kontor::test
