#include "conformance/xml.hpp"

#include <Poco/SAX/InputSource.h>

#include <fstream>
#include <stdexcept>

namespace kontor::conformance {

Document read_xml(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    Poco::XML::InputSource source{file};
    Poco::XML::DOMParser parser;
    parser.setFeature(Poco::XML::XMLReader::FEATURE_NAMESPACES, true);
    try {
        return parser.parse(&source);
    } catch (const Poco::Exception& error) {
        throw std::runtime_error{path + ": " + error.displayText()};
    }
}

std::vector<Element*> children(const Element* element, const std::string& name) {
    std::vector<Element*> result;
    if (!element) return result;
    for (auto* node = element->firstChild(); node; node = node->nextSibling())
        if (auto* found = dynamic_cast<Element*>(node); found && (name.empty() || found->localName() == name)) result.push_back(found);
    return result;
}

Element* child(const Element* element, const std::string& name) {
    const auto found = children(element, name);
    return found.empty() ? nullptr : found[0];
}

std::string attribute(const Element* element, const std::string& name) { return element ? element->getAttribute(name) : std::string{}; }

std::string text_of(const Element* element, const std::string& name) {
    const auto* found = child(element, name);
    return found ? found->innerText() : std::string{};
}

}  // namespace kontor::conformance
