#pragma once
/// Builds the graph of a process while its lists are read: elements now, targets that are only named later.
#include "model/process.hpp"
#include "yaml/problems.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace kontor::yaml {

using model::ElementIndex;
using model::FlowIndex;

/// One branch of a parallel or inclusive gateway: between fork and join a token must not leave it. 0 is outside of all.
enum class RegionIndex : std::uint32_t {};

/// Where an element stands.
struct Place {
    ElementIndex scope{};
    RegionIndex region{};
};

/// Flows that have a source and wait for their target: the open ends of a list.
using Ends = std::vector<FlowIndex>;

class Graph {
public:
    Graph(model::Process& process, Problems& problems) : process_{process}, problems_{problems} {}

    /// A second element of the same id is reported, and added all the same.
    ElementIndex add(std::string id, model::Kind kind, Position at, Place place, bool implied = false);
    /// A flow out of an element, in the region of `place`.
    FlowIndex leave(ElementIndex source, Position at, RegionIndex region);
    void connect(const Ends& ends, ElementIndex target);
    /// The target is the element of that id in the same scope, known when all is read.
    void connect_later(FlowIndex flow, std::string id, Position at);
    /// These flows shall not exist. They stay without a target until finish() takes them out.
    void drop(const Ends& flows);
    /// Runs when all elements are known.
    void later(std::function<void()> action) { later_.push_back(std::move(action)); }

    RegionIndex add_region(RegionIndex parent, ElementIndex fork, std::string label);
    void set_join(ElementIndex fork, ElementIndex join) { joins_[fork] = join; }
    /// A gateway that only forks: what arrives several times is merged in front of it, never synchronised.
    void set_fork(ElementIndex gateway) { forks_.push_back(gateway); }
    void add_path(ElementIndex scope, std::string heading, ElementIndex first) { paths_[{scope, std::move(heading)}] = first; }

    [[nodiscard]] const model::Element* find(std::string_view id) const;
    [[nodiscard]] RegionIndex region(ElementIndex element) const { return element_regions_[raw(element)]; }
    model::Element& operator[](ElementIndex i) { return process_.elements[raw(i)]; }
    model::SequenceFlow& operator[](FlowIndex i) { return process_.flows[raw(i)]; }
    /// An id that a `next` or another reference names; reports if there is none in `scope` (or, if wanted, around it).
    const model::Element* target(std::string_view id, Position at, ElementIndex scope);

    /// Resolves names, holds the rule of forks, inserts the merges that the block form implies. False if something was not
    /// resolved, so
    /// that nothing can be said about the graph as a whole.
    bool finish();

private:
    struct Region {
        RegionIndex parent{};
        ElementIndex fork{};
        std::string label;
    };
    struct Reference {
        FlowIndex flow{};
        std::string id;
        Position position;
    };

    bool resolve(const Reference&);
    void check_region(const model::SequenceFlow&);
    void merge_branches(ElementIndex join, const std::vector<Ends>& incoming);
    void merge_into(ElementIndex target, const Ends& flows, const std::string& id);
    void name_flows();

    model::Process& process_;
    Problems& problems_;
    std::map<std::string, ElementIndex, std::less<>> by_id_;
    std::vector<RegionIndex> element_regions_;
    std::vector<RegionIndex> flow_regions_;
    enum class Target : std::uint8_t { open, known, dropped };
    void remove_dropped();
    std::vector<Target> flow_targets_;
    std::vector<Region> regions_{Region{}};
    std::map<ElementIndex, ElementIndex> joins_;
    std::vector<ElementIndex> forks_;
    std::map<std::pair<ElementIndex, std::string>, ElementIndex> paths_;
    std::vector<Reference> references_;
    std::vector<std::function<void()>> later_;
};

}  // namespace kontor::yaml
