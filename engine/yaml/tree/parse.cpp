/// The only file that includes the YAML library.
#include "yaml/tree/parse.hpp"

#include "yaml/tree/cut.hpp"

#include <yaml-cpp/anchor.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <sstream>
#include <unordered_map>

namespace kontor::yaml {

namespace {

/// Ends the parse; what is wrong has been reported.
struct Refused {};

/// Builds the tree from the parser's events, and refuses while it can still be cheap.
class TreeBuilder final : public YAML::EventHandler {
public:
    TreeBuilder(const Text& text, Problems& problems, const Limits& limits) : text_{text}, problems_{problems}, limits_{limits} {}

    Node root;
    bool has_root = false;
    std::size_t last_expression = npos;   ///< offset of the last plain scalar that starts with `=`
    static constexpr std::size_t npos = static_cast<std::size_t>(-1);

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (has_root) refuse(mark, "second-document", "a second document begins here",
            "one file holds one document: take out the `---`");
    }
    void OnDocumentEnd() override {}
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        refuse(mark, "anchor-or-alias", "an alias (`*name`)", "write the thing again: anchors and aliases are not used here");
    }
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        Node node = make(mark, Node::Kind::null, {}, anchor);
        // The library hides how null was written; `~` and `Null` are for the readers to judge.
        const auto written = text_.content().substr(std::min(node.offset, static_cast<std::uint32_t>(text_.content().size())));
        for (const std::string_view spelling : {"null", "~", "Null", "NULL"}) {
            if (!written.starts_with(spelling)) continue;
            node.kind = Node::Kind::scalar;
            node.text = spelling;
        }
        put(std::move(node));
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& value) override {
        Node node = make(mark, Node::Kind::scalar, tag, anchor);
        node.style = style_at(node.offset);
        node.text = value;
        if (value.find('\0') != std::string::npos) refuse(mark, "control-character", "a NUL, written as an escape",
            "no database can store it: take it out");
        if (node.is_plain() && value.starts_with('=')) last_expression = node.offset;
        put(std::move(node));
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
        YAML::EmitterStyle::value style) override {
        open(make(mark, Node::Kind::list, tag, anchor), style);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
        YAML::EmitterStyle::value style) override {
        open(make(mark, Node::Kind::map, tag, anchor), style);
    }
    void OnMapEnd() override { close(); }

private:
    struct Level {
        Node node;
        bool has_key = false;
        Node key;
        std::unordered_map<std::string, Position> keys;
    };

    [[noreturn]] void refuse(const YAML::Mark& mark, std::string rule, std::string message, std::string hint) {
        problems_.error(text_.position(static_cast<std::size_t>(mark.pos)), std::move(rule), std::move(message), std::move(hint));
        throw Refused{};
    }

    Node make(const YAML::Mark& mark, Node::Kind kind, const std::string& tag, YAML::anchor_t anchor) {
        if (++events_ > limits_.events)
            refuse(mark, "too-many-nodes", "more than " + std::to_string(limits_.events) + " values in one file",
                "split the file");
        if (anchor != YAML::NullAnchor)
            refuse(mark, "anchor-or-alias", "an anchor (`&name`)",
                "write the thing again: anchors and aliases are not used here");
        if (!tag.empty() && tag != "?" && tag != "!") refuse(mark, "tag", "a tag (`!...`)", "take it out; quotes make a text");
        Node node;
        node.kind = kind;
        node.offset = static_cast<std::uint32_t>(mark.pos);
        node.position = text_.position(node.offset);
        return node;
    }

    Node::Style style_at(std::size_t offset) const {
        switch (text_.at(offset)) {
            case '\'': return Node::Style::single_quoted;
            case '"': return Node::Style::double_quoted;
            case '|':
            case '>': return Node::Style::block;
            default: return Node::Style::plain;
        }
    }

    void open(Node node, YAML::EmitterStyle::value style) {
        ++events_;   // its end
        if (levels_.size() >= limits_.depth) {
            problems_.error(node.position, "too-deep", "more than " + std::to_string(limits_.depth) + " levels of nesting",
                "real processes need fewer");
            throw Refused{};
        }
        node.in_brackets = style == YAML::EmitterStyle::Flow;
        levels_.push_back({std::move(node), false, {}, {}});
    }

    void close() {
        Node node = std::move(levels_.back().node);
        levels_.pop_back();
        put(std::move(node));
    }

    void put(Node node) {
        if (levels_.empty()) {
            root = std::move(node);
            has_root = true;
            return;
        }
        Level& level = levels_.back();
        if (node.is_scalar()) node.in_brackets = level.node.in_brackets;
        if (level.node.is_list()) level.node.items.push_back(std::move(node));
        else if (!std::exchange(level.has_key, !level.has_key)) level.key = std::move(node);
        else add_entry(level, std::move(node));
    }

    void add_entry(Level& level, Node value) {
        Node& key = level.key;
        if (value.is_null()) value.position = key.position, value.offset = key.offset;   // the parser gives the place behind it
        if (!key.is_scalar()) {
            problems_.error(key.position, "key-not-text", "a key that is " + describe(key), "keys are plain words");
            return;
        }
        if (key.is_plain() && key.text == "<<") {
            problems_.error(key.position, "merge-key", "a merge key (`<<`)", "write the keys out: merge keys are not used here");
            return;
        }
        const auto [first, fresh] = level.keys.emplace(key.text, key.position);
        if (!fresh) {
            problems_.error(key.position, "duplicate-key",
                quoted(key.text) + " stands twice in this mapping, first in line " + std::to_string(first->second.line),
                            "take one of them out");
            return;
        }
        level.node.entries.push_back({std::move(key), std::move(value)});
    }

    const Text& text_;
    Problems& problems_;
    const Limits& limits_;
    std::vector<Level> levels_;
    std::size_t events_ = 0;
};

/// The parser's own words are kept, but for those that say nothing to a reader.
std::string in_plain_words(const YAML::ParserException& error) {
    const std::string_view text = error.msg;
    if (text.find("illegal map value") != text.npos) return "a `:` where no mapping can begin";
    if (text.find("end of map flow not found") != text.npos)
        return "a `{` mapping is not closed, or something stands where `,` or `}` belongs";
    if (text.find("end of sequence flow not found") != text.npos)
        return "a `[` list is not closed, or something stands where `,` or `]` belongs";
    if (text.find("end of map not found") != text.npos)
        return "this line does not fit the mapping around it: its indentation differs";
    if (text.find("end of sequence not found") != text.npos)
        return "this line does not fit the list around it: its indentation differs";
    if (text.find("unknown token") != text.npos) return "a character that cannot stand here without quotes";
    return error.msg;
}

void report_syntax(const Text& text, const YAML::ParserException& error, std::size_t last_expression, Problems& problems) {
    const auto offset = std::min(static_cast<std::size_t>(std::max(error.mark.pos, 0)), text.content().size());
    // the scanner says so for block mappings only
    const bool in_brackets = error.msg.find("illegal map value") == std::string::npos;
    if (report_cut_syntax(text, offset, last_expression, in_brackets, problems)) return;
    const bool tab = text.line_of(offset).find('\t') != std::string_view::npos;
    problems.error(text.position(offset), "yaml-syntax", in_plain_words(error),
        tab ? "the line has a tab: indent with spaces" : "look at the indentation and the quotes here");
}

}  // namespace

std::optional<Document> parse(std::string_view content, Problems& problems, const Limits& limits) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (content.starts_with(byte_order_mark)) content.remove_prefix(byte_order_mark.size());
    if (!guard(content, limits, problems)) return std::nullopt;
    Document document{Text{std::string{content}}, {}};
    TreeBuilder builder{document.text, problems, limits};
    try {
        std::istringstream stream{std::string{content}};
        YAML::Parser parser{stream};
        while (parser.HandleNextDocument(builder)) {}
    } catch (const Refused&) {
        return std::nullopt;
    } catch (const YAML::ParserException& error) {
        report_syntax(document.text, error, builder.last_expression, problems);
        return std::nullopt;
    }
    if (!builder.has_root) {
        problems.error({.line = 1, .column = 1}, "empty-file", "the file holds nothing");
        return std::nullopt;
    }
    document.root = std::move(builder.root);
    report_cuts(document.text, document.root, problems);
    return document;
}

}  // namespace kontor::yaml
