'use strict';
// Orders: takes them from the queue and over HTTP, and expires the unpaid ones when the schedule says so.

const crypto = require('node:crypto');
const { checkOrder, totalOf } = require('./order');
const store = require('./store');

const UNPAID_HOURS = 48;

exports.handler = async (event) => {
  if (event.source === 'shop.scheduler') {
    return expireUnpaid(event.orders ?? store.orders(), event.time ? new Date(event.time) : new Date());
  }
  if (event.Records) {
    return { batchItemFailures: event.Records.filter((record) => !take(record)).map(failure) };
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

// One message of the queue: an event of the bus, whose detail is an order. It may come twice: its id is its place.
function take(record) {
  const order = JSON.parse(record.body).detail;
  const problems = checkOrder(order);
  if (problems.length > 0) {
    console.error(`order ${order.id}: ${problems.join(', ')}`);
    return false;
  }
  store.save({ ...order, total: totalOf(order.lines), status: 'unpaid', placed: new Date().toISOString() });
  return true;
}

function failure(record) {
  return { itemIdentifier: record.messageId };
}

function expireUnpaid(orders, now) {
  const limit = now.getTime() - UNPAID_HOURS * 3600 * 1000;
  const expired = orders.filter((order) => order.status === 'unpaid' && Date.parse(order.placed) < limit);
  return { looked: orders.length, expired: expired.map((order) => order.id) };
}

function answer(statusCode, value) {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}
