// A team's days for tests of briefs, adherence and reports: events as their JSON says them, in Tokyo.
#ifndef RAPPORT_TESTS_PLAN_TOLD_DAYS_HPP_
#define RAPPORT_TESTS_PLAN_TOLD_DAYS_HPP_

#include <string>
#include <vector>

#include "policy/world.hpp"
#include "rapport/ledger/codec.hpp"
#include "rapport/plan/sheet.hpp"

namespace rapport::plan_test {

using policy_test::At;
using policy_test::World;

class ToldDays {
 public:
  // A team of two, East: kim and lee, Monday to Friday; the customers a, b and d are kim's, e is lee's.
  ToldDays() {
    for (const std::string rep : {"kim", "lee"}) Tell("2025-06-02T09:00", "rep.upserted", "", R"({"rep": ")" + rep + R"(", "team": "East", "zone": "Asia/Tokyo"})");
    Tell("2025-06-02T09:00", "product.upserted", "", R"({"product": "filter", "name": "Filter", "return_days": 14})");
    for (const std::string customer : {"a", "b", "d", "e"}) {
      Tell("2025-06-02T10:00", "customer.upserted", customer, R"({"kind": "organisation", "owner": ")" + std::string(customer == "e" ? "lee" : "kim") + R"(", "zone": "Asia/Tokyo"})");
    }
  }
  // Local in Tokyo: "2026-02-27T10:00". `told`: when it became known, where that was later. The event's id.
  std::string Tell(const std::string& at, const std::string& type, const std::string& subject, const std::string& data, const std::string& told = {}) {
    const auto json = Json::Parse(data);
    EXPECT_TRUE(json.ok()) << data << json.status();
    Json::Object unknown;
    const auto payload = DecodePayload(type, *json, nullptr, &unknown);
    EXPECT_TRUE(payload.ok()) << data << payload.status();
    EXPECT_TRUE(unknown.empty()) << data;
    Event event;
    event.key = {"test", type + "/" + std::to_string(++count_)};
    if (!subject.empty()) event.subject = CustomerId::Trusted(subject);
    event.occurred = {InTokyo(at), 540};
    event.recorded = event.claimed = InTokyo(told.empty() ? at : told);
    event.data = *payload;
    world_.Add(event);
    return event.key.id;
  }
  // A visit that was planned, and done where `done` is a disposition.
  void Visit(const std::string& day, const std::string& customer, const std::string& rep, const std::string& done = {}, const std::string& time = "T10:00") {
    Tell("2026-01-05T09:00", "appointment.made", customer, R"({"start": ")" + day + time + R"(:00+09:00", "channel": "visit", "rep": ")" + rep + R"("})");
    if (done.empty()) return;
    Tell(day + time, "touch", customer, R"({"channel": "visit", "direction": "outbound", "rep": ")" + rep + R"(", "disposition": ")" + done + R"("})");
  }
  static Instant InTokyo(const std::string& at) { return At(at + ":00+09:00"); }
  World& world() { return world_; }
  std::unique_ptr<World::View> Seen(const std::string& at) const { return world_.Seen(InTokyo(at)); }

 private:
  World world_;
  int count_ = 0;
};

// The lines of a section in English, names as ids; empty where there is no such section.
inline std::vector<std::string> LinesOf(const Sheet& sheet, std::string_view key) {
  std::vector<std::string> lines;
  const SheetSection* section = sheet.Find(key);
  if (section == nullptr) return lines;
  for (const SheetLine& line : section->lines) lines.push_back(policy_test::Say(line.sentence));
  return lines;
}

inline double NumberIn(const Json::Object& facts, const std::string& name, std::optional<std::size_t> period = std::nullopt) {
  const auto found = facts.find(name);
  EXPECT_NE(found, facts.end()) << name;
  if (found == facts.end()) return -1;
  const Json& value = period ? (*found->second.if_array())[*period] : found->second;
  EXPECT_NE(value.if_number(), nullptr) << name;
  return value.if_number() == nullptr ? -1 : *value.if_number();
}

}  // namespace rapport::plan_test

#endif  // RAPPORT_TESTS_PLAN_TOLD_DAYS_HPP_
