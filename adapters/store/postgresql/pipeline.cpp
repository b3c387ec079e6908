#include "store/postgresql/pipeline.hpp"

#include <optional>

namespace kontor::store::postgresql {

void Pipeline::run() {
    if (statements_.empty()) return;
    std::vector<const std::string*> names;
    for (const Step& step : statements_) names.push_back(&connection_.prepared(*step.sql, step.parameters.types()));
    send(names);
    receive();
}

void Pipeline::send(const std::vector<const std::string*>& names) {
    PGconn* handle = connection_.handle();
    if (PQenterPipelineMode(handle) != 1) throw connection_.failure(nullptr);
    sent_ = true;
    for (std::size_t n = 0; n < names.size(); ++n) {
        const Parameters& parameters = statements_[n].parameters;
        if (PQsendQueryPrepared(handle, names[n]->c_str(), parameters.count(), parameters.values().data(), parameters.lengths().data(),
                                parameters.formats().data(), 1) != 1) {
            // Half of it may have gone, and the rest must not follow: whoever finds the connection in a pipeline drops it.
            throw Failure{connection_.failure(nullptr).what(), "", true};
        }
    }
    if (PQpipelineSync(handle) != 1) throw Failure{connection_.failure(nullptr).what(), "", true};
}

void Pipeline::receive() {
    PGconn* handle = connection_.handle();
    std::optional<Failure> failed;
    std::size_t done = 0;
    for (;;) {
        const Answer answer{PQgetResult(handle), &PQclear};
        if (!answer) {   // between two statements
            if (PQstatus(handle) == CONNECTION_OK) continue;
            throw failed ? Failure{failed->what(), failed->sqlstate(), true} : Failure{connection_.failure(nullptr).what(), "", true};
        }
        const auto status = PQresultStatus(answer.get());
        if (status == PGRES_PIPELINE_SYNC) break;
        if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
            ++done;
            continue;
        }
        if (status == PGRES_PIPELINE_ABORTED) continue;   // behind the one that failed
        const auto failure = connection_.failure(answer.get());
        // An error when all statements had succeeded came out of the commit itself.
        if (!failed) failed.emplace(failure.what(), failure.sqlstate(), failure.lost() || done == statements_.size());
        if (failure.lost()) throw Failure{failed->what(), failed->sqlstate(), true};
    }
    PQexitPipelineMode(handle);
    if (failed) throw *failed;
    connection_.require_kept();
}

}  // namespace kontor::store::postgresql
