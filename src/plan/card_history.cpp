// What is owed, what was, what is open, and how they stand with us.
#include <algorithm>
#include <cmath>

#include "plan/card_parts.hpp"
#include "rapport/core/quantity.hpp"
#include "rapport/core/status.hpp"
#include "rapport/relationship/ties.hpp"
#include "rapport/relationship/touches.hpp"
#include "rapport/relationship/worry_knowledge.hpp"
#include "rapport/signals/relationship.hpp"

namespace rapport {
namespace {

constexpr std::size_t kMostPromises = 3;
constexpr std::size_t kMostWorries = 3;
constexpr std::size_t kMostOthers = 2;   // topics of other buyers, and colleagues
// A delivery older than this, and a worry solved before, is no news to talk of.
constexpr std::int64_t kRecentDays = 180;

SheetLine TellPromise(const PromiseRecord& promise) {
  Sentence said{"card.owe", {}};
  if (promise.quantity.has_value() && promise.unit.has_value()) {
    said.key += ".quantity";
    said.arguments = {{"quantity", SayQuantity(*promise.quantity - promise.delivered_quantity)}, {"unit", *promise.unit}};
  } else {
    said.arguments["what"] = EventText{promise.key, "what"};
  }
  if (promise.due.has_value()) said.arguments["due"] = *promise.due;
  else said.key += ".undated";
  std::vector<EventKey> events{promise.key};
  for (const PromiseRevision& revision : promise.revisions) events.push_back(revision.key);
  for (const PromiseDelivery& delivery : promise.deliveries) events.push_back(delivery.key);
  return Line(std::move(said), std::move(events));
}

bool IsRecent(const CardPage& page, Instant at) { return page.input.today - page.LocalDay(at) <= kRecentDays; }

void AddLastContact(const CardPage& page, SheetLines& lines) {
  const TouchRecord* last = nullptr;   // by when it was made: what was noted later may have been before
  for (const TouchRecord& record : page.account().touches) {
    if (IsContact(record.touch) && (last == nullptr || BeganAt(*last) <= BeganAt(record))) last = &record;
  }
  if (last == nullptr) return;
  Sentence said{"card.last.contact", {{"channel", MessageRef{"channel." + std::string(NameOf(last->touch.channel))}}, {"on", page.LocalDay(BeganAt(*last))}}};
  if (last->touch.rep.has_value()) said.key += ".rep", said.arguments["rep"] = RepName{*last->touch.rep};
  lines.push_back(Line(std::move(said), {last->key}));
}

// What cured it is a label that serves for others, or a person's words.
SheetLine TellSolved(const CardPage& page, const WorryRecord& worry) {
  Sentence said{"card.last.worry", {{"days", static_cast<std::int64_t>(page.LocalDay(*worry.resolved) - page.LocalDay(worry.raised))},
                                    {"on", page.LocalDay(*worry.resolved)}}};
  if (worry.topic.has_value()) said.arguments["text"] = *worry.topic;
  else said.arguments["text"] = EventText{worry.key, "text"};
  if (worry.remedy.has_value()) said.key += ".cure", said.arguments["cure"] = *worry.remedy;
  return Line(std::move(said), {worry.key, worry.resolved_by});
}

// The newest delivery that is still theirs.
const PurchaseRecord* LastDelivered(const CardPage& page) {
  const PurchaseRecord* last = nullptr;
  for (const PurchaseRecord& purchase : page.account().purchases) {
    if (!purchase.delivered || purchase.returned_whole || !IsRecent(page, *purchase.delivered)) continue;
    if (last == nullptr || *last->delivered <= *purchase.delivered) last = &purchase;
  }
  return last;
}

// Objectives that ask how it runs, where what we delivered last is the best beginning.
bool AsksHowItRuns(const std::string& objective) {
  for (const char* name : {"check-in", "contact-overdue", "keep-in-sight", "large-account", "silence", "slipping"}) {
    const std::string key = std::string("objective.") + name;
    if (objective == key || objective.starts_with(key + ".")) return true;
  }
  return false;
}

// A promise that was kept with the order, for it has words for what was counted: "2 softeners".
const PromiseRecord* CountedPromiseOf(const Account& account, const OrderId& order) {
  for (const PromiseRecord& promise : account.promises) {
    if (promise.by == PromiseBy::kOurs && promise.fulfilled && promise.order == order && promise.quantity && promise.unit) return &promise;
  }
  return nullptr;
}

std::optional<SheetLine> OpeningByDelivery(const CardPage& page) {
  const PurchaseRecord* delivered = AsksHowItRuns(page.subject.objective.key) ? LastDelivered(page) : nullptr;
  if (delivered == nullptr) return std::nullopt;
  const Day since = page.LocalDay(*delivered->delivered);
  const std::vector<EventKey> events{delivered->key, delivered->delivered_by};
  const PromiseRecord* promise = CountedPromiseOf(page.account(), delivered->order);
  if (promise != nullptr && *promise->quantity == std::trunc(*promise->quantity)) {
    return Line({"opening.delivered", {{"n", static_cast<std::int64_t>(*promise->quantity)}, {"unit", *promise->unit}, {"since", since}}},
                {delivered->key, delivered->delivered_by, promise->key});
  }
  for (const PurchaseLine& line : delivered->lines) {
    const auto product = line.product ? page.book().products.find(*line.product) : page.book().products.end();
    if (product == page.book().products.end() || !product->second.name) continue;
    return Line({"opening.delivered.product", {{"product", *product->second.name}, {"since", since}}}, events);
  }
  return std::nullopt;
}

void AddColleagues(const CardPage& page, SheetLines& lines) {
  std::size_t told = 0;
  for (const Tie& tie : TiesOf(page.account(), *page.input.context->relationship, *page.input.zone, page.input.as_of)) {
    if (told == kMostOthers) return;
    if (tie.rep == page.subject.rep || tie.reached == 0 || !WorksHere(page.book(), tie.rep, page.input.today)) continue;
    ++told;
    Sentence said{"card.knows", {{"rep", RepName{tie.rep}}}};
    if (page.subject.contact && std::binary_search(tie.contacts.begin(), tie.contacts.end(), *page.subject.contact)) {
      said.key += ".contact";
      said.arguments["contact"] = page.NameOfContact(*page.subject.contact);
    }
    const RepRecord* rep = page.book().FindRep(tie.rep);
    if (rep != nullptr && rep->team.has_value()) said.key += ".team", said.arguments["team"] = *rep->team;
    lines.push_back(Line(std::move(said), {tie.last_event}));
  }
}

}  // namespace

SheetLines OwedBy(const CardPage& page, PromiseBy by) {
  std::vector<const PromiseRecord*> open;
  for (const PromiseRecord& promise : page.account().promises) {
    if (promise.by == by && !promise.fulfilled) open.push_back(&promise);
  }
  // What falls due first; what has no day last.
  const auto due = [](const PromiseRecord* promise) { return promise->due.value_or(Day::max()); };
  std::stable_sort(open.begin(), open.end(), [&](const PromiseRecord* a, const PromiseRecord* b) { return due(a) < due(b); });
  if (open.size() > kMostPromises) open.resize(kMostPromises);
  SheetLines lines;
  for (const PromiseRecord* promise : open) lines.push_back(TellPromise(*promise));
  return lines;
}

SheetLines OpenWorriesOf(const CardPage& page) {
  SheetLines lines;
  for (const WorryRecord& worry : page.account().worries) {   // the oldest first
    if (worry.resolved.has_value() || lines.size() == kMostWorries) continue;
    lines.push_back(Line({"card.open_worry", {{"since", page.LocalDay(worry.raised)}, {"text", EventText{worry.key, "text"}}}}, {worry.key}));
  }
  return lines;
}

SheetLines LastOf(const CardPage& page) {
  SheetLines lines;
  AddLastContact(page, lines);
  const WorryRecord* solved = nullptr;
  bool any_open = false;
  for (const WorryRecord& worry : page.account().worries) {
    any_open = any_open || !worry.resolved.has_value();
    if (worry.resolved && IsRecent(page, *worry.resolved) && (solved == nullptr || *solved->resolved <= *worry.resolved)) solved = &worry;
  }
  if (solved != nullptr) lines.push_back(TellSolved(page, *solved));
  if (!any_open && !lines.empty()) lines.push_back(Line({"card.last.none_open", {}}));
  return lines;
}

SheetLines WorriesOfOthers(const CardPage& page) {
  SheetLines lines;
  const auto& known = page.input.context->worries;
  if (known == nullptr) return lines;
  constexpr std::string_view kInProse = "worry.known";
  for (Sentence said : known->SentencesFor(page.account(), page.input.as_of)) {
    if (lines.size() == kMostOthers) break;
    RAPPORT_INVARIANT(said.key.starts_with(kInProse), "what is known of worries is told by worry.known");
    said.key = "card.worried" + said.key.substr(kInProse.size());   // under its title
    lines.push_back(Line(std::move(said), {page.input.context->worries_event}));
  }
  return lines;
}

namespace {

void AddRung(const CardPage& page, SheetLines& lines) {
  const std::optional<Standing> standing = StandingOf(page.input);
  if (!standing.has_value()) return;   // without consent to be scored nobody is ranked
  Sentence said{"card.standing." + std::string(NameOf(standing->rung)), {}};
  if (standing->rung == Rung::kNone && standing->trust == 0) said.key += ".never";
  if (standing->falls_on.has_value()) said.arguments["falls"] = *standing->falls_on;
  lines.push_back(Line(std::move(said), SignalNamed("relationship.rung").Of(page.input).evidence));
}

}  // namespace

// Who else knows them is no score: it is told of everybody.
SheetLines StandingLines(const CardPage& page) {
  SheetLines lines;
  AddRung(page, lines);
  AddColleagues(page, lines);
  return lines;
}

SheetLine OpeningLine(const CardPage& page) {
  if (std::optional<SheetLine> line = OpeningByDelivery(page)) return *std::move(line);
  return Line(OpeningOf(page.subject.objective));
}

}  // namespace rapport
