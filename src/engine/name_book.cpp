#include "engine/name_book.hpp"

#include <algorithm>
#include <vector>

#include "rapport/ledger/codec.hpp"

namespace rapport {
namespace {

// How a title stands with a family name; %s is the name.
std::string WithTitle(const std::string& name, PersonTitle title, Language language) {
  switch (language) {
    case Language::kJapanese:
      return name + (title == PersonTitle::kDr || title == PersonTitle::kProf ? "先生" : "様");
    case Language::kKorean:
      return name + (title == PersonTitle::kDr ? " 박사님" : title == PersonTitle::kProf ? " 교수님" : " 님");
    case Language::kChinese:
      switch (title) {
        case PersonTitle::kMs: return name + "女士";
        case PersonTitle::kMr: return name + "先生";
        case PersonTitle::kDr: return name + "医生";
        case PersonTitle::kProf: return name + "教授";
      }
      break;
    case Language::kEnglish:
      switch (title) {
        case PersonTitle::kMs: return "Ms " + name;
        case PersonTitle::kMr: return "Mr " + name;
        case PersonTitle::kDr: return "Dr " + name;
        case PersonTitle::kProf: return "Prof " + name;
      }
      break;
  }
  return name;
}

// The text is erased, or was never given.
std::string Withheld(Language language) {
  const absl::StatusOr<std::string> word = Catalogue::Bundled().Word("text.withheld", language);
  return word.ok() ? *word : std::string("…");
}

}  // namespace

void NameBook::Keep(std::optional<Said>& slot, const Order& order, const std::optional<std::string>& text) {
  if (text.has_value() && (!slot.has_value() || slot->order <= order)) slot = Said{order, *text};
}

void NameBook::Learn(const rapport::Event& event, SubjectTexts& into) {
  const Order order{event.occurred.at, event.claimed, event.key};
  const auto keep_text = [&](std::string_view field, const std::optional<std::string>& text) {
    if (text.has_value()) into.texts[{event.key, std::string(field)}] = *text;
  };
  if (const auto* customer = event.As<CustomerUpserted>()) {
    Keep(into.name, order, customer->name);
  } else if (const auto* contact = event.As<ContactUpserted>()) {
    PersonName& person = into.contacts[contact->contact];
    Keep(person.full, order, contact->name);
    Keep(person.family, order, contact->family_name);
    if (contact->title && (!person.title || person.title->first <= order)) person.title = {order, *contact->title};
  } else if (const auto* rep = event.As<RepUpserted>()) {
    Keep(into.reps[rep->rep], order, rep->name);
  } else if (const auto* worry = event.As<WorryRaised>()) {
    keep_text("text", worry->text);
  } else if (const auto* resolved = event.As<WorryResolved>()) {
    keep_text("cure", resolved->cure);
  } else if (const auto* promise = event.As<PromiseMade>()) {
    keep_text("what", promise->what);
  } else if (const auto* refusal = event.As<Refusal>()) {
    keep_text("text", refusal->text);
  } else if (const auto* touch = event.As<Touch>()) {
    keep_text("note", touch->note);
  } else if (const auto* fact = event.As<FactLearned>()) {
    keep_text("value", fact->value);
  } else if (const auto* need = event.As<NeedStated>()) {
    keep_text("text", need->text);
  } else if (const auto* appointment = event.As<AppointmentMade>()) {
    keep_text("about", appointment->about);
  } else if (const auto* given = event.As<ApprovalGiven>()) {
    keep_text("line", given->line);
  } else if (const auto* opened = event.As<CaseOpened>()) {
    keep_text("text", opened->text);
  } else if (const auto* feedback = event.As<FeedbackGiven>()) {
    keep_text("text", feedback->text);
  } else if (const auto* opportunity = event.As<OpportunityOpened>()) {
    keep_text("title", opportunity->title);
  }
}

// A store that cannot be read gives no names: the sentence stands with ids, and the call that reads the book says what is wrong.
const NameBook::SubjectTexts& NameBook::Of(const CustomerId& subject) const {
  std::unique_ptr<SubjectTexts>& kept = by_subject_[subject];
  if (kept != nullptr) return *kept;
  kept = std::make_unique<SubjectTexts>();
  std::map<EventKey, rapport::Event> said;
  std::vector<rapport::Event> words;
  (void)ledger_->store().ScanSubject(subject, [&](rapport::Event&& event) {
    if (event.recorded > known_) return absl::OkStatus();
    if (event.As<EventCorrected>() != nullptr || event.As<EventRetracted>() != nullptr) words.push_back(std::move(event));
    else said.emplace(event.key, std::move(event));
    return absl::OkStatus();
  });
  std::stable_sort(words.begin(), words.end(), [](const auto& a, const auto& b) { return a.claimed < b.claimed; });
  for (const rapport::Event& word : words) {
    if (const auto* retracted = word.As<EventRetracted>()) said.erase({retracted->target_source, retracted->target_id});
    const auto* corrected = word.As<EventCorrected>();
    const auto target = corrected == nullptr ? said.end() : said.find({corrected->target_source, corrected->target_id});
    if (target == said.end()) continue;
    absl::StatusOr<Payload> now = DecodePayload(corrected->target_type, corrected->facts, corrected->text ? &*corrected->text : nullptr, nullptr);
    if (now.ok()) target->second.data = *std::move(now);
  }
  for (const auto& [key, event] : said) Learn(event, *kept);
  return *kept;
}

std::string NameBook::Customer(const CustomerId& id, Language /*language*/) const {
  const std::optional<Said>& name = Of(id).name;
  return name ? name->text : id.text();
}

std::string NameBook::Contact(const CustomerId& customer, const ContactId& contact, Language language) const {
  const SubjectTexts& texts = Of(customer);
  const auto found = texts.contacts.find(contact);
  if (found == texts.contacts.end()) return contact.text();
  const PersonName& person = found->second;
  if (person.family && person.title) return WithTitle(person.family->text, person.title->second, language);
  if (person.full) return person.full->text;
  return person.family ? person.family->text : contact.text();
}

std::string NameBook::Event(const EventKey& event, std::string_view field, Language language) const {
  const absl::StatusOr<std::optional<rapport::Event>> stored = ledger_->Find(event);
  if (!stored.ok() || !stored->has_value()) return Withheld(language);
  const SubjectTexts& texts = Of((*stored)->subject);
  const auto found = texts.texts.find({event, std::string(field)});
  return found != texts.texts.end() ? found->second : Withheld(language);
}

std::string NameBook::Rep(const RepId& id, Language /*language*/) const {
  const SubjectTexts& texts = Of(CustomerId());
  const auto found = texts.reps.find(id);
  return found != texts.reps.end() && found->second ? found->second->text : id.text();
}

}  // namespace rapport
