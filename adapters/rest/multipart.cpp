#include "rest/multipart.hpp"

#include <kontor/error.hpp>

#include <Poco/Exception.h>
#include <Poco/Net/MessageHeader.h>
#include <Poco/Net/MultipartReader.h>

#include <iterator>
#include <sstream>

namespace kontor::rest {
namespace {

[[noreturn]] void refuse(const std::string& why) { throw Error{Code::bad_input, "the body is no multipart/form-data: " + why}; }

constexpr std::size_t most_parts = 1'000;

}  // namespace

std::vector<Part> read_multipart(const std::string& content_type, const std::string& body) {
    std::string type;
    Poco::Net::NameValueCollection parameters;
    Poco::Net::MessageHeader::splitParameters(content_type, type, parameters);
    if (type != "multipart/form-data" || !parameters.has("boundary")) refuse("its content type is \"" + content_type + "\"");
    std::vector<Part> parts;
    std::istringstream in{body};
    try {
        Poco::Net::MultipartReader reader{in, parameters.get("boundary")};
        while (reader.hasNextPart()) {
            if (parts.size() == most_parts) refuse("it has more than 1,000 parts");
            Poco::Net::MessageHeader header;
            reader.nextPart(header);
            std::string disposition;
            Poco::Net::NameValueCollection about;
            Poco::Net::MessageHeader::splitParameters(header.get("Content-Disposition", ""), disposition, about);
            parts.push_back({about.get("name", ""), about.get("filename", ""), {std::istreambuf_iterator<char>{reader.stream()}, {}}});
        }
    } catch (const Poco::Exception& error) {
        refuse(error.displayText());
    }
    return parts;
}

}  // namespace kontor::rest
