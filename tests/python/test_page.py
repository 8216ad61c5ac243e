"""The page of a day in headless Chromium, and the calendar of a plan read by the icalendar package."""

import datetime
import html
import shutil
import unicodedata

import icalendar
import pytest

import rapport

from conftest import OFFICE

DAY = "2026-03-02"
MORNING = "2026-03-02T00:00:00+09:00"
LANGUAGES = ["en", "ja", "ko", "zh"]
EVIL = "</script><script>window.bad=1</script>\"'><img src=x onerror=window.bad=1> & Söhne"


def event(number, kind, subject, time, data):
    return {"specversion": "1.0", "id": f"t-{number}", "source": "test", "type": kind, "subject": subject, "time": time, "data": data}


def office_of(reps, customers, minutes=300, name="{}"):
    """Events of reps with so many customers each, all worried since Friday: a call each that must be made."""
    events = [event("b", "book.configured", "", "2026-01-05T09:00:00+09:00", {"zone": "Asia/Tokyo"})]
    for rep in range(reps):
        events.append(event(f"r{rep}", "rep.upserted", "", "2026-01-05T09:00:00+09:00",
                            {"rep": f"r-{rep}", "name": name.format(f"Rep {rep}"), "minutes": minutes, "team": "north" if rep % 2 else "south"}))
        for i in range(customers):
            who = f"c-{rep}-{i}"
            events.append(event(f"c{who}", "customer.upserted", who, "2026-01-06T09:00:00+09:00",
                                {"kind": "organisation", "name": name.format(f"Customer {rep} {i}"), "owner": f"r-{rep}", "zone": "Asia/Tokyo"}))
            events.append(event(f"w{who}", "worry.raised", who, "2026-02-27T15:00:00+09:00", {"worry": f"w-{who}", "text": name.format("it smells after the change of the filter")}))
    return [{key: value for key, value in one.items() if not (key == "subject" and value == "")} for one in events]


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: the page is not looked at")
    binary = shutil.which("chromium")
    if binary is None:
        pytest.skip("chromium is not installed: the page is not looked at")
    with playwright.sync_playwright() as running:
        chromium = running.chromium.launch(executable_path=binary, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def pages():
    """The Monday of the office's team in each language, with its brief, charts and cards."""
    with rapport.Engine.open() as engine:
        engine.append(OFFICE)
        engine.fit("all", as_of=MORNING)
        return {lang: engine.plan_page(DAY, team="Fukuoka", lang=lang) for lang in LANGUAGES}


class Opened:
    """A page in a window of its own, with what it said and asked for."""

    def __init__(self, browser, tmp_path, html, width=1280, scheme="light", scripts=True):
        self.path = tmp_path / "page.html"
        self.path.write_text(html, encoding="utf-8")
        self.context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=scripts)
        self.tab = self.context.new_page()
        self.said, self.asked = [], []
        self.tab.on("console", lambda message: self.said.append(message.text))
        self.tab.on("pageerror", lambda error: self.said.append(str(error)))
        self.tab.on("request", lambda request: self.asked.append(request.url))
        self.tab.goto(self.path.as_uri())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.close()

    def pdf(self, path):
        pypdf = pytest.importorskip("pypdf")
        self.tab.pdf(path=path, prefer_css_page_size=True)
        return [unicodedata.normalize("NFKC", page.extract_text()) for page in pypdf.PdfReader(path).pages]


def violations(tab):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    return [(found["id"], found["nodes"][0]["html"]) for found in axe.Axe().run(tab).response["violations"]]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_holds_what_brief_and_cards_say(office, pages, lang):
    office.fit("all", as_of=MORNING)
    page = html.unescape(pages[lang])
    brief = office.brief("Fukuoka", DAY, lang=lang)
    assert len(brief["sections"]) > 3
    cards = [office.card(row["followup_id"], as_of=MORNING, lang=lang) for row in office.plan(DAY, team="Fukuoka", lang=lang).to_pylist()
             if row["status"] == "planned" and row["followup_id"]]
    assert len(cards) > 10 and page.count("<article ") == len(cards)
    for sheet in [brief, *cards]:
        assert sheet["title"] in page
        for section in sheet["sections"]:
            assert section["title"] in page
            assert all(line["text"] in page for line in section["lines"])
    whole = office.plan_page(DAY, lang=lang)
    assert 'id="brief"' in page and 'id="brief"' not in whole                     # of the whole office there is no one brief


def test_the_weeks_of_the_team_are_counted(pages):
    weeks = pages["en"].split('data-chart="weeks"')[1].split("</figure>")[0]
    assert weeks.count('<th scope="row">') == 8
    for monday, planned, done in (("9 Feb", 0, 0), ("16 Feb", 8, 7), ("23 Feb", 8, 4)):   # as the brief says
        assert f'<th scope="row">{monday}</th><td>{planned}</td><td>{done}</td>' in weeks


def test_a_page_is_made_where_a_plan_is():
    events = [event("b", "book.configured", "", "2026-01-05T09:00:00+09:00", {"zone": "Asia/Tokyo"}),
              event(1, "customer.upserted", "c-1", "2026-01-06T09:00:00+09:00", {"kind": "person", "name": "Cafe Nagi", "owner": "r-1", "zone": "Asia/Tokyo"}),
              event(2, "worry.raised", "c-1", "2026-02-27T15:00:00+09:00", {"worry": "w-1", "text": "it smells"})]
    del events[0]["subject"]
    with rapport.Engine.open() as engine:
        engine.append(events)
        assert engine.plan(DAY, reps=["r-1"]).num_rows == 1
        page = engine.plan_page(DAY, reps=["r-1"])
    assert "Cafe Nagi" in page and 'id="brief"' not in page                       # nothing was told of the rep but that a customer is his


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [360, 1280])
def test_it_is_quiet_alone_and_as_wide_as_the_window(browser, pages, tmp_path, lang, width):
    with Opened(browser, tmp_path, pages[lang], width) as opened:
        assert opened.said == []
        assert opened.asked == [opened.path.as_uri()]
        assert opened.tab.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
        assert opened.tab.evaluate("document.documentElement.lang") == {"zh": "zh-Hans"}.get(lang, lang)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_axe_finds_nothing(browser, pages, tmp_path, lang, scheme):
    for width in (360, 1280):
        with Opened(browser, tmp_path, pages[lang], width, scheme) as opened:
            assert opened.tab.locator("#brief, .card, canvas[data-chart=weeks]").count() > 10
            assert violations(opened.tab) == []
            opened.tab.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            assert violations(opened.tab) == []


def test_axe_would_find_something(browser, pages, tmp_path):
    with Opened(browser, tmp_path, pages["en"].replace("<main", "<img><main"), 1280) as opened:
        assert "image-alt" in [name for name, _ in violations(opened.tab)]


def test_charts_are_drawn_and_stand_beside_their_tables(browser, pages, tmp_path):
    with Opened(browser, tmp_path, pages["en"]) as opened:
        painted = opened.tab.evaluate("""[...document.querySelectorAll("canvas")].map((canvas) =>
            canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some((byte) => byte !== 0))""")
        assert painted == [True, True, True]                                      # minutes by rep, visits by week, hold-backs by reason
        assert opened.tab.locator(".chart table").count() == 3
        assert not opened.tab.locator(".chart table").first.is_visible()
        opened.tab.locator(".chart summary").first.press("Enter")                 # by keyboard
        assert opened.tab.locator(".chart table").first.is_visible()


def test_without_scripts_the_tables_stand_open(browser, pages, tmp_path):
    with Opened(browser, tmp_path, pages["en"], scripts=False) as opened:
        assert opened.said == []
        assert all(table.is_visible() for table in opened.tab.locator(".chart table").all())
        assert not any(canvas.is_visible() for canvas in opened.tab.locator("canvas").all())


def test_the_first_key_leads_past_the_head(browser, pages, tmp_path):
    with Opened(browser, tmp_path, pages["en"]) as opened:
        opened.tab.keyboard.press("Tab")
        assert opened.tab.evaluate("document.activeElement.className") == "skip"
        opened.tab.keyboard.press("Enter")
        assert opened.tab.evaluate("document.activeElement.id") == "main"


def rep_pages(texts, names):
    """The printed pages on which all of the names stand."""
    return [number for number, text in enumerate(texts) if all(unicodedata.normalize("NFKC", name) in text for name in names)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_plan_prints_on_one_a4_page(browser, pages, tmp_path, lang):
    with Opened(browser, tmp_path, pages[lang]) as opened:
        reps = opened.tab.locator(".rep").count()
        opened.tab.evaluate("document.querySelectorAll('.cards, .brief').forEach((one) => one.remove())")
        texts = opened.pdf(tmp_path / "page.pdf")
        assert len(texts) == 1 + reps                                             # the head with its charts, and a page a rep
        for number in range(reps):
            clocks = opened.tab.locator(f"#rep-{number + 1} time").all_inner_texts()
            assert rep_pages(texts, clocks + [opened.tab.locator(f"#rep-{number + 1}-name").inner_text()]) == [number + 1]
        import pypdf

        box = pypdf.PdfReader(tmp_path / "page.pdf").pages[0].mediabox
        assert (round(box.width), round(box.height)) == (595, 842)


@pytest.mark.parametrize("customers, minutes", [(1, 300), (12, 300), (16, 300), (24, 480), (32, 640)])
def test_a_full_plan_prints_on_one_page_too(browser, tmp_path, customers, minutes):
    with rapport.Engine.open() as engine:
        engine.append(office_of(1, customers, minutes))
        page = engine.plan_page(DAY, lang="en")
        planned = [row for row in engine.plan(DAY).to_pylist() if row["status"] == "planned"]
    assert len(planned) >= min(customers, 24)
    with Opened(browser, tmp_path, page) as opened:
        opened.tab.evaluate("document.querySelectorAll('.cards, .brief').forEach((one) => one.remove())")
        texts = opened.pdf(tmp_path / "page.pdf")
        assert len(texts) == 2
        assert rep_pages(texts, [row["customer_name"] for row in planned]) == [1]


def test_names_run_no_script(browser, tmp_path):
    with rapport.Engine.open() as engine:
        engine.append(office_of(2, 2, name=EVIL + "{}"))
        page = engine.plan_page(DAY, lang="en")
    with Opened(browser, tmp_path, page) as opened:
        assert opened.said == []
        assert opened.asked == [opened.path.as_uri()]
        assert opened.tab.evaluate("window.bad") is None
        assert opened.tab.locator("img").count() == 0
        assert EVIL in opened.tab.locator("h3").nth(2).inner_text() or EVIL in opened.tab.inner_text("main")


def test_twenty_reps_with_four_hundred_visits(browser, tmp_path):
    with rapport.Engine.open() as engine:
        engine.append(office_of(20, 20, minutes=480))
        page = engine.plan_page(DAY, lang="en")
        north = engine.plan_page(DAY, team="north", lang="en")
    assert len(page.encode()) < 2_000_000
    with Opened(browser, tmp_path, page, 360) as opened:
        assert opened.tab.locator(".rep").count() == 20
        assert opened.tab.locator(".line").count() == 400
        assert opened.said == []
        assert opened.tab.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    with Opened(browser, tmp_path, north) as opened:
        assert opened.tab.locator(".rep").count() == 10
        assert opened.tab.title().startswith("north")


def test_a_team_must_be_known(office):
    with pytest.raises(rapport.Error) as refused:
        office.plan_page(DAY, team="Service", reps=["r-sato"])
    assert refused.value.token == "team.unknown"
    with pytest.raises(rapport.Error) as unknown:
        office.plan_page(DAY, team="nowhere")
    assert unknown.value.token == "team.unknown"


# --- the calendar

def read(text):
    """The events of a calendar by UID."""
    calendar = icalendar.Calendar.from_ical(text)
    assert str(calendar["method"]) == "PUBLISH" and str(calendar["version"]) == "2.0"
    events = {str(one["uid"]): one for one in calendar.walk("VEVENT")}
    assert len(events) == len(calendar.walk("VEVENT"))
    return events


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_calendar_says_what_the_plan_says(office, lang):
    rows = [row for row in office.plan(DAY, lang=lang).to_pylist() if row["status"] == "planned"]
    text = office.plan_calendar(DAY, lang=lang)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    events = read(text)
    assert set(events) == {f"{row['followup_id']}@rapport" for row in rows}
    for row in rows:
        one = events[f"{row['followup_id']}@rapport"]
        assert one.start == row["start"]
        assert one.end == row["start"] + datetime.timedelta(minutes=row["minutes"])
        assert row["customer_name"] in str(one["summary"])
        assert str(one["description"]).startswith(f"{row['headline']}\n{row['objective']}")
        assert int(one["priority"]) == (1 if row["mandatory"] else 5)
        assert one["dtstamp"].dt == datetime.datetime(2026, 3, 1, 15, tzinfo=datetime.timezone.utc)


@pytest.mark.parametrize("name", ["a,b;c\\d:e\"f", "two\nlines", "😀👩‍👩‍👧 家族", "長い名前" * 250, "END:VEVENT"])
def test_odd_names_come_back(name):
    with rapport.Engine.open() as engine:
        engine.append([event(1, "customer.upserted", "c-1", "2026-01-06T09:00:00Z", {"kind": "person", "name": name, "owner": "r-1"}),
                       event(2, "worry.raised", "c-1", "2026-02-27T15:00:00Z", {"worry": "w-1", "text": "it smells"})])
        (one,) = read(engine.plan_calendar(DAY)).values()
    assert str(one["summary"]) == f"call: {name}"


def test_what_moves_keeps_its_uid_under_a_higher_sequence():
    with rapport.Engine.open() as engine:
        engine.append(office_of(1, 2))
        before = read(engine.plan_calendar(DAY))
        assert read(engine.plan_calendar(DAY)) == before
        engine.append([event("d", "worry.resolved", "c-0-0", "2026-03-01T10:00:00+09:00", {"worry": "w-c-0-0"})])
        after = read(engine.plan_calendar(DAY))
        tomorrow = read(engine.plan_calendar("2026-03-03"))
        # What became known later changes nothing of what was said of this morning.
        engine.append([event("l", "worry.raised", "c-0-0", "2026-03-04T10:00:00+09:00", {"worry": "w-9", "text": "late"})])
        assert read(engine.plan_calendar(DAY)) == after
    ((uid, moved),) = [(uid, one) for uid, one in after.items() if one.start != before[uid].start]
    assert moved.start < before[uid].start
    assert int(moved["sequence"]) > int(before[uid]["sequence"])
    assert int(tomorrow[uid]["sequence"]) > int(moved["sequence"])


def test_what_is_gone_since_is_cancelled():
    with rapport.Engine.open() as engine:
        engine.append(office_of(1, 2))
        morning = read(engine.plan_calendar(DAY))
        engine.append([event("d", "worry.resolved", "c-0-0", "2026-03-02T08:30:00+09:00", {"worry": "w-c-0-0"})])
        later = read(engine.plan_calendar(DAY, as_of="2026-03-02T08:45:00+09:00", since="2026-03-02T00:00:00+09:00"))
    assert set(later) == set(morning)
    (gone,) = [uid for uid, one in later.items() if str(one["status"]) == "CANCELLED"]
    assert all(int(later[uid]["sequence"]) > int(morning[uid]["sequence"]) for uid in later)
    assert later[gone].start == morning[gone].start
