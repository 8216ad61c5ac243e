#include "engine/simulate_words.hpp"

namespace rapport::simulation {
namespace {

using Two = std::array<std::string_view, 2>;

// By Saying, then by language.
constexpr std::array<std::array<Two, 4>, 16> kSayings = {{
    {{{"Spoke about the machine, all runs.", "Short talk, wants to hear from us in spring."}, {"機械の様子を伺った。順調とのこと。", "短い会話。春にまた連絡してほしいとのこと。"},
      {"기계 상태를 여쭈었고 문제없다고 하심.", "짧은 통화. 봄에 다시 연락 달라고 하심."}, {"聊了机器的情况，一切正常。", "简短通话，希望春天再联系。"}}},
    {{{"It is louder than before.", "The handle comes loose."}, {"前より音が大きい。", "取っ手がゆるむ。"}, {"전보다 소리가 커졌다.", "손잡이가 헐거워진다."}, {"声音比以前大。", "把手松了。"}}},
    {{{"Fitted a new seal.", "Showed how to set it."}, {"パッキンを交換した。", "設定の仕方をお見せした。"}, {"패킹을 교체했다.", "설정 방법을 보여 드렸다."}, {"换了密封圈。", "演示了设置方法。"}}},
    {{{"Not now, we compare.", "Too dear for this year."}, {"今は他社と比べている。", "今年の予算では高い。"}, {"지금은 비교 중이다.", "올해 예산으로는 비싸다."}, {"现在还在比较。", "今年预算不够。"}}},
    {{{"Less waste in the morning.", "A second one for the new branch."}, {"朝の無駄を減らしたい。", "新しい店にもう一台。"}, {"아침 낭비를 줄이고 싶다.", "새 지점에 하나 더."}, {"想减少早上的浪费。", "新店还要一台。"}}},
    {{{"Training for the staff.", "Samples of the new filter."}, {"スタッフ向けの講習。", "新しいフィルターの見本。"}, {"직원 교육.", "새 필터 견본."}, {"给员工培训。", "新滤芯的样品。"}}},
    {{{"Asked for it by phone.", "No longer needed."}, {"電話で依頼があった。", "もう必要がない。"}, {"전화로 요청하심.", "더 이상 필요 없음."}, {"电话里提出的。", "不再需要。"}}},
    {{{"Form signed at the fair.", "Ticked on the web page."}, {"展示会で署名。", "ウェブで同意。"}, {"전시회에서 서명.", "웹에서 동의."}, {"展会上签字。", "网页上勾选。"}}},
    {{{"Quick and friendly.", "We waited too long."}, {"早くて親切だった。", "待たされた。"}, {"빠르고 친절했다.", "너무 오래 기다렸다."}, {"又快又亲切。", "等得太久。"}}},
    {{{"The parcel was damaged.", "It does not start."}, {"荷物が傷んでいた。", "動かない。"}, {"택배가 파손되었다.", "작동하지 않는다."}, {"包裹破损。", "无法启动。"}}},
    {{{"Sent another.", "Repaired on the spot."}, {"代わりを送った。", "その場で直した。"}, {"새것을 보냈다.", "현장에서 수리했다."}, {"重新寄了一个。", "现场修好了。"}}},
    {{{"An answer on the same day.", "Someone who knows our shop."}, {"その日のうちに返事がほしい。", "店を知っている人に来てほしい。"}, {"당일 답변을 원함.", "우리 가게를 아는 사람을 원함."}, {"希望当天答复。", "希望来的人了解我们店。"}}},
    {{{"Ask before showing.", "Bring the figures next time."}, {"見せる前に尋ねる。", "次は数字を持って行く。"}, {"보여주기 전에 물어볼 것.", "다음에는 수치를 가져갈 것."}, {"先问再演示。", "下次带上数据。"}}},
    {{{"Kitchen of the new branch", "Exchange of the old one"}, {"新店の厨房", "古い機械の入れ替え"}, {"새 지점 주방", "구형 교체"}, {"新店厨房", "旧机更换"}}},
    {{{"sails at weekends", "plays the cello"}, {"週末は釣り", "チェロを弾く"}, {"주말마다 등산", "첼로 연주"}, {"周末钓鱼", "拉大提琴"}}},
    {{{"Too large for the counter.", "Wrong colour."}, {"カウンターに大きすぎる。", "色が違う。"}, {"카운터에 비해 너무 크다.", "색이 다르다."}, {"柜台放不下。", "颜色不对。"}}},
}};

constexpr std::array<std::array<std::string_view, 6>, 4> kFamily = {{{"Alder", "Brook", "Carver", "Dunmore", "Ellery", "Fenwick"},
                                                                     {"小田", "森川", "原田", "上野", "馬場", "大西"},
                                                                     {"오", "한", "서", "윤", "남", "백"},
                                                                     {"王", "林", "周", "宋", "唐", "何"}}};
constexpr std::array<std::array<std::string_view, 6>, 4> kGiven = {{{"Ada", "Ben", "Clara", "Dov", "Edith", "Finn"},
                                                                    {"花子", "健", "美咲", "大輔", "陽子", "誠"},
                                                                    {"서연", "민준", "지우", "도윤", "하은", "시우"},
                                                                    {"小明", "雨桐", "子轩", "欣怡", "建国", "思远"}}};
constexpr std::array<std::string_view, 4> kFirmEnds = {" Works", "商店", " 상회", "商行"};
constexpr std::array<std::string_view, 4> kStreets = {" Example Lane, Nowhere", "番地 例町", "번지 가상로", "号 示例路"};

}  // namespace

std::string Say(Saying saying, std::size_t language, Draws& draws) {
  return std::string(kSayings[static_cast<std::size_t>(saying)][language][static_cast<std::size_t>(draws.Below(2))]);
}

PersonName NamePerson(std::size_t language, Draws& draws) {
  const std::string family(kFamily[language][static_cast<std::size_t>(draws.Below(6))]);
  const std::string given(kGiven[language][static_cast<std::size_t>(draws.Below(6))]);
  const std::string between = language == 1 ? " " : "";
  return {language == 0 ? given + " " + family : family + between + given, family};
}

std::string NameFirm(std::size_t language, Draws& draws) {
  return std::string(kFamily[language][static_cast<std::size_t>(draws.Below(6))]) + std::string(kFirmEnds[language]);
}

std::string NameStreet(std::size_t language, Draws& draws) { return std::to_string(1 + draws.Below(99)) + std::string(kStreets[language]); }

}  // namespace rapport::simulation
