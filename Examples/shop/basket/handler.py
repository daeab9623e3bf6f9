"""The basket: adds up what a customer wants to buy, and hands it over to ordering."""

import json
import uuid

from common import aws, http, money

MOST_ITEMS = 50
FREE_SHIPPING_FROM = 5000
SHIPPING = 490
BUS = "shop"


def lambda_handler(event, context):
    operation = OPERATIONS.get(http.route(event))
    if operation is None:
        return http.answer(404, {"error": "no such operation"})
    try:
        return operation(http.body(event))
    except http.BadRequest as error:
        return http.answer(400, {"error": str(error)})


def price(basket):
    lines = lines_of(basket)
    goods = sum(entry["cents"] for entry in lines)
    shipping = 0 if goods >= FREE_SHIPPING_FROM else SHIPPING
    return http.answer(
        200,
        {
            "lines": [{"id": entry["id"], "total": money.text(entry["cents"])} for entry in lines],
            "shipping": money.text(shipping),
            "total": money.text(goods + shipping),
        },
    )


def checkout(basket):
    """What is bought becomes an event; who orders, pays and delivers is none of the basket's business."""
    customer = basket.get("customer")
    if not isinstance(customer, str) or not customer:
        raise http.BadRequest("customer is missing")
    lines = [
        {"id": entry["id"], "quantity": entry["quantity"], "cents": entry["cents"] // entry["quantity"]}
        for entry in lines_of(basket)
    ]
    order = {"id": str(uuid.uuid4()), "customer": customer, "lines": lines}
    aws.put_events(
        [{"EventBusName": BUS, "Source": "shop.basket", "DetailType": "Checkout", "Detail": json.dumps(order)}]
    )
    return http.answer(202, {"order": order["id"]})


OPERATIONS = {("POST", "/basket/price"): price, ("POST", "/basket/checkout"): checkout}


def lines_of(basket):
    items = basket.get("items")
    if not isinstance(items, list) or not items:
        raise http.BadRequest("items is missing or empty")
    lines = [line(item) for item in items]
    if sum(entry["quantity"] for entry in lines) > MOST_ITEMS:
        raise http.BadRequest(f"more than {MOST_ITEMS} items")
    return lines


def line(item):
    quantity = item.get("quantity", 1)
    if not isinstance(quantity, int) or quantity < 1:
        raise http.BadRequest(f"quantity of {item.get('id')} is not a positive number")
    cents = money.gross(item["net"], item.get("kind", "other"))
    return {"id": item["id"], "quantity": quantity, "cents": cents * quantity}
