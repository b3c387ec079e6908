#pragma once
/// The API document (OpenAPI 3.1), made from the table of routes.
#include <string>

namespace kontor::rest {

std::string open_api();

}  // namespace kontor::rest
