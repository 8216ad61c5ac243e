#include <algorithm>

#include "plan/outcome_questions.hpp"
#include "rapport/core/status.hpp"
#include "rapport/plan/card.hpp"
#include "policy/wording.hpp"
#include "rapport/relationship/touches.hpp"

namespace rapport {
namespace {

// The worry that began it, where it was one.
void SetWorry(const Account& account, const EventKey& root, OutcomeSubject& subject) {
  const auto worry = std::find_if(account.worries.begin(), account.worries.end(), [&](const WorryRecord& record) { return record.key == root; });
  if (worry == account.worries.end()) return;
  subject.worry = worry->id;
  subject.product = worry->product;
}

absl::StatusOr<Json> Option(std::string_view value, const std::string& message, const Speaker& speaker) {
  RAPPORT_ASSIGN_OR_RETURN(std::string text, speaker.Say(message));
  return Json(Json::Object{{"value", value}, {"text", std::move(text)}});
}

template <class E>
absl::Status AddOptions(const std::vector<E>& values, const std::string& family, const Speaker& speaker, Json::Array& options) {
  for (const E value : values) {
    RAPPORT_ASSIGN_OR_RETURN(Json option, Option(NameOf(value), family + std::string(NameOf(value)), speaker));
    options.push_back(std::move(option));
  }
  return absl::OkStatus();
}

absl::StatusOr<Json::Array> OptionsOf(const OutcomeSubject& subject, const OutcomeQuestion& question, const Speaker& speaker) {
  Json::Array options;
  if (question.key == "reached") {
    RAPPORT_RETURN_IF_ERROR(AddOptions(DispositionsOf(subject.channel), "schema.word.disposition.", speaker, options));
  } else if (question.key == "refusal") {
    RAPPORT_RETURN_IF_ERROR(AddOptions(AllOf<RefusalReason>(), "schema.word.reason.", speaker, options));
  } else if (question.type == "yes_no" || question.type == "cure") {
    for (const bool yes : {true, false}) {
      RAPPORT_ASSIGN_OR_RETURN(std::string text, speaker.Say(yes ? "policy.yes" : "policy.no"));
      options.push_back(Json::Object{{"value", yes}, {"text", std::move(text)}});
    }
  } else if (question.type == "promise" || question.type == "promise_or_date") {
    RAPPORT_RETURN_IF_ERROR(AddOptions(AllOf<PromiseBy>(), "schema.word.by.", speaker, options));
  }
  return options;
}

absl::StatusOr<std::string> TextOf(const OutcomeSubject& subject, const OutcomeQuestion& question, const Speaker& speaker) {
  if (question.key != "goal") return speaker.Say(std::string(question.text));
  RAPPORT_ASSIGN_OR_RETURN(std::string goal, speaker.Say(GoalOf(subject.objective)));
  return speaker.Say(std::string(question.text), {{"goal", std::move(goal)}});
}

}  // namespace

absl::StatusOr<OutcomeSubject> OutcomeSubjectOf(const Account& account, const FollowUpRecord& record, const Zone& zone) {
  const FollowUpIssued& issued = record.issued;
  OutcomeSubject subject{issued.followup, account.NamedIn(record.issued_by), issued.contact, issued.rep, issued.channel, issued.purpose,
                         {}, issued.not_before, {}, {}, {}, &zone};
  RAPPORT_ASSIGN_OR_RETURN(subject.objective, Sentence::FromJson(issued.objective));
  SetWorry(account, {issued.root_source, issued.root_id}, subject);
  return subject;
}

OutcomeSubject OutcomeSubjectOf(const Account& account, const Decision& decision, const Zone& zone) {
  OutcomeSubject subject{decision.followup, decision.named, decision.contact, decision.rep, decision.channel, decision.purpose,
                         decision.objective, decision.not_before, {}, {}, {}, &zone};
  SetWorry(account, decision.root, subject);
  return subject;
}

std::vector<Disposition> DispositionsOf(Channel channel) {
  using enum Disposition;
  if (channel == Channel::kCall) return {kReached, kAbsent, kBusy, kCallBack, kWrongNumber, kRefusedContact};
  if (IsWritten(channel)) return {kReached, kAutoReply, kWrongNumber, kRefusedContact};
  return {kReached, kAbsent, kBusy, kCallBack, kRefusedContact};
}

std::vector<OutcomeQuestion> QuestionsOf(const OutcomeSubject& subject) {
  std::vector<OutcomeQuestion> questions{{"reached", "choice", "outcome.ask.reached", false, true}, {"goal", "yes_no", "outcome.ask.goal", true, true}};
  if (subject.worry.has_value()) questions.push_back({"worry", "cure", "outcome.ask.cured", true, true});
  else questions.push_back({"worry", "worry", "outcome.ask.worry"});
  const bool sells = subject.purpose == Purpose::kSell;
  if (sells) questions.push_back({"refusal", "choice", "outcome.ask.refusal"});
  questions.push_back({"fact", "fact", "outcome.ask.fact"});
  if (sells) {
    questions.push_back({"next", "promise_or_date", "outcome.ask.promise_or_next", false});
  } else {
    questions.push_back({"promise", "promise", "outcome.ask.promise"});
    questions.push_back({"next", "date", "outcome.ask.next", false});
  }
  return questions;
}

absl::StatusOr<Json> OutcomeForm(const OutcomeSubject& subject, Language language, const Texts& texts) {
  const Speaker speaker(language, texts);
  Json::Array questions;
  for (const OutcomeQuestion& question : QuestionsOf(subject)) {
    RAPPORT_ASSIGN_OR_RETURN(std::string text, TextOf(subject, question, speaker));
    RAPPORT_ASSIGN_OR_RETURN(Json::Array options, OptionsOf(subject, question, speaker));
    Json::Object asked{{"key", question.key}, {"type", question.type}, {"text", std::move(text)}, {"required", question.required}};
    if (!options.empty()) asked.emplace("options", std::move(options));
    if (question.only_if_reached) asked.emplace("only_if", Json::Object{{"reached", Json::Array{NameOf(Disposition::kReached)}}});
    questions.push_back(std::move(asked));
  }
  return Json(Json::Object{{"followup_id", subject.followup.text()}, {"questions", std::move(questions)}});
}

}  // namespace rapport
