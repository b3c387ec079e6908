/// kontor_limit [URL [SECONDS [IN-FLIGHT]]]: what the store alone can do; without URL, SQLite in a temporary folder.
#include "benchmarks/limit.hpp"
#include "store/open.hpp"

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

namespace {

double cpu_seconds() {
    std::timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// All that the process has handed to the system for writing, 0 where nobody counts it.
double bytes_written() {
    std::ifstream in{"/proc/self/io"};
    for (std::string name; in >> name;) {
        double value = 0;
        in >> value;
        if (name == "wchar:") return value;
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) try {
    const auto folder = std::filesystem::temp_directory_path() / ("kontor-limit-" + std::to_string(std::time(nullptr)));
    std::filesystem::create_directory(folder);
    const std::string url = argc > 1 ? argv[1] : "sqlite:" + (folder / "limit.db").string();
    kontor::bench::LimitOptions options;
    if (argc > 2) options.duration = std::chrono::seconds{std::stoi(argv[2])};
    if (argc > 3) options.in_flight = static_cast<std::uint32_t>(std::stoul(argv[3]));
    {
        const auto store = kontor::store::open_store(url);
        const double cpu = cpu_seconds();
        const double written = bytes_written();
        const auto result = kontor::bench::measure_limit(*store, options);
        const auto instances = static_cast<double>(result.instances);
        std::cout << static_cast<long>(result.instances_per_second()) << " instances/s  "
                  << result.seconds * 1e6 / static_cast<double>(result.commits) << " us/commit  "
                  << (cpu_seconds() - cpu) * 1e9 / (instances * 20) << " ns of processor time a row  "
                  << static_cast<long>((bytes_written() - written) / instances) << " bytes written an instance\n";
    }
    std::filesystem::remove_all(folder);
} catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
}
