"""Real data, read from beside the project where it is there, and skipped where it is not. Counts are made here independently, with the csv module."""

import csv
import json

import pytest

import rapport

pytest.importorskip("pyarrow")


def rows(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


OLIST = {
    "rapport_mapping": 1, "source": "olist", "format": "delimited", "header": True, "zone": "America/Sao_Paulo",
    "events": [
        {"type": "purchase.placed", "subject": {"column": "customer_id"}, "id": {"column": "order_id"},
         "time": {"column": "order_purchase_timestamp", "form": "%Y-%m-%d %H:%M:%S"},
         "data": {"order": {"column": "order_id"}}},
        {"type": "purchase.delivered", "subject": {"column": "customer_id"}, "id": {"column": "order_id", "prefix": "delivered/"},
         "time": {"column": "order_delivered_customer_date", "form": "%Y-%m-%d %H:%M:%S"},
         "when": {"all": [{"column": "order_status", "equals": "delivered"}, {"column": "order_delivered_customer_date", "not_empty": True}]},
         "data": {"order": {"column": "order_id"}}},
        {"type": "purchase.cancelled", "subject": {"column": "customer_id"}, "id": {"column": "order_id", "prefix": "cancelled/"},
         "time": {"column": "order_purchase_timestamp", "form": "%Y-%m-%d %H:%M:%S"}, "when": {"column": "order_status", "equals": "canceled"},
         "data": {"order": {"column": "order_id"}}},
    ],
}


def test_olist_orders_and_deliveries(shared, tmp_path):
    path = shared / "data/olist-sample/olist_orders.csv"
    orders = rows(path)
    delivered = [o for o in orders if o["order_status"] == "delivered" and o["order_delivered_customer_date"]]
    cancelled = [o for o in orders if o["order_status"] == "canceled"]
    with rapport.Engine.open(tmp_path / "olist.book") as engine:
        receipt = engine.import_file(path, OLIST)
        assert receipt.accepted == len(orders) + len(delivered) + len(cancelled)
        assert engine.import_file(path, OLIST).accepted == 0
        table = engine.signals("2018-12-01T00:00:00Z", columns=["purchase.count", "purchase.last_delivered_at"])
        assert sum(table.column("purchase.count").to_pylist()) == len(orders) - len(cancelled)
        assert sum(at is not None for at in table.column("purchase.last_delivered_at").to_pylist()) == len({o["customer_id"] for o in delivered})
        # As it was known on a day of 2018: what was not placed by then is not there.
        then = engine.signals("2018-01-01T02:00:00Z", columns=["purchase.count"])
        early = [o for o in orders if o["order_purchase_timestamp"] <= "2018-01-01 00:00:00"]
        assert then.num_rows == len({o["customer_id"] for o in early})


def test_crm_opportunities_by_stage(shared):
    pipeline = rows(shared / "data/crm-opportunities/sales_pipeline.csv")
    named = [o for o in pipeline if o["account"] and o["engage_date"]]
    day = {"form": "%d-%m-%y", "at": "12:00"}
    mapping = {
        "rapport_mapping": 1, "source": "pipeline", "format": "delimited", "header": True, "zone": "America/New_York",
        "events": [
            {"type": "opportunity.opened", "subject": {"column": "account"}, "id": {"column": "opportunity_id"},
             "time": dict(day, column="engage_date"), "when": {"all": [{"column": "account", "not_empty": True}, {"column": "engage_date", "not_empty": True}]},
             "data": {"opportunity": {"column": "opportunity_id"}, "rep": {"column": "sales_agent"}, "stage": {"value": "engaging"},
                      "products": [{"column": "product"}]}},
            {"type": "opportunity.won", "subject": {"column": "account"}, "id": {"column": "opportunity_id", "prefix": "won/"},
             "time": dict(day, column="close_date"), "when": {"all": [{"column": "deal_stage", "equals": "Won"}, {"column": "account", "not_empty": True}]},
             "data": {"opportunity": {"column": "opportunity_id"}, "currency": {"value": "USD"}, "value": {"column": "close_value"}}},
            {"type": "opportunity.lost", "subject": {"column": "account"}, "id": {"column": "opportunity_id", "prefix": "lost/"},
             "time": dict(day, column="close_date"), "when": {"all": [{"column": "deal_stage", "equals": "Lost"}, {"column": "account", "not_empty": True}]},
             "data": {"opportunity": {"column": "opportunity_id"}}},
        ],
    }
    with rapport.Engine.open() as engine:
        assert engine.import_file(shared / "data/crm-opportunities/sales_pipeline.csv", mapping).rejected == []
        opened, won = engine.events("opportunity.opened"), engine.events("opportunity.won")
    assert opened.num_rows == len(named)
    assert sum(float(value) for value in won.column("value").to_pylist()) == sum(float(o["close_value"]) for o in named if o["deal_stage"] == "Won")


def test_cdnow_gives_the_published_counts(root, tmp_path):
    mapping = json.loads((root / "examples/cdnow/mapping.json").read_text())
    with rapport.Engine.open(tmp_path / "cdnow.book") as engine:
        engine.import_file(root / "examples/cdnow/CDNOW_master.txt", mapping)
        table = engine.signals("1998-07-01T04:00:00Z", columns=["purchase.count"])
    assert table.num_rows == 23570
    assert sum(table.column("purchase.count").to_pylist()) == 69659
