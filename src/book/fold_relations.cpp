#include "book/fold_relations.hpp"

#include "rapport/ledger/bounds.hpp"

#include <algorithm>

namespace rapport {

void RelationFolder::operator()(const FactLearned& said) const {
  for (FactRecord& older : relations.facts) {
    if (older.facet == said.facet && older.contact == said.contact) older.current = false;
  }
  relations.facts.push_back({event.key, event.occurred.at, said.facet, said.learned_from, said.contact, said.rep, true});
}

void RelationFolder::operator()(const NeedStated& said) const {
  const NeedId id = NamedOrEvent(said.need, event);
  auto known = std::find_if(relations.needs.begin(), relations.needs.end(), [&](const NeedRecord& need) { return need.id == id; });
  if (known == relations.needs.end()) {
    known = relations.needs.insert(relations.needs.end(), NeedRecord{event.key, id, event.occurred.at, {}, {}, {}, {}, {}, {}});
  } else {
    known->said_again.push_back(event.key);
  }
  if (said.product) known->product = said.product;
  if (said.contact) known->contact = said.contact;
  if (said.rep) known->rep = said.rep;
  if (said.by) known->by = said.by;
  if (said.met) known->met = *said.met ? std::optional<Instant>(event.occurred.at) : std::nullopt;
}

// --- contracts
ContractRecord* RelationFolder::RunningContract(const std::optional<ContractId>& named) const {
  ContractRecord* first = nullptr;
  for (ContractRecord& contract : relations.contracts) {
    if (contract.ended || (named && contract.id != *named)) continue;
    if (first == nullptr || contract.ends.value_or(Day::max()) < first->ends.value_or(Day::max())) first = &contract;
  }
  return first;
}

void RelationFolder::operator()(const ContractStarted& said) const {
  ContractRecord& contract = relations.contracts.emplace_back();
  contract.key = event.key;
  contract.id = NamedOrEvent(said.contract, event);
  contract.started = contract.term_began = event.occurred.at;
  contract.ends = said.ends;
  contract.value = said.value;
  contract.product = said.product;
  contract.rep = said.rep;
}

void RelationFolder::operator()(const ContractRenewed& said) const {
  ContractRecord* contract = RunningContract(said.contract);
  if (contract == nullptr) return;
  contract->renewals += 1;
  contract->renewed_by.push_back(event.key);
  contract->term_began = event.occurred.at;
  contract->ends = said.ends;
  if (said.value) contract->value = said.value;
}

void RelationFolder::operator()(const ContractEnded& said) const {
  ContractRecord* contract = RunningContract(said.contract);
  if (contract == nullptr) return;
  contract->ended = event.occurred.at;
  contract->ended_by = event.key;
}

// --- opportunities
OpportunityRecord* RelationFolder::OpenOpportunity(const std::optional<OpportunityId>& named) const {
  auto& all = relations.opportunities;
  const auto found = std::find_if(all.rbegin(), all.rend(), [&](const OpportunityRecord& record) {
    return record.state == OpportunityState::kOpen && (!named || record.id == *named);
  });
  return found == all.rend() ? nullptr : &*found;
}

void RelationFolder::operator()(const OpportunityOpened& said) const {
  OpportunityRecord& record = relations.opportunities.emplace_back();
  record.key = event.key;
  record.id = NamedOrEvent(said.opportunity, event);
  record.opened = record.stage_since = event.occurred.at;
  record.stage = said.stage;
  record.value = said.value;
  if (said.products) record.products = *said.products;
  record.expected_close = said.expected_close;
  record.rep = said.rep;
  record.contact = said.contact;
}

void RelationFolder::operator()(const OpportunityStageChanged& said) const {
  OpportunityRecord* record = OpenOpportunity(said.opportunity);
  if (record == nullptr) return;
  if (record->stage != said.stage) record->stage_since = event.occurred.at;
  record->stage = said.stage;
  record->changed_by.push_back(event.key);
  if (said.value) record->value = said.value;
  if (said.expected_close) record->expected_close = said.expected_close;
  if (said.probability) record->probability = said.probability;
}

void RelationFolder::Close(OpportunityRecord& record, OpportunityState state) const {
  record.state = state;
  record.closed = event.occurred.at;
  record.closed_by = event.key;
}

void RelationFolder::operator()(const OpportunityWon& said) const {
  OpportunityRecord* record = OpenOpportunity(said.opportunity);
  if (record == nullptr) return;
  Close(*record, OpportunityState::kWon);
  record->order = said.order;
  if (said.value) record->value = said.value;
}

void RelationFolder::operator()(const OpportunityLost& said) const {
  OpportunityRecord* record = OpenOpportunity(said.opportunity);
  if (record == nullptr) return;
  Close(*record, OpportunityState::kLost);
  record->reason = said.reason;
  record->competitor = said.competitor;
}

// --- cases
void RelationFolder::operator()(const CaseOpened& said) const {
  CaseRecord& record = relations.cases.emplace_back();
  record.key = event.key;
  record.id = NamedOrEvent(said.case_id, event);
  record.opened = event.occurred.at;
  record.kind = said.kind.value_or(CaseKind::kService);
  record.product = said.product;
  record.order = said.order;
  record.contact = said.contact;
  record.rep = said.rep;
}

void RelationFolder::operator()(const CaseClosed& said) const {
  for (CaseRecord& record : relations.cases) {
    if (record.closed || (said.case_id && record.id != *said.case_id)) continue;
    record.closed = event.occurred.at;
    record.closed_by = event.key;
    record.solved = said.resolved.value_or(true);
    return;
  }
}

// --- appointments
void RelationFolder::operator()(const AppointmentMade& said) const {
  const AppointmentId id = NamedOrEvent(said.appointment, event);
  auto& all = relations.appointments;
  auto known = std::find_if(all.begin(), all.end(), [&](const AppointmentRecord& record) { return record.id == id; });
  if (known == all.end()) {
    known = all.insert(all.end(), AppointmentRecord());
    known->key = event.key;
    known->id = id;
    known->made = event.occurred.at;
  } else {
    known->moved_by.push_back(event.key);
    known->cancelled.reset();
    known->cancelled_by = EventKey();
  }
  known->start = said.start;
  if (said.minutes) known->minutes = std::clamp<std::int64_t>(*said.minutes, 1, kMinutesOfADay);   // an older version took any
  if (said.channel) known->channel = *said.channel;
  if (said.purpose) known->purpose = *said.purpose;
  if (said.rep) known->rep = said.rep;
  if (said.contact) known->contact = said.contact;
  if (said.followup) known->followup = said.followup;
}

void RelationFolder::operator()(const AppointmentCancelled& said) const {
  AppointmentRecord* next = nullptr;
  for (AppointmentRecord& record : relations.appointments) {
    if (record.cancelled || (said.appointment && record.id != *said.appointment)) continue;
    if (!said.appointment && record.start < event.occurred.at) continue;
    if (next == nullptr || record.start < next->start) next = &record;
  }
  if (next == nullptr) return;
  next->cancelled = event.occurred.at;
  next->cancelled_by = event.key;
}

// --- the host's columns, cadences
void RelationFolder::operator()(const SignalObserved& said) const {
  relations.host.insert_or_assign(said.name, HostSignalRecord{event.key, event.occurred.at, said.value, said.text});
}

void RelationFolder::operator()(const CadenceEntered& said) const {
  relations.enrolments.try_emplace(said.enrolment, EnrolmentRecord{event.key, event.occurred.at, said, {}, event.occurred.at, 0, {}, {}});
}

void RelationFolder::operator()(const CadenceAdvanced& said) const {
  const auto found = relations.enrolments.find(said.enrolment);
  if (found == relations.enrolments.end() || found->second.left_at) return;
  found->second.step = said.step;
  found->second.step_since = event.occurred.at;
  found->second.advances += 1;
}

void RelationFolder::operator()(const CadenceLeft& said) const {
  const auto found = relations.enrolments.find(said.enrolment);
  if (found == relations.enrolments.end() || found->second.left_at) return;
  found->second.left_at = event.occurred.at;
  found->second.exit = said.exit;
}

}  // namespace rapport
