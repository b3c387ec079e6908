#pragma once
/// What `kontor store` can do.
#include "cli/command.hpp"

namespace kontor::cli {

Exit check_store(const Arguments&, Console&);
Exit back_up_store(const Arguments&, Console&);
Exit drop_journals(const Arguments&, Console&);
Exit look_after_restored(const Arguments&, Console&);

}  // namespace kontor::cli
