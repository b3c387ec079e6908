#include "cli/program.hpp"

#include "value/json.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace kontor::cli::test {
namespace {

void redirect(const std::string& file, int descriptor, int flags) {
    const int opened = ::open(file.c_str(), flags, 0600);
    if (opened < 0 || ::dup2(opened, descriptor) < 0) ::_exit(126);
}

Ran run(const std::string& program, const std::vector<std::string>& words, const std::string& input) {
    const Folder folder;
    const std::string in = folder.file("in", input), out = folder.path("out"), err = folder.path("err");
    std::vector<std::string> all{program};
    all.insert(all.end(), words.begin(), words.end());
    std::vector<char*> arguments;
    for (std::string& word : all) arguments.push_back(word.data());
    arguments.push_back(nullptr);

    const pid_t child = ::fork();
    if (child == 0) {
        redirect(in, 0, O_RDONLY);
        redirect(out, 1, O_WRONLY | O_CREAT | O_TRUNC);
        redirect(err, 2, O_WRONLY | O_CREAT | O_TRUNC);
        ::setenv("K", KONTOR_BINARY, 1);
        if (::chdir(KONTOR_SOURCE_DIR) != 0) ::_exit(126);
        ::execv(program.c_str(), arguments.data());
        ::_exit(127);
    }
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child) throw std::runtime_error{"cannot run " + program};
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read(out), read(err)};
}

}  // namespace

Ran call(const std::vector<std::string>& words, const std::string& input) { return run(KONTOR_BINARY, words, input); }
Ran shell(const std::string& command) { return run("/bin/bash", {"-c", command}, {}); }

Variables Ran::json() const { return json::parse(out).as<Variables>(); }

std::vector<Variables> Ran::json_lines() const {
    std::vector<Variables> all;
    std::istringstream lines{out};
    for (std::string line; std::getline(lines, line);) all.push_back(json::parse(line).as<Variables>());
    return all;
}

std::string read(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace kontor::cli::test
