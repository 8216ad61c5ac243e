// How one customer stands with us, for the customer document.
#include <utility>

#include "engine/customer_document.hpp"
#include "engine/relationship_table.hpp"
#include "policy/wording.hpp"

namespace rapport {
namespace {

absl::StatusOr<Json> SayAll(const std::vector<Sentence>& sentences, const Speaker& speaker) {
  Json::Array said;
  for (const Sentence& sentence : sentences) {
    RAPPORT_ASSIGN_OR_RETURN(std::string text, speaker.Say(sentence));
    said.emplace_back(std::move(text));
  }
  return Json(std::move(said));
}

absl::StatusOr<Json> ReasonsJson(const std::vector<HealthReason>& reasons, const Speaker& speaker) {
  std::vector<Sentence> sentences;
  for (const HealthReason& reason : reasons) sentences.push_back(reason.sentence);
  return SayAll(sentences, speaker);
}

absl::Status AddStanding(const SignalInput& input, const Speaker& speaker, Json::Object& out) {
  const std::optional<Standing> standing = StandingOf(input);
  if (!standing.has_value()) return absl::OkStatus();   // without consent to be scored nothing is told
  const Health& health = standing->health;
  RAPPORT_ASSIGN_OR_RETURN(Json reasons_for, ReasonsJson(health.reasons_for, speaker));
  RAPPORT_ASSIGN_OR_RETURN(Json reasons_against, ReasonsJson(health.reasons_against, speaker));
  RAPPORT_ASSIGN_OR_RETURN(std::string said, speaker.Say(TellStanding(*standing)));
  out.emplace("rung", NameOf(standing->rung));
  out.emplace("trust", RoundSignal(standing->trust));
  out.emplace("falls_on", standing->falls_on.has_value() ? Json(FormatDay(*standing->falls_on)) : Json());
  out.emplace("health", Json::Object{{"value", health.value.has_value() ? Json(RoundSignal(*health.value)) : Json()},
                                     {"band", health.band.has_value() ? Json(NameOf(*health.band)) : Json()},
                                     {"reasons_for", std::move(reasons_for)},
                                     {"reasons_against", std::move(reasons_against)}});
  out.emplace("trend", standing->trend.has_value() ? Json(RoundSignal(*standing->trend)) : Json());
  out.emplace("sentence", std::move(said));
  return absl::OkStatus();
}

absl::StatusOr<Json> TiesJson(const SignalInput& input, const Speaker& speaker) {
  const BookContext& book = *input.context->book;
  const std::vector<Tie> ties = TiesOf(*input.account, *input.context->relationship, *input.zone, input.as_of);
  const Tie* sender = SenderOf(ties, book, input.today);
  Json::Array out;
  for (const Tie& tie : ties) {
    RAPPORT_ASSIGN_OR_RETURN(std::string said, speaker.Say(TellTie(tie, &tie == sender, book, *input.zone, input.today)));
    out.push_back(Json::Object{{"rep", tie.rep.text()}, {"sender", &tie == sender}, {"works_here", WorksHere(book, tie.rep, input.today)},
                               {"touches", Json::Integer(tie.touches)}, {"last", FormatInstant(tie.last_at)}, {"sentence", std::move(said)}});
  }
  return Json(std::move(out));
}

}  // namespace

absl::StatusOr<Json> RelationshipDocument(const SignalInput& input, const Texts& texts) {
  const Speaker speaker(Language::kEnglish, texts);
  const SignalContext& context = *input.context;
  Json::Object out;
  RAPPORT_RETURN_IF_ERROR(AddStanding(input, speaker, out));
  RAPPORT_ASSIGN_OR_RETURN(Json ties, TiesJson(input, speaker));
  out.emplace("who_knows", std::move(ties));
  out.emplace("best_window", CellToJson(SignalNamed("reach.best_window").Of(input).value));
  if (context.worries != nullptr) {
    RAPPORT_ASSIGN_OR_RETURN(Json worries, SayAll(context.worries->SentencesFor(*input.account, input.as_of), speaker));
    out.emplace("worries_of_others", std::move(worries));
  }
  if (context.referrals == nullptr) return Json(std::move(out));
  const ReferralTree::Node* node = context.referrals->Find(input.account->id);
  Json::Array brought;
  for (const CustomerId& customer : node == nullptr ? std::vector<CustomerId>() : node->brought) brought.emplace_back(customer.text());
  out.emplace("brought_by", node == nullptr || node->brought_by.empty() ? Json() : Json(node->brought_by.text()));
  out.emplace("brought", std::move(brought));
  return Json(std::move(out));
}

}  // namespace rapport
