#include "store_suite/stores.hpp"

#include <cstdlib>

namespace kontor::test {

Folder::Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "kontor-store-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error{"no temporary folder"};
    path_ = name;
}

Folder::~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace kontor::test
