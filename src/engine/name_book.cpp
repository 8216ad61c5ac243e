#include "engine/name_book.hpp"

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

void NameBook::KeepText(const EventKey& key, std::string_view field, const std::optional<std::string>& text) {
  if (text.has_value()) texts_[{key, std::string(field)}] = *text;
}

void NameBook::Learn(const rapport::Event& event) {
  const Order order{event.occurred.at, event.claimed, event.key};
  if (const auto* customer = event.As<CustomerUpserted>()) {
    Keep(customers_[event.subject], order, customer->name);
  } else if (const auto* contact = event.As<ContactUpserted>()) {
    PersonName& person = contacts_[{event.subject, contact->contact}];
    Keep(person.full, order, contact->name);
    Keep(person.family, order, contact->family_name);
    if (contact->title && (!person.title || person.title->first <= order)) person.title = {order, *contact->title};
  } else if (const auto* rep = event.As<RepUpserted>()) {
    Keep(reps_[rep->rep], order, rep->name);
  } else if (const auto* worry = event.As<WorryRaised>()) {
    KeepText(event.key, "text", worry->text);
  } else if (const auto* resolved = event.As<WorryResolved>()) {
    KeepText(event.key, "cure", resolved->cure);
  } else if (const auto* promise = event.As<PromiseMade>()) {
    KeepText(event.key, "what", promise->what);
  } else if (const auto* refusal = event.As<Refusal>()) {
    KeepText(event.key, "text", refusal->text);
  } else if (const auto* touch = event.As<Touch>()) {
    KeepText(event.key, "note", touch->note);
  }
}

std::string NameBook::Customer(const CustomerId& id, Language /*language*/) const {
  const auto found = customers_.find(id);
  return found != customers_.end() && found->second ? found->second->text : id.text();
}

std::string NameBook::Contact(const CustomerId& customer, const ContactId& contact, Language language) const {
  const auto found = contacts_.find({customer, contact});
  if (found == contacts_.end()) return contact.text();
  const PersonName& person = found->second;
  if (person.family && person.title) return WithTitle(person.family->text, person.title->second, language);
  if (person.full) return person.full->text;
  return person.family ? person.family->text : contact.text();
}

std::string NameBook::Event(const EventKey& event, std::string_view field, Language language) const {
  const auto found = texts_.find({event, std::string(field)});
  return found != texts_.end() ? found->second : Withheld(language);
}

std::string NameBook::Rep(const RepId& id, Language /*language*/) const {
  const auto found = reps_.find(id);
  return found != reps_.end() && found->second ? found->second->text : id.text();
}

}  // namespace rapport
