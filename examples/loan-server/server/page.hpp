#pragma once
/// The page for people: files of one folder, and nothing else of this machine.
#include <kontor/rest.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace loan {

struct PageFile {
    std::string content_type{};
    std::string content{};
};
/// Nothing if the folder has no such file, also if the name leads out of it.
std::optional<PageFile> page_file(const std::filesystem::path& folder, const std::string& name);

/// GET / and GET /page/*
std::vector<kontor::RestRoute> page_routes(const std::filesystem::path& folder);

}  // namespace loan
