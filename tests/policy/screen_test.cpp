#include "rapport/policy/screen.hpp"

#include <cmath>
#include <deque>
#include <limits>
#include <random>

#include "policy/world.hpp"
#include "rapport/policy/evaluate.hpp"

namespace rapport::policy_test {
namespace {

// --- signals whose values are what a row of the test says ---
constexpr std::size_t kColumns = 12;   // two of each type
std::array<Cell, kColumns> row_of_signals;

template <std::size_t N>
SignalValue FromRow(const SignalInput&) {
  return {row_of_signals[N], {}, {}};
}

template <std::size_t... N>
std::array<SignalColumn, kColumns> MakeSignals(std::index_sequence<N...>) {
  static constexpr std::array<std::string_view, kColumns> kNames{"bool.a", "bool.b", "integer.a", "integer.b", "number.a", "number.b",
                                                                 "text.a", "text.b", "day.a",     "day.b",     "instant.a", "instant.b"};
  return {SignalColumn{kNames[N], static_cast<ColumnType>(N / 2), "", "", Motion::kConstant, 0, FromRow<N>}...};
}
const std::array<SignalColumn, kColumns> kSignals = MakeSignals(std::make_index_sequence<kColumns>());

// --- random values, few enough that they meet ---
using Random = std::mt19937_64;
std::size_t Below(Random& random, std::size_t count) { return static_cast<std::size_t>(random() % count); }

constexpr std::int64_t k2To53 = std::int64_t{1} << 53;
constexpr std::array<std::int64_t, 12> kWholes{0, 1, -1, 2, 7, 1000, k2To53, k2To53 + 1, -k2To53 - 1, 2'000'000'000, std::numeric_limits<std::int64_t>::max(),
                                               std::numeric_limits<std::int64_t>::min()};
constexpr std::array<double, 12> kNumbers{0.0, -0.0, 1.0, 0.5, 2.0, -1.0, 7.0, 5e-324, 9007199254740992.0, 9.3e18, -9.3e18, 1.7976931348623157e308};
constexpr std::array<const char*, 6> kTexts{"", "a", "ab", "b", "trust", "\xED\x95\x9C"};

Cell Value(Random& random, ColumnType type) {
  const std::int64_t whole = kWholes[Below(random, kWholes.size())];
  switch (type) {
    case ColumnType::kBool: return Below(random, 2) == 1;
    case ColumnType::kInteger: return whole;
    case ColumnType::kNumber: return kNumbers[Below(random, kNumbers.size())];
    case ColumnType::kText: return std::string(kTexts[Below(random, kTexts.size())]);
    case ColumnType::kDay: return Day(2026, 1, 1) + static_cast<std::int64_t>(Below(random, 5));
    case ColumnType::kInstant: return Instant::FromMicros(whole / 64);
  }
  return {};
}

// Mostly of the signal's type; numbers of both kinds; now and then of no type that fits, as hosts that build conditions may do.
Cell Expected(Random& random, ColumnType type) {
  if (Below(random, 20) == 0) return Below(random, 2) == 0 ? Cell() : Value(random, static_cast<ColumnType>(Below(random, 6)));
  const bool numeric = type == ColumnType::kInteger || type == ColumnType::kNumber;
  return Value(random, numeric && Below(random, 2) == 0 ? ColumnType::kNumber : type);
}

Condition RandomCondition(Random& random, int depth) {
  Condition condition;
  const std::size_t kind = depth >= 4 ? 3 : Below(random, 6);
  if (kind >= 3) {
    condition.kind = Condition::Kind::kLeaf;
    condition.signal = &kSignals[Below(random, kColumns)];
    condition.is = static_cast<Comparison>(Below(random, 9));
    const std::size_t several = condition.is == Comparison::kIn ? Below(random, 4) : condition.is < Comparison::kIn ? Below(random, 25) != 0 : 0;
    for (std::size_t i = 0; i < several; ++i) condition.expected.push_back(Expected(random, condition.signal->type));
    return condition;
  }
  condition.kind = static_cast<Condition::Kind>(kind);
  const std::size_t count = condition.kind == Condition::Kind::kNot ? 1 : Below(random, 4);
  for (std::size_t i = 0; i < count; ++i) condition.children.push_back(RandomCondition(random, depth + 1));
  return condition;
}

std::vector<Rule> RandomRules(Random& random, std::size_t most) {
  std::vector<Rule> rules(1 + Below(random, most));
  for (std::size_t i = 0; i < rules.size(); ++i) {
    rules[i].name = "rule-" + std::to_string(i);
    rules[i].when = RandomCondition(random, 0);
    if (Below(random, 3) != 0) continue;
    SignalTrigger trigger;
    trigger.signal = &kSignals[2 + Below(random, 4)];
    trigger.threshold = kNumbers[Below(random, kNumbers.size())];
    trigger.below = Below(random, 2) == 0;
    rules[i].trigger = trigger;
  }
  return rules;
}

Table RandomTable(Random& random, std::size_t rows) {
  std::vector<std::pair<std::string, ColumnType>> columns;
  for (const SignalColumn& signal : kSignals) columns.emplace_back(signal.name, signal.type);
  Table table(columns);
  const std::size_t missing = Below(random, 4);   // of four; 0: every value is there
  for (std::size_t row = 0; row < rows; ++row) {
    std::vector<Cell> cells;
    for (const SignalColumn& signal : kSignals) cells.push_back(Below(random, 4) < missing ? Cell() : Value(random, signal.type));
    table.AppendRow(cells);
  }
  return table;
}

// The same table as somebody else may hold it: other layouts, validity in bits, rows that begin anywhere.
class OtherLayouts {
 public:
  OtherLayouts(Random& random, const Table& table) {
    seen.rows = table.rows();
    for (const Column& column : table.columns()) Add(random, column);
  }
  ScreenTable seen;

 private:
  static constexpr std::size_t kRoom = 8;   // beyond the last row

  template <class T, class Of>
  const T* Fill(std::size_t size, std::size_t offset, Of of) {
    auto& bytes = kept_.emplace_back((size + offset + kRoom) * sizeof(T), 0x5A);   // what is outside the rows is never looked at
    T* values = reinterpret_cast<T*>(bytes.data());
    for (std::size_t i = 0; i < size; ++i) values[offset + i] = static_cast<T>(of(i));
    return values;
  }
  template <class Of>
  const std::uint8_t* FillBits(std::size_t size, std::size_t offset, Of of) {
    auto& bits = kept_.emplace_back((size + offset) / 8 + kRoom, 0xA5);
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t at = offset + i;
      bits[at / 8] = static_cast<std::uint8_t>((bits[at / 8] & ~(1u << at % 8)) | (of(i) ? 1u << at % 8 : 0u));
    }
    return bits.data();
  }

  void Add(Random& random, const Column& column) {
    ScreenColumn out{.name = column.name(), .type = column.type()};
    out.offset = Below(random, 20);
    const std::size_t n = column.size();
    bool all_valid = true;
    for (std::size_t i = 0; i < n; ++i) all_valid &= column.valid(i);
    out.validity = all_valid && Below(random, 2) == 0 ? ValidityLayout::kAll : Below(random, 2) == 0 ? ValidityLayout::kBytes : ValidityLayout::kBits;
    if (out.validity == ValidityLayout::kBytes) out.valid = Fill<std::uint8_t>(n, out.offset, [&](std::size_t i) { return column.valid(i) ? 1 + i % 255 : 0; });
    if (out.validity == ValidityLayout::kBits) out.valid = FillBits(n, out.offset, [&](std::size_t i) { return column.valid(i); });
    SetValues(random, column, out);
    seen.columns.push_back(out);
  }

  void SetValues(Random& random, const Column& column, ScreenColumn& out) {
    const std::size_t n = column.size(), layout = Below(random, 3);
    const auto whole = [&](std::size_t i) { return column.integers()[i]; };
    if (column.type() == ColumnType::kNumber) {
      out.layout = ValueLayout::kDouble;
      out.values = Fill<double>(n, out.offset, [&](std::size_t i) { return column.valid(i) ? column.numbers()[i] : std::nan(""); });
    } else if (column.type() == ColumnType::kText) {
      out.layout = layout == 0 ? ValueLayout::kText32 : ValueLayout::kText64;
      const auto offset_of = [&](std::size_t i) { return column.offsets()[i]; };
      out.values = layout == 0 ? static_cast<const void*>(Fill<std::int32_t>(n + 1, out.offset, offset_of)) : Fill<std::int64_t>(n + 1, out.offset, offset_of);
      out.bytes = column.bytes().data();
    } else if (column.type() == ColumnType::kBool && layout < 2) {
      out.layout = layout == 0 ? ValueLayout::kBits : ValueLayout::kBytes;
      out.values = layout == 0 ? FillBits(n, out.offset, [&](std::size_t i) { return whole(i) != 0; }) : Fill<std::uint8_t>(n, out.offset, whole);
    } else if (column.type() == ColumnType::kDay && layout == 0) {
      out.layout = ValueLayout::kInt32;
      out.values = Fill<std::int32_t>(n, out.offset, whole);
    } else if (column.type() == ColumnType::kInteger && layout == 0) {
      out.layout = ValueLayout::kDouble;
      out.type = ColumnType::kNumber;
      out.values = Fill<double>(n, out.offset, whole);
    } else {
      out.layout = ValueLayout::kInt64;
      out.values = Fill<std::int64_t>(n, out.offset, whole);
    }
  }

  std::deque<std::vector<std::uint8_t>> kept_;
};

// What Evaluate says of the row, and with `triggers` what the crossing's own words say of its signal.
bool HoldsAlone(const Rule& rule, bool triggers) {
  static World world;
  static const auto view = world.Add("c", "o1", "2026-03-01T01:00:00Z", Order(std::nullopt, 500)).Seen("2026-03-06T01:00:00Z");
  SignalCache signals(InputFor(view->account(), view->context, view->input.as_of));
  const auto* trigger = std::get_if<SignalTrigger>(&rule.trigger);
  if (triggers && trigger != nullptr) {
    const Cell value = signals.Of(*trigger->signal).value;
    if (std::holds_alternative<std::monostate>(value)) return false;
    const auto* whole = std::get_if<std::int64_t>(&value);
    const double number = whole != nullptr ? static_cast<double>(*whole) : std::get<double>(value);
    if (trigger->below ? number > trigger->threshold : number < trigger->threshold) return false;
  }
  return Evaluate(rule.when, signals).holds;
}

// How many rows of how many rules held, so that a test can tell that it saw both answers.
struct Tally {
  std::size_t held = 0, asked = 0;
};

void ExpectAsEvaluated(const std::vector<Rule>& rules, bool triggers, const Table& table, const ScreenTable& seen, Tally& tally) {
  const absl::StatusOr<ScreenMasks> masks = Screen::OfRules(rules, triggers).Run(seen);
  ASSERT_TRUE(masks.ok()) << masks.status();
  ASSERT_EQ(masks->rules(), rules.size());
  ASSERT_EQ(masks->rows(), table.rows());
  std::vector<std::size_t> counts(rules.size());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    for (std::size_t c = 0; c < kColumns; ++c) row_of_signals[c] = table.columns()[c].at(row);
    for (std::size_t rule = 0; rule < rules.size(); ++rule) {
      const bool holds = HoldsAlone(rules[rule], triggers);
      counts[rule] += holds ? 1 : 0;
      ASSERT_EQ(masks->Holds(rule, row), holds) << "rule " << rule << ", row " << row;
    }
  }
  for (std::size_t rule = 0; rule < rules.size(); ++rule) {
    EXPECT_EQ(masks->Count(rule), counts[rule]) << "no bit beyond the last row";
    tally.held += counts[rule];
    tally.asked += table.rows();
  }
}

TEST(Policy_Screen, SaysWhatEvaluateSaysOfRandomRulesAndTables) {
  Tally tally;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    Random random(seed);
    const std::vector<Rule> rules = RandomRules(random, 8);
    const Table table = RandomTable(random, Below(random, 120));
    const OtherLayouts other(random, table);
    SCOPED_TRACE(seed);
    ASSERT_NO_FATAL_FAILURE(ExpectAsEvaluated(rules, seed % 2 == 0, table, ScreenTable::From(table), tally));
    ASSERT_NO_FATAL_FAILURE(ExpectAsEvaluated(rules, seed % 2 == 0, table, other.seen, tally));
  }
  EXPECT_GT(tally.held, tally.asked / 20);
  EXPECT_LT(tally.held, tally.asked - tally.asked / 20);
}

// Many rules make small blocks, few rules large ones: the rows around both of their edges.
TEST(Policy_Screen, SaysTheSameAcrossBlocks) {
  Tally tally;
  for (const std::size_t rows : {255u, 256u, 257u, 513u, 4097u}) {
    Random random(rows);
    const std::vector<Rule> rules = RandomRules(random, rows < 4000 ? 400 : 2);
    const Table table = RandomTable(random, rows);
    const OtherLayouts other(random, table);
    SCOPED_TRACE(rows);
    ASSERT_NO_FATAL_FAILURE(ExpectAsEvaluated(rules, true, table, other.seen, tally));
  }
}

// --- policies and books as they are ---
Policy WithRules(const std::string& rules) { return MustParse(R"({"rapport_policy": 1, "name": "p", "rules": [)" + rules + "]}"); }
std::string RuleText(const std::string& name, const std::string& trigger, const std::string& when) {
  return R"({"name": ")" + name + R"(", "purpose": "care", "priority": 1, "trigger": )" + trigger + (when.empty() ? "" : R"(, "when": )" + when) +
         R"(, "action": {"channel": "call", "minutes": 5, "headline": "general", "objective": "thank"}, "expires": {"days": 1}})";
}

TEST(Policy_Screen, TheDefaultPolicyOverABook) {
  World world;
  for (int i = 0; i < 40; ++i) {
    const std::string id = "c" + std::to_string(i);
    world.Add(id, id + "/profile", "2025-01-01T00:00:00Z", Profile("Asia/Tokyo", i % 3 == 0 ? std::optional(i % 2 == 0) : std::nullopt));
    for (int order = 0; order < i % 5; ++order) {
      world.Add(id, id + "/o" + std::to_string(order), "2025-0" + std::to_string(1 + order) + "-0" + std::to_string(1 + i % 9) + "T01:00:00Z",
                Order(std::nullopt, 500 + i));
    }
    if (i % 4 == 0) world.Add(id, id + "/touch", "2025-06-0" + std::to_string(1 + i % 9) + "T01:00:00Z", Reached());
  }
  const auto view = world.Seen("2025-07-01T00:00:00Z");
  const Screen screen = Screen::Of(Policy::Default());
  const absl::StatusOr<Table> table = SignalTable(*view->book, view->input.as_of, {}, screen.ColumnNames());
  ASSERT_TRUE(table.ok()) << table.status();
  const absl::StatusOr<ScreenMasks> masks = screen.Run(ScreenTable::From(*table));
  ASSERT_TRUE(masks.ok()) << masks.status();
  ASSERT_GE(table->rows(), 40u);
  std::size_t held = 0;
  for (std::size_t row = 0; row < table->rows(); ++row) {
    const std::string customer = std::get<std::string>(table->Find("customer")->at(row));
    SignalCache signals(InputFor(view->account(customer), view->context, view->input.as_of));
    for (std::size_t rule = 0; rule < masks->rules(); ++rule) {
      const bool holds = Evaluate(Policy::Default().rules()[rule].when, signals).holds;
      EXPECT_EQ(masks->Holds(rule, row), holds) << customer << " " << screen.rules()[rule];
      held += holds ? 1 : 0;
    }
  }
  EXPECT_GT(held, 0u);
  EXPECT_LT(held, table->rows() * masks->rules());
}

TEST(Policy_Screen, EqualLeavesAndColumnsAreNamedOnce) {
  const std::string leaf = R"({"signal": "worry.open", "is": ">=", "value": 1})";
  const Screen screen = Screen::Of(WithRules(RuleText("a", R"({"event": "touch"})", leaf) + "," + RuleText("b", R"({"event": "touch"})", R"({"all": [)" + leaf + "]}") +
                                             "," + RuleText("c", R"({"signal": "touch.days_since_care", "crosses_above": 40})", "")));
  EXPECT_EQ(screen.rules(), (std::vector<std::string>{"a", "b", "c"}));
  ASSERT_EQ(screen.signals().size(), 1u);
  EXPECT_EQ(screen.signals()[0].name, "worry.open");
  EXPECT_EQ(screen.signals()[0].rule, "a");
}

TEST(Policy_Screen, TriggersAddTheirThresholdsWhereAsked) {
  const Policy policy = WithRules(RuleText("above", R"({"signal": "touch.days_since_care", "crosses_above": 40})", "") + "," +
                                  RuleText("below", R"({"signal": "touch.days_since_care", "crosses_below": 40})", ""));
  Table table({{"touch.days_since_care", ColumnType::kInteger}});
  for (const Cell& cell : {Cell(std::int64_t{39}), Cell(std::int64_t{40}), Cell(std::int64_t{41}), Cell()}) table.AppendRow({cell});
  const auto with = Screen::Of(policy, {.triggers = true}).Run(ScreenTable::From(table));
  const auto without = Screen::Of(policy).Run(ScreenTable::From(table));
  ASSERT_TRUE(with.ok() && without.ok());
  EXPECT_EQ(with->bits(0), std::vector<std::uint8_t>{0b0110});
  EXPECT_EQ(with->bits(1), std::vector<std::uint8_t>{0b0011});
  EXPECT_EQ(without->bits(0), std::vector<std::uint8_t>{0b1111});
}

TEST(Policy_Screen, ATeamHasItsOwnNumbers) {
  const Policy policy = MustParse(R"({"rapport_policy": 1, "name": "p", "rules": [)" +
                                  RuleText("a", R"({"event": "touch"})", R"({"signal": "worry.open", "is": ">=", "value": 1})") +
                                  R"(], "teams": {"north": {"a": {"when": {"value": 2}}}}})");
  Table table({{"worry.open", ColumnType::kInteger}});
  table.AppendRow({std::int64_t{1}});
  EXPECT_EQ(Screen::Of(policy).Run(ScreenTable::From(table))->Count(0), 1u);
  EXPECT_EQ(Screen::Of(policy, {.team = "north"}).Run(ScreenTable::From(table))->Count(0), 0u);
  EXPECT_EQ(Screen::Of(policy, {.team = "south"}).Run(ScreenTable::From(table))->Count(0), 1u);
}

TEST(Policy_Screen, NamesWhatTheTableLacks) {
  const Screen screen = Screen::Of(WithRules(RuleText("a", R"({"event": "touch"})", R"({"signal": "worry.open", "is": "known"})")));
  Table other({{"worry.oldest_days", ColumnType::kInteger}});
  const absl::Status missing = screen.Run(ScreenTable::From(other)).status();
  EXPECT_EQ(TokenOf(missing), "screen.missing_column");
  EXPECT_EQ(missing.message(), "rule \"a\", column \"worry.open\": found none, expected one of type integer");
  Table text({{"worry.open", ColumnType::kText}});
  const absl::Status wrong = screen.Run(ScreenTable::From(text)).status();
  EXPECT_EQ(TokenOf(wrong), "screen.wrong_type");
  EXPECT_EQ(wrong.message(), "rule \"a\", column \"worry.open\": found type text, expected integer");
  ScreenTable odd{.rows = 0, .columns = {{.name = "worry.open", .type = ColumnType::kInteger, .layout = ValueLayout::kText64}}};
  EXPECT_EQ(TokenOf(screen.Run(odd).status()), "screen.wrong_type");
}

TEST(Policy_Screen, RefusesWhatIsNoNumber) {
  const Screen screen = Screen::Of(WithRules(RuleText("a", R"({"event": "touch"})", R"({"signal": "purchase.silence_ratio", "is": ">", "value": 1})")));
  std::vector<double> values(5000, 2.0);
  std::vector<std::uint8_t> valid(values.size(), 1);
  ScreenTable table{.rows = values.size(), .columns = {{.name = "purchase.silence_ratio", .type = ColumnType::kNumber, .layout = ValueLayout::kDouble,
                                                        .values = values.data(), .validity = ValidityLayout::kBytes, .valid = valid.data()}}};
  values[4500] = std::nan("");
  const absl::Status refused = screen.Run(table).status();
  EXPECT_EQ(TokenOf(refused), "screen.not_finite");
  EXPECT_EQ(refused.message(), "row 4501, column \"purchase.silence_ratio\": found NaN, expected a finite number or null");
  valid[4500] = 0;
  ASSERT_TRUE(screen.Run(table).ok()) << "what is missing is not looked at";
  EXPECT_EQ(screen.Run(table)->Count(0), 4999u);
  values[0] = std::numeric_limits<double>::infinity();
  EXPECT_EQ(TokenOf(screen.Run(table).status()), "screen.not_finite");
}

TEST(Policy_Screen, NoRulesAndNoRows) {
  EXPECT_EQ(Screen::OfRules({}).Run({.rows = 9, .columns = {}})->rules(), 0u);
  const absl::StatusOr<ScreenMasks> always = Screen::OfRules(std::vector<Rule>(1)).Run({.rows = 9, .columns = {}});
  ASSERT_TRUE(always.ok()) << "a rule without conditions needs no column";
  EXPECT_EQ(always->Count(0), 9u);
  EXPECT_EQ(Screen::OfRules(std::vector<Rule>(1)).Run({})->Count(0), 0u);
}

}  // namespace
}  // namespace rapport::policy_test
