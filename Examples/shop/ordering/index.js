'use strict';
// Orders: takes them over HTTP, and expires the unpaid ones when the schedule says so.

const crypto = require('node:crypto');
const { checkOrder, totalOf } = require('./order');

const UNPAID_HOURS = 48;

exports.handler = async (event) => {
  if (event.source === 'shop.scheduler') {
    return expireUnpaid(event.orders ?? [], new Date(event.time));
  }
  const { method } = event.requestContext.http;
  if (method !== 'POST' || event.rawPath !== '/orders') {
    return answer(404, { error: 'no such operation' });
  }
  const order = JSON.parse(event.body);
  const problems = checkOrder(order);
  if (problems.length > 0) {
    return answer(400, { problems });
  }
  const text = JSON.stringify(order.lines);
  const id = crypto.createHash('sha256').update(order.customer).update(text).digest('hex').slice(0, 12);
  return answer(201, { id, total: totalOf(order.lines), status: 'unpaid' });
};

function expireUnpaid(orders, now) {
  const limit = now.getTime() - UNPAID_HOURS * 3600 * 1000;
  const expired = orders.filter((order) => order.status === 'unpaid' && Date.parse(order.placed) < limit);
  return { looked: orders.length, expired: expired.map((order) => order.id) };
}

function answer(statusCode, value) {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}
