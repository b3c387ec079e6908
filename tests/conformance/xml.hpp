#pragma once
/// The little of XML that the test needs.
#include <Poco/AutoPtr.h>
#include <Poco/DOM/DOMParser.h>
#include <Poco/DOM/Document.h>
#include <Poco/DOM/Element.h>

#include <string>
#include <vector>

namespace kontor::conformance {

using Element = Poco::XML::Element;
using Document = Poco::AutoPtr<Poco::XML::Document>;

Document read_xml(const std::string& path);
/// Child elements of that local name; all of them for an empty one.
std::vector<Element*> children(const Element*, const std::string& name = "");
/// The first of them, or null.
Element* child(const Element*, const std::string& name);
std::string attribute(const Element*, const std::string& name);
/// The text of the child of that name; empty if there is none.
std::string text_of(const Element*, const std::string& name = "text");

}  // namespace kontor::conformance
