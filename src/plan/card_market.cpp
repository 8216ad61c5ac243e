// What they said no to, and whom we stand beside: of cards that sell alone.
#include <algorithm>
#include <set>
#include <tuple>

#include "plan/card_parts.hpp"
#include "rapport/core/status.hpp"

namespace rapport {
namespace {

constexpr std::size_t kMostRefusals = 2;
constexpr std::size_t kMostOffers = 3;

SheetLine TellOffer(const OfferKnown& offer, const EventKey& seen) {
  Sentence said{"card.market.offer", {{"competitor", offer.competitor}, {"offer", offer.offer}}};
  if (offer.price.has_value()) said.key += ".price", said.arguments["price"] = *offer.price;
  if (offer.warranty_months.has_value()) said.key += ".warranty", said.arguments["months"] = *offer.warranty_months;
  return Line(std::move(said), {seen});
}

}  // namespace

SheetLines SaidNo(const CardPage& page) {
  SheetLines lines;
  const auto& refusals = page.account().refusals;
  for (auto no = refusals.rbegin(); no != refusals.rend() && lines.size() < kMostRefusals; ++no) {
    if (!no->refusal.reason.has_value()) continue;
    const std::string reason = "schema.word.reason." + std::string(NameOf(*no->refusal.reason));
    lines.push_back(Line({"card.said_no", {{"reason", MessageRef{reason}}, {"on", page.LocalDay(no->at)}}}, {no->key}));
  }
  return lines;
}

SheetLines MarketOf(const CardPage& page) {
  SheetLines lines;
  std::set<std::string> named;
  const auto& seen = page.account().relations.competitors;
  for (auto one = seen.rbegin(); one != seen.rend() && lines.size() < kMostOffers; ++one) {
    if (!named.insert(one->data.competitor).second) continue;
    lines.push_back(Line({"card.market.seen", {{"competitor", one->data.competitor}, {"on", page.LocalDay(one->at)}}}, {one->key}));
    // The offer that was seen here; where none was named, the newest that is known of them.
    const OfferKnown* offer = nullptr;
    for (const OfferKnown& known : page.book().offers) {
      if (known.competitor == one->data.competitor && (!one->data.offer || *one->data.offer == known.offer)) offer = &known;
    }
    if (offer != nullptr) lines.push_back(TellOffer(*offer, one->key));
  }
  return lines;
}

}  // namespace rapport
