// The same words for other customers.
#include <algorithm>
#include <array>
#include <numeric>
#include <unordered_map>
#include <utility>

#include <boost/sort/spreadsort/integer_sort.hpp>

#include "core/utf8.hpp"
#include "plan/report_signs.hpp"
#include "rapport/stats/special.hpp"

namespace rapport::report_signs {
namespace {

constexpr std::size_t kShingle = 4;                // letters
constexpr std::size_t kBins = 30, kBands = 10, kRowsOfBand = kBins / kBands;
constexpr std::array<std::size_t, 2> kAlike = {24, 18};   // of the bins: eight, or six, in ten of the shingles are shared
constexpr std::size_t kLevels = 1 + kAlike.size();        // equal, nearly equal, alike
constexpr double kStockPhrase = 24;                // letters up to which words count for nothing: "no answer, left a message"
constexpr double kFullLength = 60;                 // from which they count in full
constexpr std::uint32_t kEmpty = ~std::uint32_t{0};

// Mixing of 64 bits (Steele, Lea and Flood 2014).
std::uint64_t Mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

// Letters alone, Latin ones small; digits and marks become one blank: "Visited, 14:30." is "visited".
struct Words {
  std::vector<char32_t> letters;
  double length = 0;               // a letter of a script that writes words in few counts twice
};

bool IsMark(char32_t c) { return (c >= 0x2000 && c < 0x2070) || (c >= 0x3000 && c < 0x3004) || (c >= 0xff00 && c < 0xff21); }

Words WordsOf(std::string_view note) {
  Words words;
  for (std::size_t at = 0; at < note.size();) {
    char32_t c = NextPoint(note, at);
    if (c < 0x80) {
      if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
      if (c < 'a' || c > 'z') c = ' ';
    } else if (IsMark(c)) {
      c = ' ';
    }
    if (c == ' ' && (words.letters.empty() || words.letters.back() == ' ')) continue;
    words.letters.push_back(c);
    if (c != ' ') words.length += c >= 0x1100 ? 2 : 1;
  }
  if (!words.letters.empty() && words.letters.back() == ' ') words.letters.pop_back();
  return words;
}

// Minima of one hash of the shingles in bins (one permutation hashing, Li, Owen and Zhang 2012; empty bins take the next full one's, Shrivastava and Li
// 2014). Two texts agree in a bin with the chance that is the share of shingles they have in common (Broder 1997).
using Signature = std::array<std::uint32_t, kBins>;

Signature SignatureOf(const std::vector<char32_t>& letters) {
  Signature signature;
  signature.fill(kEmpty);
  const std::size_t last = letters.size() < kShingle ? 1 : letters.size() - kShingle + 1;
  for (std::size_t i = 0; i < last; ++i) {
    std::uint64_t hash = 0;
    for (std::size_t j = i; j < std::min(letters.size(), i + kShingle); ++j) hash = hash * 0x100000001b3 + letters[j];
    hash = Mix(hash);
    std::uint32_t& bin = signature[static_cast<std::uint32_t>(hash) % kBins];
    bin = std::min(bin, static_cast<std::uint32_t>(hash >> 32));
  }
  const Signature found = signature;
  for (std::size_t b = 0; b < kBins; ++b) {
    for (std::size_t step = 1; signature[b] == kEmpty && step < kBins; ++step) {
      const std::uint32_t other = found[(b + step) % kBins];
      if (other != kEmpty) signature[b] = static_cast<std::uint32_t>(Mix(other + (static_cast<std::uint64_t>(step) << 32)));
    }
  }
  return signature;
}

std::size_t Agreement(const Signature& a, const Signature& b) {
  std::size_t same = 0;
  for (std::size_t i = 0; i < kBins; ++i) same += a[i] == b[i] ? 1 : 0;
  return same;
}

// Sets that join (Tarjan 1975); the smallest member names a set.
class Sets {
 public:
  explicit Sets(std::size_t size) : parent_(size) { std::iota(parent_.begin(), parent_.end(), std::size_t{0}); }
  std::size_t Of(std::size_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void Join(std::size_t a, std::size_t b) {
    a = Of(a), b = Of(b);
    parent_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<std::size_t> parent_;
};

// The minima of a band in one number, and whose they are.
using BandKey = std::pair<std::uint64_t, std::size_t>;

// Texts that are nearly the same, by level: those of a band with equal minima are compared with the first of them.
std::array<std::vector<std::size_t>, kLevels> Families(const std::vector<Signature>& signatures) {
  std::array<Sets, kLevels> sets = {Sets(signatures.size()), Sets(signatures.size()), Sets(signatures.size())};
  std::vector<BandKey> keys(signatures.size());
  for (std::size_t band = 0; band < kBands; ++band) {
    for (std::size_t i = 0; i < signatures.size(); ++i) {
      std::uint64_t key = band;
      for (std::size_t r = 0; r < kRowsOfBand; ++r) key = Mix(key ^ signatures[i][band * kRowsOfBand + r]);
      keys[i] = {key, i};
    }
    boost::sort::spreadsort::integer_sort(keys.begin(), keys.end(), [](const BandKey& one, unsigned offset) { return one.first >> offset; });
    for (std::size_t from = 0, to = 0; from < keys.size(); from = to) {
      std::size_t leader = keys[from].second;   // the first of them, in whatever order the sort left equal keys
      for (to = from + 1; to < keys.size() && keys[to].first == keys[from].first; ++to) leader = std::min(leader, keys[to].second);
      for (std::size_t i = from; to - from > 1 && i < to; ++i) {
        const std::size_t same = Agreement(signatures[leader], signatures[keys[i].second]);
        for (std::size_t level = 1; level < kLevels; ++level) {
          if (same >= kAlike[level - 1]) sets[level].Join(leader, keys[i].second);
        }
      }
    }
  }
  std::array<std::vector<std::size_t>, kLevels> of;
  for (std::size_t level = 0; level < kLevels; ++level) {
    for (std::size_t i = 0; i < signatures.size(); ++i) of[level].push_back(sets[level].Of(i));
  }
  return of;
}

struct Note {
  std::size_t row;
  std::size_t text;
  std::array<std::size_t, kLevels> family;
};

struct Notes {
  std::vector<Note> notes;          // in the order of the rows
  std::vector<double> lengths;      // by text
};

Notes Read(const Ordered& reports) {
  Notes read;
  std::unordered_map<std::u32string, std::size_t> texts;
  std::vector<Signature> signatures;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    if (reports[i].note.empty()) continue;
    const Words words = WordsOf(reports[i].note);
    if (words.length <= kStockPhrase) continue;
    const auto [found, isnew] = texts.try_emplace(std::u32string(words.letters.begin(), words.letters.end()), signatures.size());
    if (isnew) {
      signatures.push_back(SignatureOf(words.letters));
      read.lengths.push_back(words.length);
    }
    read.notes.push_back({i, found->second, {}});
  }
  const std::array<std::vector<std::size_t>, kLevels> families = Families(signatures);
  for (Note& note : read.notes) {
    for (std::size_t level = 0; level < kLevels; ++level) note.family[level] = families[level][note.text];
  }
  return read;
}

// Of one rep's notes [from, to): how odd it is that so many other customers got the words, where other reps write them so seldom.
void JudgeRep(const Ordered& reports, const Notes& read, std::size_t from, std::size_t to, std::size_t level, const std::vector<double>& everybodys, Sign& sign) {
  std::unordered_map<std::size_t, std::vector<std::size_t>> groups;
  for (std::size_t i = from; i < to; ++i) groups[read.notes[i].family[level]].push_back(i);
  const auto own = static_cast<double>(to - from), others = static_cast<double>(read.notes.size()) - own;
  std::vector<std::string_view> customers;
  for (const auto& [words, members] : groups) {
    if (members.size() < 2) continue;
    customers.clear();
    std::int64_t nameless = 0;
    for (const std::size_t i : members) {
      const std::string_view customer = reports[read.notes[i].row].customer;
      customer.empty() ? static_cast<void>(++nameless) : customers.push_back(customer);
    }
    std::sort(customers.begin(), customers.end());
    const std::int64_t copies = nameless + (std::unique(customers.begin(), customers.end()) - customers.begin()) - 1;
    if (copies < 1) continue;
    const double elsewhere = others > 0 ? own * (everybodys[words] - static_cast<double>(members.size())) / others : 0;
    const double surprise = stats::Log1p(static_cast<double>(copies) / (1 + 3 * elsewhere));
    for (const std::size_t i : members) {
      const Note& note = read.notes[i];
      const double weight = std::clamp((read.lengths[note.text] - kStockPhrase) / (kFullLength - kStockPhrase), 0.1, 1.0);
      if (weight * surprise <= sign.statistic[note.row]) continue;
      sign.statistic[note.row] = weight * surprise;
      sign.findings[note.row].count = copies;
    }
  }
}

}  // namespace

Sign CopiedSign(const Ordered& reports) {
  Sign sign(reports.size(), TrustSign::kCopied);
  const Notes read = Read(reports);
  std::array<std::vector<double>, kLevels> everybodys;
  for (std::size_t level = 0; level < kLevels; ++level) {
    everybodys[level].assign(read.lengths.size(), 0);
    for (const Note& note : read.notes) ++everybodys[level][note.family[level]];
  }
  std::size_t from = 0;
  for (const stats::OwnedRows& rep : reports.reps) {
    std::size_t to = from;
    while (to < read.notes.size() && read.notes[to].row < rep.first + rep.rows) ++to;
    for (std::size_t level = 0; level < kLevels; ++level) JudgeRep(reports, read, from, to, level, everybodys[level], sign);
    from = to;
  }
  return sign;
}

}  // namespace rapport::report_signs
