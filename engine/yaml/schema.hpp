#pragma once
/// JSON Schemas (draft 2020-12) of our files, for editors: made from the tables of keys by which the files are read.
#include <string>

namespace kontor::yaml {

std::string process_schema();
std::string decision_schema();
std::string types_schema();
std::string test_schema();
std::string mocks_schema();

}  // namespace kontor::yaml
