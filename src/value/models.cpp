#include "rapport/value/models.hpp"

#include <array>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "rapport/core/status.hpp"
#include "rapport/value/bg_bb.hpp"
#include "rapport/value/bg_cnbd_k.hpp"
#include "rapport/value/bg_nbd.hpp"
#include "rapport/value/ggompertz_nbd.hpp"
#include "rapport/value/mbg_cnbd_k.hpp"
#include "rapport/value/mbg_nbd.hpp"
#include "rapport/value/nbd.hpp"
#include "rapport/value/pareto_nbd.hpp"

namespace rapport {
namespace {

using Shared = absl::StatusOr<std::shared_ptr<const PurchaseModel>>;

struct Entry {
  std::string_view name;
  Shared (*fit)(const Histories& rows, std::span<const double> weights);
  Shared (*read)(const Json& json);
};

template <class Model>
Shared SharedFrom(absl::StatusOr<Model> made) {
  if (!made.ok()) return made.status();
  return std::make_shared<const Model>(*std::move(made));
}

template <class Model>
constexpr Entry EntryOf(std::string_view name) {
  return {name, [](const Histories& rows, std::span<const double> weights) { return SharedFrom(Model::Fit(rows, weights)); },
          [](const Json& json) { return SharedFrom(Model::FromJson(json)); }};
}

constexpr std::array kEntries{
    EntryOf<BgNbd>("bg_nbd"),
    EntryOf<MbgNbd>("mbg_nbd"),
    EntryOf<BgCnbdK>("bg_cnbd_k"),
    EntryOf<MbgCnbdK>("mbg_cnbd_k"),
    EntryOf<ParetoNbd>("pareto_nbd"),
    EntryOf<GgompertzNbd>("ggompertz_nbd"),
    EntryOf<BgBb>("bg_bb"),
    EntryOf<Nbd>("nbd"),
};

constexpr auto kNames = [] {
  std::array<std::string_view, kEntries.size()> names;
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = kEntries[i].name;
  return names;
}();

absl::StatusOr<const Entry*> Find(std::string_view name) {
  std::string known;
  for (const Entry& entry : kEntries) {
    if (entry.name == name) return &entry;
    known += (known.empty() ? "" : ", ") + std::string(entry.name);
  }
  return Invalid("value.unknown_model", absl::StrCat("model: found \"", std::string(name), "\", expected ", known));
}

}  // namespace

std::span<const std::string_view> PurchaseModelNames() { return kNames; }

absl::StatusOr<std::shared_ptr<const PurchaseModel>> FitPurchaseModel(std::string_view name, const Histories& rows, std::span<const double> weights) {
  RAPPORT_ASSIGN_OR_RETURN(const Entry* entry, Find(name));
  return entry->fit(rows, weights);
}

absl::StatusOr<std::shared_ptr<const PurchaseModel>> ReadPurchaseModel(const Json& json) {
  const Json* name = json.Find("model");
  if (name == nullptr || name->if_string() == nullptr) return Invalid("value.wrong_type", "model.model: expected the name of a model");
  RAPPORT_ASSIGN_OR_RETURN(const Entry* entry, Find(*name->if_string()));
  return entry->read(json);
}

}  // namespace rapport
