// Floor 1, inside. A payload as columns of a table: what Arrow consumers see of a type.
#ifndef RAPPORT_SRC_LEDGER_COLUMNS_HPP_
#define RAPPORT_SRC_LEDGER_COLUMNS_HPP_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/payload.hpp"
#include "rapport/core/table.hpp"

namespace rapport::wire {

template <class M>
constexpr ColumnType ColumnTypeOf() {
  if constexpr (std::is_same_v<M, bool>) return ColumnType::kBool;
  else if constexpr (std::is_same_v<M, std::int64_t>) return ColumnType::kInteger;
  else if constexpr (std::is_same_v<M, double>) return ColumnType::kNumber;
  else if constexpr (std::is_same_v<M, Day>) return ColumnType::kDay;
  else if constexpr (std::is_same_v<M, Instant>) return ColumnType::kInstant;
  else return ColumnType::kText;
}

struct ColumnCollector {
  std::vector<std::pair<std::string, ColumnType>> facts, privates;
  template <class C, class M>
  void Fact(std::string_view name, M C::*, Need = kOptional) {
    facts.emplace_back(name, ColumnTypeOf<typename Member<M>::Type>());
  }
  template <class C, class M>
  void Private(std::string_view name, M C::*, Need = kOptional) {
    privates.emplace_back(name, ColumnTypeOf<typename Member<M>::Type>());
  }
};

// Facts in the order of Describe, then `currency` where there are amounts, then private fields.
template <class T>
std::vector<std::pair<std::string, ColumnType>> ColumnsOf() {
  ColumnCollector collector;
  T::Describe(collector);
  std::vector<std::pair<std::string, ColumnType>> columns = std::move(collector.facts);
  if (HasMoney<T>()) columns.emplace_back(kCurrency, ColumnType::kText);
  columns.insert(columns.end(), collector.privates.begin(), collector.privates.end());
  return columns;
}

template <class T>
struct CellCollector {
  const T& in;
  CurrencyContext currency;
  std::vector<Cell> facts, privates;
  template <class M>
  void Fact(std::string_view, M T::*member, Need = kOptional) { facts.push_back(CellOf(in.*member)); }
  template <class M>
  void Private(std::string_view, M T::*member, Need = kOptional) { privates.push_back(CellOf(in.*member)); }

 private:
  template <class M>
  Cell CellOf(const M& value) {
    using Bare = typename Member<M>::Type;
    if (!SaysSomething(value)) return Cell();
    if constexpr (Member<M>::kOptional) return CellOfBare<Bare>(*value);
    else return CellOfBare<Bare>(value);
  }
  template <class Bare>
  Cell CellOfBare(const Bare& value) {
    if constexpr (ColumnTypeOf<Bare>() != ColumnType::kText) return Cell(value);
    else {
      const Json json = Field<Bare>::Write(value, currency);
      const std::string* text = json.if_string();
      return Cell(text != nullptr ? *text : json.Canonical());
    }
  }
};

template <class T>
void AddCells(const T& in, std::vector<Cell>& row) {
  CellCollector<T> collector{in, {}, {}, {}};
  T::Describe(collector);
  row.insert(row.end(), collector.facts.begin(), collector.facts.end());
  const std::string code(collector.currency.currency.code());
  if (HasMoney<T>()) row.push_back(code.empty() ? Cell() : Cell(code));
  row.insert(row.end(), collector.privates.begin(), collector.privates.end());
}

}  // namespace rapport::wire

#endif  // RAPPORT_SRC_LEDGER_COLUMNS_HPP_
