"""The basket: adds up what a customer wants to buy."""

from common import http, money

MOST_ITEMS = 50
FREE_SHIPPING_FROM = 5000
SHIPPING = 490


def lambda_handler(event, context):
    method, path = http.route(event)
    if (method, path) != ("POST", "/basket/price"):
        return http.answer(404, {"error": "no such operation"})
    try:
        return http.answer(200, price(http.body(event)))
    except http.BadRequest as error:
        return http.answer(400, {"error": str(error)})


def price(basket):
    items = basket.get("items")
    if not isinstance(items, list) or not items:
        raise http.BadRequest("items is missing or empty")
    lines = [line(item) for item in items]
    if sum(entry["quantity"] for entry in lines) > MOST_ITEMS:
        raise http.BadRequest(f"more than {MOST_ITEMS} items")
    goods = sum(entry["cents"] for entry in lines)
    shipping = 0 if goods >= FREE_SHIPPING_FROM else SHIPPING
    return {
        "lines": [{"id": entry["id"], "total": money.text(entry["cents"])} for entry in lines],
        "shipping": money.text(shipping),
        "total": money.text(goods + shipping),
    }


def line(item):
    quantity = item.get("quantity", 1)
    if not isinstance(quantity, int) or quantity < 1:
        raise http.BadRequest(f"quantity of {item.get('id')} is not a positive number")
    cents = money.gross(item["net"], item.get("kind", "other"))
    return {"id": item["id"], "quantity": quantity, "cents": cents * quantity}
