#pragma once
/// The keys of process tests and mocks.
#include "yaml/parts/key.hpp"

namespace kontor::yaml {

Keys test_file_keys();
Keys mocks_keys();
/// What a file of mocks may have beside them.
Keys mock_file_keys();
Keys mock_answer_keys();
/// Of `query:`.
Keys mock_query_keys();
Keys mock_task_keys();
Keys case_keys();
/// Each of these is one step; step_detail_keys() belong to some of them.
Keys step_keys();
Keys step_detail_keys();
Keys start_step_keys();
Keys expect_keys();
Keys expected_calls_keys();
/// Kinds of incidents, as core spells them; a test of the sandbox holds the two together.
std::span<const std::string_view> incident_kinds();

}  // namespace kontor::yaml
