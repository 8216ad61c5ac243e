// Documents of the source tree for tests of the policy's form: texts, and edits at a JSON pointer.
#ifndef RAPPORT_TESTS_POLICY_DOCUMENTS_HPP_
#define RAPPORT_TESTS_POLICY_DOCUMENTS_HPP_

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "rapport/core/json.hpp"

namespace rapport::policy_test {

inline Json FileJson(const std::string& path) {
  std::ifstream file(std::string(RAPPORT_SOURCE_DIR) + "/" + path);
  std::ostringstream text;
  text << file.rdbuf();
  const auto json = Json::Parse(text.str());
  return json.ok() ? *json : Json();
}

// Puts `value` at an RFC 6901 pointer without escapes; nullptr takes the member away.
inline void Edit(Json& document, const std::string& pointer, const Json* value) {
  if (pointer.empty()) {
    document = *value;
    return;
  }
  Json* node = &document;
  std::size_t at = 1;
  for (std::size_t end = pointer.find('/', at); end != std::string::npos; at = end + 1, end = pointer.find('/', at)) {
    const std::string key = pointer.substr(at, end - at);
    node = node->if_array() != nullptr ? &(*node->if_array())[std::strtoul(key.c_str(), nullptr, 10)] : &(*node->if_object())[key];
  }
  const std::string last = pointer.substr(at);
  if (Json::Array* list = node->if_array()) (*list)[std::strtoul(last.c_str(), nullptr, 10)] = *value;
  else if (value == nullptr) node->if_object()->erase(last);
  else node->if_object()->insert_or_assign(last, *value);
}

}  // namespace rapport::policy_test

#endif  // RAPPORT_TESTS_POLICY_DOCUMENTS_HPP_
