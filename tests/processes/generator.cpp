#include "processes/generator.hpp"

#include <set>

namespace kontor::test {
namespace {

/// Where the next element is to be put: behind `at`, by a flow with this condition.
struct Place {
    std::string at;
    std::optional<std::string> condition = {};
    bool is_default = false;
};

/// What a scope has so far that compensation can speak of.
struct Known {
    std::vector<std::string> compensable;
    std::vector<std::string> users;
};

class Generator {
public:
    Generator(Random& random, const GeneratorOptions& options) : random_{random}, options_{options}, builder_{options.id}, budget_{options.size} {}

    model::Definition make() {
        Known known;
        Place at{put_first(start(name("start")))};
        if (!options_.started_by.empty()) at = begun_by_message(at);
        at = sequence(at, options_.depth, known);
        finish(at, known);
        for (auto n = random_.below(3); n > 0; --n) event_subprocess("", known);
        if (random_.chance(30)) builder_.on_interrupt(options_.id, random_interrupt());
        return builder_.done();
    }

private:
    std::string name(const std::string& kind) { return kind + "-" + std::to_string(++names_); }
    std::string put_first(const Stop& stop) {
        builder_.path({stop});
        return stop.id;
    }
    Place begun_by_message(const Place& at) {
        const auto begun = put(at, exclusive("begun"));
        builder_.path({start("begun-by-message", message(options_.started_by)).output("key", "result.key"), ref(begun.at)});
        return begun;
    }
    Place put(const Place& from, Stop stop) {
        stop.condition = from.condition;
        stop.is_default = from.is_default;
        const std::string id = stop.id;
        builder_.path({ref(from.at), std::move(stop)});
        return {id};
    }
    void link(const Place& from, const std::string& to) {
        Stop stop = ref(to);
        stop.condition = from.condition;
        stop.is_default = from.is_default;
        builder_.path({ref(from.at), std::move(stop)});
    }
    std::string condition() { return random_.pick<std::string>({"a", "not(a)", "n > 4", "n <= 6", "n = 3", "true"}); }
    std::string duration() { return random_.pick<std::string>({"PT1M", "PT10M", "PT1H", "PT5H", "P1D"}); }
    model::OnInterrupt random_interrupt() {
        return random_.pick<model::OnInterrupt>({model::OnInterrupt::compensate, model::OnInterrupt::compensate, model::OnInterrupt::abandon});
    }

    ServiceOptions service_options() {
        ServiceOptions options;
        options.contract = random_.pick<model::Contract>({model::Contract::idempotent, model::Contract::idempotent, model::Contract::queryable, model::Contract::unsafe});
        options.retry = {static_cast<std::uint32_t>(random_.between(1, 3)), std::chrono::seconds{random_.between(1, 60)}, std::chrono::minutes{10}, {}};
        if (random_.chance(30)) options.retry.on_exhausted = "EXHAUSTED";
        return options;
    }
    Stop with_outputs(Stop stop, const std::string& from) {
        if (random_.chance(60)) stop = stop.output("n", from + ".n");
        if (random_.chance(60)) stop = stop.output("a", from + ".a");
        return stop;
    }
    model::UserTask user_task() {
        model::UserTask task;
        if (random_.chance(50)) task.candidate_users = {"alice", "bob"};
        if (random_.chance(30)) task.candidate_groups = {"clerks"};
        return task;
    }
    Trigger waiting_trigger() { return random_.chance(50) ? timer(duration()) : message("m" + std::to_string(random_.below(3))); }

    // ---- blocks ---------------------------------------------------------------------------------------------------------
    Place sequence(Place at, unsigned depth, Known& known) {
        const bool outermost = depth == options_.depth;
        for (auto n = random_.between(outermost ? 2 : 1, outermost ? 6 : 3); n > 0 && budget_ > 0; --n) at = block(at, depth, known);
        return at;
    }
    Place block(const Place& at, unsigned depth, Known& known) {
        --budget_;
        const auto choice = random_.below(depth == 0 ? 50 : 100);
        if (choice < 26) return service_block(at, known);
        if (choice < 33) return user_block(at, known);
        if (choice < 38) return put(at, script(name("script"), "if n = null then 1 else n + 1").output("n", "result"));
        if (choice < 41) return with_boundary(put(at, with_outputs(receive(name("receive"), "m" + std::to_string(random_.below(3))), "result")), known);
        if (choice < 45) return put(at, caught(name("catch"), waiting_trigger()));
        if (choice < 50) return compensation_block(at, known);
        if (choice < 60) return exclusive_block(at, depth, known);
        if (choice < 70) return fork(at, depth, known, parallel(name("fork")), parallel(name("join")));
        if (choice < 78) return fork(at, depth, known, inclusive(name("choice")), inclusive(name("choice-join")));
        if (choice < 83) return event_block(at, depth, known);
        if (choice < 88) return loop(at, depth, known);
        return subprocess_block(at, depth, known);
    }

    Place service_block(const Place& at, Known& known) {
        const bool sends = random_.chance(20);
        const auto id = name(sends ? "send" : "service");
        const auto made = put(at, with_outputs(sends ? send(id, service_options()) : service(id, service_options()), "result").input("n", "n"));
        if (random_.chance(55)) add_handler(id, known);
        return with_boundary(made, known);
    }
    void add_handler(const std::string& id, Known& known) {
        auto options = service_options();
        options.retry.on_exhausted.reset();
        Stop handler = random_.chance(85) ? service("undo-" + id, options) : user("undo-" + id);
        builder_.compensation(id, handler.input("key", "compensated.idempotencyKey").input("n", "n"));
        known.compensable.push_back(id);
    }
    Place user_block(const Place& at, Known& known) {
        const auto id = name("user");
        std::vector<std::string> others;
        if (!known.users.empty() && random_.chance(40)) others.push_back(random_.pick(known.users));
        const auto made = put(at, with_outputs(user(id, user_task(), others), "result"));
        known.users.push_back(id);
        if (random_.chance(20)) add_handler(id, known);
        return with_boundary(made, known);
    }
    Place compensation_block(const Place& at, Known& known) {
        if (known.compensable.empty()) return service_block(at, known);
        if (random_.chance(50)) return put(at, compensate(name("undo")));
        return put(at, compensate(name("undo"), random_.pick(known.compensable)));
    }

    /// Perhaps adds boundary events; where they interrupt, their path meets the normal one again.
    Place with_boundary(const Place& host, Known& known) {
        if (!random_.chance(35)) return host;
        const auto merge = name("merge");
        Place normal = put(host, exclusive(merge));
        bool catches_error = false;
        for (auto n = random_.between(1, 2); n > 0; --n) {
            const auto id = name("boundary");
            const auto kind = random_.below(4);
            if (kind == 0 && !catches_error) {
                catches_error = true;
                builder_.boundary(host.at, id, random_.chance(50) ? error() : error({"E1", "EXHAUSTED"}));
                builder_.path({ref(lead(id, known)), ref(merge)});
            } else if (kind <= 2) {
                builder_.boundary(host.at, id, waiting_trigger());
                builder_.path({ref(lead(id, known)), ref(merge)});
            } else {
                const bool repeats = random_.chance(50);
                builder_.boundary(host.at, id, repeats ? timer(random_.chance(50) ? "R3/PT10M" : "R/PT4H") : waiting_trigger(), false);
                builder_.path({ref(lead(id, known)), end(name("aside"))});
            }
        }
        return normal;
    }
    /// A short way behind a boundary event: the element at its end.
    std::string lead(const std::string& from, Known& known) {
        if (budget_ == 0 || random_.chance(40)) return from;
        --budget_;
        if (random_.chance(30)) return compensation_block({from}, known).at;
        const auto id = name("service");
        const auto made = put({from}, with_outputs(service(id, service_options()), "result"));
        if (random_.chance(50)) add_handler(id, known);
        return made.at;
    }

    Place exclusive_block(const Place& at, unsigned depth, Known& known) {
        const auto gate = put(at, exclusive(name("gate")));
        const auto merge = name("merge");
        Place merged = put({gate.at, {}, true}, exclusive(merge));
        if (options_.gaps && random_.chance(10)) merged = replace_default(gate.at, merge);
        for (auto n = random_.between(1, 2); n > 0; --n) {
            const Place branch = sequence({gate.at, condition()}, depth - 1, known);
            if (random_.chance(18)) stop_here(branch, known);
            else link(branch, merge);
        }
        return merged;
    }
    /// A gateway that has no default way gets a second one behind the first, without one and with a condition.
    Place replace_default(const std::string&, const std::string& merge) {
        const auto gate = put({merge}, exclusive(name("gap")));
        return put({gate.at, "n < 8 or a"}, exclusive(name("after-gap")));
    }
    void stop_here(const Place& at, Known& known) {
        const auto kind = random_.below(4);
        if (kind == 0) put(at, terminate_end(name("terminate")));
        else if (kind == 1) put(at, error_end(name("error"), random_.pick<std::string>({"E1", "E2"})));
        else if (kind == 2 && !known.compensable.empty()) put(at, compensate_end(name("undo-end")));
        else put(at, end(name("end")));
    }
    Place fork(const Place& at, unsigned depth, Known& known, const Stop& opening, const Stop& closing) {
        const bool chooses = opening.id.starts_with("choice");
        const auto open = put(at, opening);
        const auto first = sequence({open.at, chooses ? std::optional{condition()} : std::nullopt}, depth - 1, known);
        const auto joined = put(first, closing);
        for (auto n = random_.between(1, 2); n > 0; --n) {
            const auto branch = sequence({open.at, chooses ? std::optional{condition()} : std::nullopt}, depth - 1, known);
            link(branch, closing.id);
        }
        if (chooses) builder_.path({ref(open.at), ref(closing.id).otherwise()});
        return joined;
    }
    Place event_block(const Place& at, unsigned depth, Known& known) {
        const auto gate = put(at, event_based(name("events")));
        const auto merge = name("merge");
        const auto first = sequence(put(gate, caught(name("catch"), timer(duration()))), depth - 1, known);
        const auto merged = put(first, exclusive(merge));
        for (auto n = random_.between(1, 2); n > 0; --n) {
            const auto event = random_.chance(50) ? caught(name("catch"), message("m" + std::to_string(random_.below(3))))
                                                  : receive(name("receive"), "m" + std::to_string(random_.below(3)));
            const auto branch = sequence(put(gate, event), depth - 1, known);
            link(branch, merge);
        }
        return merged;
    }
    Place loop(const Place& at, unsigned depth, Known& known) {
        const auto counter = "c" + std::to_string(++names_);
        const auto again = put(at, exclusive(name("again")));
        const bool is_long = options_.long_loops && random_.chance(40);
        const auto body = is_long ? again : sequence(again, depth - 1, known);
        const auto counted = put(body, script(name("count"), "if " + counter + " = null then 1 else " + counter + " + 1").output(counter, "result"));
        const auto enough = put(counted, exclusive(name("enough")));
        builder_.path({ref(enough.at), ref(again.at).otherwise()});
        return put({enough.at, counter + " >= " + std::to_string(is_long ? 400 : random_.between(1, 3))}, exclusive(name("after")));
    }
    Place subprocess_block(const Place& at, unsigned depth, Known& known) {
        const auto id = name("sub");
        Stop stop = subprocess(id);
        if (random_.chance(30)) stop = stop.input("n", "n");
        if (random_.chance(30)) stop = stop.output("n", "n");
        const auto made = put(at, stop);
        const auto outer = scope_;
        enter(id);
        Known inside;
        Place inner{put_first(start(name("start")))};
        inner = sequence(inner, depth - 1, inside);
        finish(inner, inside);
        if (random_.chance(35)) event_subprocess(id, inside);
        if (random_.chance(40)) builder_.on_interrupt(id, random_interrupt());
        enter(outer);
        if (random_.chance(15)) add_handler(id, known);
        else if (!inside.compensable.empty()) known.compensable.push_back(id);
        return with_boundary(made, known);
    }
    void enter(const std::string& scope) {
        scope_ = scope;
        builder_.in(scope_);
    }
    void finish(const Place& at, Known& known) {
        if (random_.chance(20)) stop_here(at, known);
        else put(at, end(name("end")));
    }
    void event_subprocess(const std::string& scope, Known& around) {
        const auto id = name("event-sub");
        const auto kind = random_.below(5);
        const bool interrupts = kind == 0 || random_.chance(60);
        if (kind == 0) {
            if (!error_caught_in_.insert(scope).second) return;
            builder_.event_subprocess(id, random_.chance(50) ? error() : error({"E1"}), true);
        } else {
            builder_.event_subprocess(id, !interrupts && random_.chance(40) ? timer("R2/PT30M") : waiting_trigger(), interrupts);
        }
        enter(id);
        Known inside;
        Place at{id + ".start"};
        if (random_.chance(40) && !around.compensable.empty()) at = put(at, compensate(name("undo")));
        if (budget_ > 0) at = block(at, 0, inside);
        finish(at, inside);
        enter(scope);
    }

    Random& random_;
    const GeneratorOptions options_;
    Builder builder_;
    std::string scope_;
    unsigned budget_;
    unsigned names_ = 0;
    std::set<std::string> error_caught_in_;
};

}  // namespace

model::Definition random_process(Random& random, const GeneratorOptions& options) { return Generator{random, options}.make(); }

}  // namespace kontor::test
