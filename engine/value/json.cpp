#include "value/json.hpp"

#include <kontor/error.hpp>

#include <boost/json/basic_parser_impl.hpp>

#include <set>

namespace kontor::json {

namespace {

/// Receives the events of Boost.JSON's parser and builds a Value. Numbers arrive as text, so no digit is lost.
/// A member that returns false stops the parser; `complaint` says why.
struct Builder {
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);

    using Part = boost::json::string_view;
    using ErrorCode = boost::json::error_code;

    /// A list or an object that is not closed yet.
    struct Open {
        std::vector<Value> items;
        std::vector<Variables::Entry> entries;
        std::set<std::string, std::less<>> names;   // filled only when a linear search gets slow
        bool is_object = false;
    };

    Value result;
    std::string complaint;
    std::vector<Open> open;
    std::string text;   // the parts of a key, string or number that the parser hands over in pieces

    bool refuse(std::string why, ErrorCode& error) {
        complaint = std::move(why);
        error = boost::json::error::syntax;
        return false;
    }

    bool add(Value value) {
        if (open.empty()) result = std::move(value);
        else if (open.back().is_object) open.back().entries.back().value = std::move(value);
        else open.back().items.push_back(std::move(value));
        return true;
    }

    /// The whole text, of which `last` is the end.
    bool complete(Part last, std::string& whole, ErrorCode& error) {
        whole = std::move(text);
        whole.append(last.data(), last.size());
        text.clear();
        if (whole.find('\0') != std::string::npos) return refuse("a text must not contain NUL", error);
        return true;
    }

    bool is_known(Open& object, const std::string& name) {
        constexpr std::size_t searched_linearly = 16;
        if (object.entries.size() <= searched_linearly) {
            for (const auto& entry : object.entries) {
                if (entry.name == name) return true;
            }
            return false;
        }
        if (object.names.empty()) {
            for (const auto& entry : object.entries) object.names.insert(entry.name);
        }
        return !object.names.insert(name).second;
    }

    bool number(Part last, ErrorCode& error) {
        std::string whole;
        if (!complete(last, whole, error)) return false;
        try {
            return add(Decimal::parse(whole));
        } catch (const Error& bad) {
            return refuse(bad.what(), error);
        }
    }

    bool on_part(Part part) {
        text.append(part.data(), part.size());
        return true;
    }

    bool on_document_begin(ErrorCode&) { return true; }
    bool on_document_end(ErrorCode&) { return true; }
    bool on_array_begin(ErrorCode&) {
        open.emplace_back();
        return true;
    }
    bool on_array_end(std::size_t, ErrorCode&) {
        List list{std::move(open.back().items)};
        open.pop_back();
        return add(std::move(list));
    }
    bool on_object_begin(ErrorCode&) {
        open.emplace_back().is_object = true;
        return true;
    }
    bool on_object_end(std::size_t, ErrorCode&) {
        Variables object{std::move(open.back().entries)};
        open.pop_back();
        return add(std::move(object));
    }
    bool on_key_part(Part part, std::size_t, ErrorCode&) { return on_part(part); }
    bool on_key(Part last, std::size_t, ErrorCode& error) {
        std::string name;
        if (!complete(last, name, error)) return false;
        Open& object = open.back();
        if (is_known(object, name)) return refuse("the key " + write(name) + " stands twice in this object", error);
        object.entries.push_back({std::move(name), {}});
        return true;
    }
    bool on_string_part(Part part, std::size_t, ErrorCode&) { return on_part(part); }
    bool on_string(Part last, std::size_t, ErrorCode& error) {
        std::string whole;
        return complete(last, whole, error) && add(std::move(whole));
    }
    bool on_number_part(Part part, ErrorCode&) { return on_part(part); }
    bool on_int64(std::int64_t, Part last, ErrorCode& error) { return number(last, error); }
    bool on_uint64(std::uint64_t, Part last, ErrorCode& error) { return number(last, error); }
    bool on_double(double, Part last, ErrorCode& error) { return number(last, error); }
    bool on_bool(bool value, ErrorCode&) { return add(value); }
    bool on_null(ErrorCode&) { return add(nullptr); }
    bool on_comment_part(Part, ErrorCode&) { return true; }
    bool on_comment(Part, ErrorCode&) { return true; }
};

/// Columns count characters, as editors do, not bytes.
std::string place(std::string_view text, std::size_t offset) {
    std::size_t line = 1, column = 1;
    for (const char c : text.substr(0, offset)) {
        if (c == '\n') ++line, column = 1;
        else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) ++column;
    }
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

std::string cause(const boost::system::error_code& error, std::string_view rest, const Limits& limits) {
    namespace bj = boost::json;
    if (error == bj::error::incomplete) return "the text ends too early";
    if (error == bj::error::extra_data) return "there is more after the end of the value";
    if (error == bj::error::too_deep) return "nested deeper than " + std::to_string(limits.depth) + " levels";
    if (error == bj::error::exponent_overflow) return "the number is out of the range of decimal128";
    if (error != bj::error::syntax) return error.message();
    if (rest.empty()) return "the text ends too early";
    const auto byte = static_cast<unsigned char>(rest.front());
    if (byte == 0) return "a text must not contain NUL";
    if (byte >= 0x80) return "not JSON, or invalid UTF-8";
    if (byte < 0x20) return "a control character must be escaped here";
    return std::string{"unexpected `"} + rest.front() + '`';
}

}  // namespace

Value parse(std::string_view text, const Limits& limits) {
    if (text.size() > limits.bytes) {
        const auto size = std::to_string(text.size());
        throw Error{Code::bad_input, "JSON of " + size + " bytes; at most " + std::to_string(limits.bytes) + " are accepted"};
    }
    boost::json::parse_options options;
    options.max_depth = limits.depth;
    boost::json::basic_parser<Builder> parser{options};
    boost::system::error_code error;
    const std::size_t used = parser.write_some(false, text.data(), text.size(), error);
    if (!error && used < text.size()) error = boost::json::error::extra_data;
    if (!error) return std::move(parser.handler().result);
    std::string why = std::move(parser.handler().complaint);
    if (why.empty()) why = cause(error, text.substr(used), limits);
    throw Error{Code::bad_input, "JSON, " + place(text, used) + ": " + why};
}

}  // namespace kontor::json
