#include "store/shared/validity.hpp"

#include "value/utf8.hpp"

#include <kontor/error.hpp>

#include <cstdint>
#include <map>
#include <random>

namespace kontor::store {

namespace {

std::string position_text(std::uint32_t bucket, std::uint64_t sequence) { return std::to_string(bucket) + ":" + std::to_string(sequence); }

class BatchCheck {
public:
    BatchCheck(const ports::Batch& batch, std::uint32_t buckets) : batch_{batch}, buckets_{buckets} {}

    std::optional<std::string> run() {
        advances();
        journal();
        for (const auto& row : batch_.instances) texts("instance", {row.process, row.definition, row.business_key});
        for (const auto& row : batch_.subscriptions) texts("subscription", {row.message, row.correlation_key});
        for (const auto& row : batch_.tasks) task(row);
        for (const auto& row : batch_.incidents) texts("incident", {row.process, row.element, row.kind, row.message});
        for (const auto& row : batch_.inbox) addressed("inbox row", row.bucket, {row.id});
        for (const auto& [bucket, id] : batch_.inbox_consumed) addressed("inbox row", bucket, {id});
        for (const auto& row : batch_.replies) texts("reply", {row.node, row.id});
        for (const auto& row : batch_.messages) message(row.key);
        for (const auto& key : batch_.messages_gone) message(key);
        for (const auto& row : batch_.requests) texts("request", {row.id});
        return std::move(why_);
    }

private:
    void say(std::string why) {
        if (!why_) why_ = std::move(why);
    }
    void texts(std::string_view what, std::initializer_list<std::string_view> all) {
        for (const std::string_view text : all) {
            if (const auto wrong = text_defect(text); !wrong.empty()) say("a text of the " + std::string{what} + " " + std::string{wrong});
        }
    }
    void addressed(std::string_view what, std::uint32_t bucket, std::initializer_list<std::string_view> all) {
        if (bucket >= buckets_) say(std::string{what} + ": there is no bucket " + std::to_string(bucket));
        texts(what, all);
    }
    void message(const ports::MessageKey& key) { addressed("message", key.bucket, {key.name, key.correlation_key, key.id}); }
    void task(const ports::TaskRow& row) {
        texts("user task", {row.process, row.element, row.assignee});
        for (const auto& group : row.candidate_groups) texts("user task", {group});
        for (const auto& user : row.candidate_users) texts("user task", {user});
    }
    void advances() {
        for (const auto& advance : batch_.advances) {
            if (advance.bucket >= buckets_) say("there is no bucket " + std::to_string(advance.bucket));
            if (advance.start == 0 || advance.end < advance.start || advance.end >= 1ULL << 43) say("an advance runs backwards or too far");
            if (!next_.try_emplace(advance.bucket, advance.start, advance.end).second) say("two advances of one bucket");
        }
    }
    void journal() {
        for (const auto& row : batch_.journal) {
            const auto found = next_.find(row.position.bucket);
            if (found == next_.end() || found->second.first != row.position.sequence) {
                return say("journal row " + position_text(row.position.bucket, row.position.sequence) + " is not the next one of its bucket");
            }
            if (row.previous >= row.position.sequence) say("a journal row's predecessor comes after it");
            ++found->second.first;
        }
        for (const auto& [bucket, reached] : next_) {
            if (reached.first != reached.second) say("the journal rows of bucket " + std::to_string(bucket) + " do not fill its advance");
        }
    }

    const ports::Batch& batch_;
    std::uint32_t buckets_;
    std::map<std::uint32_t, std::pair<std::uint64_t, std::uint64_t>> next_;
    std::optional<std::string> why_;
};

}  // namespace

std::string_view text_defect(std::string_view text) noexcept {
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == '\0') return "holds a NUL character";
        const std::size_t length = utf8::character_length(text, at);
        if (length == 0) return "is not valid UTF-8";
        at += length;
    }
    return {};
}

void require_text(std::string_view what, std::string_view text) {
    if (const auto wrong = text_defect(text); !wrong.empty()) throw Error{Code::bad_input, std::string{what} + " " + std::string{wrong}};
}

std::optional<std::string> defect(const ports::Batch& batch, std::uint32_t buckets) { return BatchCheck{batch, buckets}.run(); }

void require(const ports::DeploymentRow& row) {
    for (const std::string_view text : {row.id, row.process, row.version_tag, row.hash}) require_text("a text of the deployment", text);
    for (const auto& [name, source] : row.sources) {
        require_text("the name of a source", name);
        require_text("source " + name, source);
    }
    for (const auto& element : row.elements) require_text("an element id", element);
}

void require(const ports::MessageKey& key) {
    require_text("the name of the message", key.name);
    require_text("the correlation key", key.correlation_key);
    require_text("the id of the message", key.id);
}

void require_same(const ports::DeploymentRow& there, const ports::DeploymentRow& wanted) {
    ports::DeploymentRow same_time = wanted;
    same_time.deployed = there.deployed;
    if (same_time == there) return;
    throw Error{Code::conflict, "deployment " + wanted.id + " is there already with another content"};
}

void refuse_version(const ports::DeploymentRow& wanted) {
    throw Error{Code::conflict, "version " + std::to_string(wanted.version) + " of " + wanted.process + " has just been deployed with another content"};
}

ports::Outcome judge(const ports::Advance& advance, std::uint64_t batch, const BucketState& now) noexcept {
    if (now.epoch != advance.epoch) return ports::Outcome::fenced;
    return now.batch == batch && now.next_sequence == advance.end ? ports::Outcome::committed : ports::Outcome::absent;
}

std::optional<ports::Outcome> together(std::optional<ports::Outcome> others, ports::Outcome bucket) noexcept {
    return bucket == ports::Outcome::fenced && others ? others : bucket;
}

std::string new_store_id() {
    std::random_device device;
    std::string id;
    for (int n = 0; n < 20; ++n) id += "0123456789abcdef"[device() & 15U];
    return id;
}

}  // namespace kontor::store
