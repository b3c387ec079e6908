#include "conformance/model.hpp"

#include "feel/syntax/characters.hpp"

#include <algorithm>
#include <filesystem>

namespace kontor::conformance {

/// One evaluation: what is known so far. Values given from outside take the place of nodes.
struct Model::Run {
    Variables inputs;
    std::map<const Element*, Value> known;
};

const Value* Names::find(std::string_view name) const {
    if (const Value* value = values_.find(name)) return value;
    return outer_ ? outer_->find(name) : nullptr;
}

void Names::add_names(std::vector<std::string>& out) const {
    for (const auto& [name, value] : values_) out.push_back(name);
    if (outer_) outer_->add_names(out);
}

feel::Situation situation() { return {Instant{std::chrono::hours{24 * 20'000}}, "UTC", 10'000'000}; }

namespace {

constexpr auto requirement_kinds = {"requiredInput", "requiredDecision", "requiredKnowledge"};

void collect_names(const Element* element, std::vector<std::string>& out) {
    for (const auto* inner : children(element)) {
        // The parameters of a function are names inside it only.
        const bool is_parameter = inner->localName() == "formalParameter" || inner->localName() == "parameter";
        if (const auto name = attribute(inner, "name"); !name.empty() && !is_parameter) out.push_back(name);
        collect_names(inner, out);
    }
}

std::string type_of(const Element* node) { return attribute(child(node, "variable"), "typeRef"); }

std::string plain_reference(const std::string& reference) {
    const auto colon = reference.find(':');
    return reference.substr(colon == reference.npos ? 0 : colon + 1);
}

}  // namespace

Model::Model(const std::string& path) : document_{read_xml(path)}, root_{document_->documentElement()} {
    collect_names(root_, names_);
    for (const auto* import : children(root_, "import"))
        for (const auto& file : std::filesystem::directory_iterator{std::filesystem::path{path}.parent_path()}) {
            if (file.path().extension() != ".dmn" || file.path() == path) continue;
            if (attribute(read_xml(file.path().string())->documentElement(), "namespace") != attribute(import, "namespace")) continue;
            auto imported = std::make_unique<Model>(file.path().string());
            names_.insert(names_.end(), imported->names_.begin(), imported->names_.end());
            imports_.emplace_back(attribute(import, "name"), std::move(imported));
        }
    read_types();
}

void Model::read_types() {
    for (const auto* definition : children(root_, "itemDefinition")) definitions_[feel::normalized_name(attribute(definition, "name"))] = definition;
    for (const auto& [name, imported] : imports_)
        for (const auto& [type, definition] : imported->types_) types_[name + "." + type] = definition;
    for (const auto& [name, definition] : definitions_)
        if (!types_.contains(name)) types_[name] = read_type(definition);
}

feel::Type Model::read_type(const Element* definition) {
    feel::Type result;
    if (const auto* function = child(definition, "functionItem")) {
        result.kind = feel::Type::Kind::function;
        for (const auto* parameter : children(function, "parameters")) result.of.push_back(type(attribute(parameter, "typeRef")).value_or(feel::Type{}));
        result.of.push_back(type(attribute(function, "outputTypeRef")).value_or(feel::Type{}));
    } else if (const auto components = children(definition, "itemComponent"); !components.empty()) {
        result.kind = feel::Type::Kind::context;
        for (const auto* component : components) result.members.push_back({attribute(component, "name"), read_type(component)});
    } else {
        const auto reference = plain_reference(text_of(definition, "typeRef"));
        // A definition may stand before those that it uses.
        if (const auto later = definitions_.find(reference); later != definitions_.end() && !types_.contains(reference)) types_[reference] = read_type(later->second);
        result = type(reference).value_or(feel::Type{});
    }
    if (attribute(definition, "isCollection") != "true") return result;
    return {feel::Type::Kind::list, {std::move(result)}, {}};
}

std::optional<feel::Type> Model::type(const std::string& reference) const {
    if (reference.empty()) return feel::Type{};
    if (auto found = feel::parse_type(reference, types_)) return found;
    return feel::parse_type(plain_reference(reference), types_);
}

Value Model::typed(const Value& value, const std::string& reference) const {
    const auto wanted = type(reference);
    auto fitting = wanted ? feel::coerce(value, *wanted) : std::nullopt;
    if (!fitting) return {};
    const auto definition = definitions_.find(plain_reference(reference));
    const auto allowed = definition == definitions_.end() ? std::string{} : text_of(child(definition->second, "allowedValues"));
    if (allowed.empty() || fitting->is_null() || fitting->if_list()) return *fitting;
    const auto tests = feel::UnaryTests::parse(allowed, names_, &types_);
    const auto* parsed = std::get_if<feel::UnaryTests>(&tests);
    if (!parsed) return *fitting;
    const auto verdict = parsed->evaluate(*fitting, Names{}, situation()).value;
    return verdict.if_boolean() && *verdict.if_boolean() ? *fitting : Value{};
}

const Element* Model::by_id(const std::string& reference, const Model*& owner) const {
    const auto hash = reference.find('#');
    const auto space = reference.substr(0, hash);
    owner = this;
    for (const auto& [name, imported] : imports_)
        if (!space.empty() && attribute(imported->root_, "namespace") == space) owner = imported.get();
    const auto id = reference.substr(hash + 1);
    for (const auto* node : children(owner->root_))
        if (attribute(node, "id") == id) return node;
    return nullptr;
}

const Element* Model::by_name(const std::string& kind, const std::string& name) const {
    for (const auto* node : children(root_, kind))
        if (feel::normalized_name(attribute(node, "name")) == feel::normalized_name(name)) return node;
    return nullptr;
}

std::string Model::import_name(const Model* model) const {
    for (const auto& [name, imported] : imports_)
        if (imported.get() == model) return name;
    return {};
}

std::shared_ptr<Names> Model::requirements(const Element* node, Run& run) const {
    auto scope = std::make_shared<Names>();
    std::map<std::string, Variables> imported;
    for (const auto kind : {"informationRequirement", "knowledgeRequirement"})
        for (const auto* requirement : children(node, kind))
            for (const auto* required : requirement_kinds) {
                const auto* link = child(requirement, required);
                const Model* owner = nullptr;
                const auto* target = link ? by_id(attribute(link, "href"), owner) : nullptr;
                if (!target) continue;
                const auto name = feel::normalized_name(attribute(target, "name"));
                Value value = owner->evaluate(target, run);
                if (owner == this) scope->set(name, std::move(value));
                else imported[import_name(owner)].set(name, std::move(value));
            }
    for (const auto& [name, content] : imported) scope->set(name, content);
    return scope;
}

Value Model::evaluate(const Element* node, Run& run) const {
    const auto name = attribute(node, "name");
    const auto kind = node->localName();
    if (const Value* given = run.inputs.find(name)) return typed(*given, type_of(node));
    if (kind == "businessKnowledgeModel") return knowledge(node, run);
    if (kind == "decisionService") return service(node, run);
    if (kind != "decision") return {};
    if (const auto known = run.known.find(node); known != run.known.end()) return known->second;
    run.known[node] = {};   // a circle of decisions has no value
    const auto* expression = expression_in(node);
    if (!expression) return {};
    const Value value = evaluate_boxed(expression, *this, requirements(node, run));
    return run.known[node] = typed(value, type_of(node));
}

Value Model::knowledge(const Element* node, Run& run) const {
    if (const auto known = run.known.find(node); known != run.known.end()) return known->second;
    run.known[node] = {};
    const auto* logic = child(node, "encapsulatedLogic");
    if (!logic) return {};
    auto result_type = type_of(node);
    // The variable's type may be that of the function or that of its result.
    if (const auto declared = type(result_type); declared && declared->kind == feel::Type::Kind::function) result_type.clear();
    return run.known[node] = function_of(logic, *this, requirements(node, run), result_type);
}

Value Model::service(const Element* node, Run&) const {
    std::vector<Function::Parameter> parameters;
    for (const auto kind : {"inputDecision", "inputData"})
        for (const auto* link : children(node, kind)) {
            const Model* owner = nullptr;
            const auto* target = by_id(attribute(link, "href"), owner);
            if (target) parameters.push_back({attribute(target, "name"), owner->type(type_of(target)).value_or(feel::Type{})});
        }
    // Input data come first in the call (DMN 1.5, 10.4), input decisions after them.
    std::stable_sort(parameters.begin(), parameters.end(), [&](const auto& a, const auto& b) {
        return by_name("inputData", a.name) && !by_name("inputData", b.name);
    });
    return std::make_shared<const Function>(parameters, feel::Type{}, [this, node, parameters](std::span<const Value> arguments, feel::Machine&) {
        Variables inputs;
        for (std::size_t i = 0; i < parameters.size(); ++i) inputs.set(parameters[i].name, arguments[i]);
        return serve(node, {}, inputs);
    });
}

Value Model::serve(const Element* node, std::span<const Value>, const Variables& inputs) const {
    Run run{inputs, {}};
    Variables results;
    for (const auto* link : children(node, "outputDecision")) {
        const Model* owner = nullptr;
        const auto* target = by_id(attribute(link, "href"), owner);
        if (target) results.set(attribute(target, "name"), owner->evaluate(target, run));
    }
    const Value value = results.size() == 1 ? results.begin()->value : Value{results};
    const auto declared = type(type_of(node));
    if (declared && declared->kind == feel::Type::Kind::function && !declared->of.empty()) return feel::coerce(value, declared->of.back()).value_or(Value{});
    return typed(value, type_of(node));
}

Value Model::decide(const std::string& decision, const Variables& inputs) const {
    Run run{inputs, {}};
    const auto* node = by_name("decision", decision);
    if (!node) node = by_name("decisionService", decision);
    if (!node) node = by_name("businessKnowledgeModel", decision);
    return node ? evaluate(node, run) : Value{};
}

Value Model::serve(const std::string& name, const Variables& inputs) const {
    const auto* node = by_name("decisionService", name);
    return node ? serve(node, {}, inputs) : Value{};
}

}  // namespace kontor::conformance
