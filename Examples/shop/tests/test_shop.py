"""The shop's Python functions, without AWS: python3 -m unittest discover Examples/shop/tests"""

import importlib.util
import json
import os
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

SHOP = pathlib.Path(__file__).parent.parent
sys.path.insert(0, str(SHOP / "libs"))

from common import aws  # noqa: E402


def load(name):
    spec = importlib.util.spec_from_file_location(name, SHOP / name / "handler.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def request(method, path, body=None):
    return {
        "rawPath": path,
        "requestContext": {"http": {"method": method}},
        "body": json.dumps(body) if body is not None else None,
    }


class Basket(unittest.TestCase):
    basket = load("basket")
    items = [{"id": "b-1", "kind": "book", "net": 2850, "quantity": 2}]

    def test_price(self):
        answer = self.basket.lambda_handler(request("POST", "/basket/price", {"items": self.items}), None)
        self.assertEqual(json.loads(answer["body"])["total"], "61.00")

    def test_checkout_is_an_event(self):
        with mock.patch.object(aws, "put_events") as put:
            answer = self.basket.lambda_handler(
                request("POST", "/basket/checkout", {"customer": "ada", "items": self.items}), None
            )
        self.assertEqual(answer["statusCode"], 202)
        (entry,) = put.call_args.args[0]
        order = json.loads(entry["Detail"])
        self.assertEqual((entry["EventBusName"], entry["DetailType"]), ("shop", "Checkout"))
        self.assertEqual(order["lines"], [{"id": "b-1", "quantity": 2, "cents": 3050}])
        self.assertEqual(order["id"], json.loads(answer["body"])["order"])

    def test_nobody_and_nothing_are_refused(self):
        for body in ({"items": self.items}, {"customer": "ada", "items": []}):
            answer = self.basket.lambda_handler(request("POST", "/basket/checkout", body), None)
            self.assertEqual(answer["statusCode"], 400)


class Product(unittest.TestCase):
    product = load("product")

    def test_a_price_list_is_taken_in(self):
        event = {"Records": [{"s3": {"bucket": {"name": "in"}, "object": {"key": "new+list.csv"}}}]}
        with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ, {"SHOP_STORE": folder}):
            with mock.patch.object(aws, "get_object", return_value=b"id,title,kind,net\nn-1,Lamp,other,1000\n") as get:
                self.assertEqual(self.product.handler(event, None), [{"key": "new list.csv", "products": 1}])
            get.assert_called_once_with("in", "new list.csv")
            answer = self.product.handler(request("GET", "/products/n-1"), None)
            self.assertEqual(json.loads(answer["body"]), {"id": "n-1", "title": "Lamp", "price": "11.90"})
            found = self.product.handler(request("GET", "/products"), None)
            self.assertEqual(len(json.loads(found["body"])["products"]), 5)


if __name__ == "__main__":
    unittest.main()
