// Floor 5, inside. The parts of a policy document. Each reader adds its problems and goes on with something harmless.
#ifndef RAPPORT_SRC_POLICY_POLICY_READING_HPP_
#define RAPPORT_SRC_POLICY_POLICY_READING_HPP_

#include <memory>
#include <string>
#include <vector>

#include "policy/document_fields.hpp"
#include "rapport/policy/policy.hpp"

namespace rapport {

// What the readers of one document share: its problems, and the host's columns that its conditions name.
class PolicyReading {
 public:
  std::vector<PolicyProblem> problems;
  std::vector<std::shared_ptr<const SignalColumn>> host_columns;

  // A column of ours, or of the host's; nullptr and a problem at `key` where there is none. A host column has the type that
  // `compared` has, a number where it is null.
  const SignalColumn* Signal(DocumentFields& in, std::string_view key, const Json* compared = nullptr);
  const SignalColumn* SignalNamed(const std::string& name, const std::string& pointer, const Json* compared = nullptr);

  Condition ReadCondition(const Json& json, const std::string& pointer, int depth = 1);
  Trigger ReadTrigger(const Json& json, const std::string& pointer);
  Rule ReadRule(const Json& json, const std::string& pointer);
  void ReadDocument(const Json& document, Policy& policy);

 private:
  Condition ReadLeaf(const Json& json, const std::string& pointer);
  Trigger ReadEvent(const Json& json, const std::string& pointer);
  Trigger ReadCrossing(const Json& json, const std::string& pointer);
  Trigger ReadSilence(const Json& json, const std::string& pointer);
  Trigger ReadRecurrence(const Json& json, const std::string& pointer);
  Action ReadAction(const Json& json, const std::string& pointer, const Rule& rule);
  Step ReadStep(const Json& json, const std::string& pointer, const Rule& rule);
  void ReadWork(DocumentFields& in, Rule& rule);
  void ReadReferred(const Json& json, const std::string& pointer, Rule& rule);
  void ReadExits(DocumentFields& in, Rule& rule);
  void ReadEntry(DocumentFields& in, Rule& rule);
  ValueRule ReadValue(const Json& json, const std::string& pointer);
  void ReadTeams(const Json& document, const Json& teams, Policy& policy);
  // The rule with a team's numbers; `base` and `at` are the pointers of the document's rule and of the team's.
  Rule ReadTeamRule(const Json& rule, const std::string& base, const std::string& at);
};

// The name of a policy, a rule or a step: 1 to 60 bytes.
std::string ReadName(DocumentFields& in);

// {"days": n} and its like: exactly one of `units`, with "at" where days may have a time of day.
struct OffsetForm {
  std::int64_t least = 0;        // below 0: as far back as forward
  bool working = true;           // working_days and business_hours too
  bool at = true;
};
Offset ReadOffset(const Json& json, const std::string& pointer, const OffsetForm& form, std::vector<PolicyProblem>& problems);

}  // namespace rapport

#endif  // RAPPORT_SRC_POLICY_POLICY_READING_HPP_
