#pragma once
/// A C++ function as a service.
#include <kontor/options.hpp>

namespace kontor::runtime {

/// Runs the handler on the executor; what it throws becomes the answer that service.hpp promises.
std::shared_ptr<Adapter> handler_adapter(Service::Handler handler, Executor& executor);

}  // namespace kontor::runtime
