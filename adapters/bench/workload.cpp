#include "bench/workload.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace kontor::bench {
namespace {

constexpr std::string_view loan_8 = R"(kontor: 1
process: loan-8
variables:
  application: { type: context, required: true }
  valid:       { type: context }
  credit:      { type: context }
  property:    { type: context }
  assessment:  { type: context }
  decision:    { type: context }
  schedule:    { type: context }
services:
  "loan.*": { contract: idempotent, timeout: PT1M }
defaults:
  retry: { attempts: 3, backoff: PT1S }
flow:
  - startEvent: application-received
  - serviceTask: validate
    service: loan.validate
    input: { id: = application.id }
    output: valid
  - parallelGateway: investigate
    join: investigated
    branches:
      - flow:
          - serviceTask: credit
            service: loan.credit
            input: { id: = application.id }
            output: credit
      - flow:
          - serviceTask: property
            service: loan.property
            input: { id: = application.id }
            output: property
  - serviceTask: assess
    service: loan.assess
    input: { id: = application.id }
    output: assessment
  - serviceTask: decide
    service: loan.decide
    input: { id: = application.id }
    output: decision
  - serviceTask: schedule
    service: loan.schedule
    input: { id: = application.id }
    output: schedule
  - serviceTask: archive
    service: loan.archive
    input: { id: = application.id }
  - serviceTask: notify
    service: loan.notify
    input: { id: = application.id }
  - endEvent: answered
)";

/// About 1 KB, as much of it text as an application has.
Variables an_application() {
    return {{"application", Variables{{"id", "A-2026-000001"},
                                      {"amount", Decimal::parse("250000.00")},
                                      {"months", 240},
                                      {"purpose", std::string(400, 'p')},
                                      {"applicant", Variables{{"name", std::string(60, 'n')}, {"address", std::string(440, 'a')}}}}}};
}

constexpr int branches = 100;

std::string parallel_100() {
    std::string yaml = R"(kontor: 1
process: parallel-100
variables:
  id: { type: string, required: true }
services:
  "loan.*": { contract: idempotent, timeout: PT1M }
flow:
  - startEvent: asked
  - parallelGateway: fork
    join: joined
    branches:
)";
    for (int n = 1; n <= branches; ++n)
        yaml += "      - flow:\n          - serviceTask: ask-" + std::to_string(n) + "\n            service: loan.ask\n            input: { id: = id }\n";
    return yaml + "  - endEvent: answered\n";
}

Variables an_id() { return {{"id", "A-2026-000001"}}; }

const std::string parallel_100_yaml = parallel_100();

const std::array<Workload, 2> all{{
    {"loan-8", "eight service tasks, two of them in parallel; 1 KB of input, 200 bytes from every service", "loan-8", loan_8, an_application, 200, 8},
    {"parallel-100", "one hundred service tasks at once, and their join; 20 instances at once", "parallel-100", parallel_100_yaml, an_id, 200, branches, 20},
}};

}  // namespace

std::span<const Workload> workloads() { return all; }

const Workload* find_workload(std::string_view name) {
    const auto it = std::ranges::find(all, name, &Workload::name);
    return it == all.end() ? nullptr : &*it;
}

}  // namespace kontor::bench
