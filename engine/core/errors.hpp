#pragma once
/// BPMN errors: who catches them (BPMN 2.0, 10.5.7 and 13.5.3).
#include "core/deciding.hpp"

namespace kontor::core {

struct BpmnError {
    std::string code;
    std::string message;
    Value data;
};

/// The activity's or a surrounding scope's handler takes the error of a service; false if there is none, and nothing happened.
bool catch_error_of_job(Here, const BpmnError&);

/// An error end event: the next handler around it takes over, or the process fails.
void throw_error_event(Here, const BpmnError&);

}  // namespace kontor::core
