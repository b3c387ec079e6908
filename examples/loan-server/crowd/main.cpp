// Applicants and clerks for a loan server. loan-crowd --help tells the options.
#include "crowd/applicants.hpp"
#include "crowd/clerk.hpp"
#include "crowd/options.hpp"
#include "crowd/progress.hpp"
#include "crowd/report.hpp"
#include "crowd/team.hpp"

#include <atomic>
#include <csignal>
#include <iostream>

namespace {

using namespace loan;
using Clock = std::chrono::steady_clock;

constexpr int senders = 4;

void send(Server& server, const Applicants& applicants, int number, Applications& applications) {
    const std::string name = Applicants::business_key(number);
    Object body;
    body.set("processDefinitionId", "consumer-credit");
    body.set("businessKey", name);
    body.set("variables", applicants.variables(number));
    // Sent again after a restart, the same application has the same key: the server starts it once.
    const auto started = server.object("POST", "/v2/process-instances", body, {{"Idempotency-Key", name}});
    applications.sent(text_of(*started, "processInstanceKey"));
}

/// Kills a process once, when it is time.
class Killer {
public:
    explicit Killer(int victim) : victim_{victim} {}
    void at_half(int ended, int all) {
        if (victim_ == 0 || 2 * ended < all) return;
        if (::kill(victim_, SIGKILL) != 0) throw std::runtime_error{"cannot kill process " + std::to_string(victim_)};
        std::cerr << "\nkill -9 " << victim_ << ", with " << ended << " of " << all << " ended\n";
        victim_ = 0;
    }
    [[nodiscard]] bool has_waited_in_vain() const { return victim_ != 0; }

private:
    int victim_;
};

Report run(const CrowdOptions& options) {
    const Applicants applicants{options.csv.empty() ? APPLICANTS_FILE : options.csv};
    Applications applications;
    std::atomic<int> next{1};
    Report report;
    Team team;
    const auto server = [&] { return Server{options.server, options.patience, team.token()}; };
    const auto start = Clock::now();
    for (int i = 0; i < senders; ++i)
        team.add([&, own = std::make_shared<Server>(server())] {
            for (int number; (number = next++) <= options.applicants;) send(*own, applicants, number, applications);
        });
    for (const Clerk* clerk : {&anna, &bruno}) team.add([&, clerk, own = std::make_shared<Server>(server())] { work(*clerk, *own, applications); });
    team.lead([&] {
        Server own = server();
        Killer killer{options.victim};
        Progress progress{options.applicants};
        const Picture last = wait_for_ends(own, options.applicants, options.patience, [&](const Picture& now) {
            progress.show(applications.sent(), now.ended);
            killer.at_half(now.ended, options.applicants);
        });
        const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
        report = report_on(last, options.applicants, own);
        report.seconds = seconds;
        if (killer.has_waited_in_vain()) report.problems.push_back("nobody was killed: not half of the applications have ended");
    });
    return report;
}

}  // namespace

int main(int count, char** arguments) try {
    const CrowdOptions options = read_options({arguments + 1, static_cast<std::size_t>(count - 1)});
    if (options.help) {
        std::cout << crowd_usage;
        return 0;
    }
    const Report report = run(options);
    options.json ? print_json(std::cout, report) : print(std::cout, report);
    return report.is_good() ? 0 : 1;
} catch (const loan::UsageError& error) {
    std::cerr << "loan-crowd: " << error.what() << "\nloan-crowd --help tells what there is\n";
    return 2;
} catch (const std::exception& error) {
    std::cerr << "loan-crowd: " << error.what() << '\n';
    return 3;
}
