'use strict';
// The ordering function, without AWS: node --test Examples/shop/tests

const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const test = require('node:test');

process.env.SHOP_STORE = fs.mkdtempSync(path.join(os.tmpdir(), 'shop-'));
test.after(() => fs.rmSync(process.env.SHOP_STORE, { recursive: true }));
const { handler } = require('../ordering/index');
const { orders } = require('../ordering/store');

function message(id, order) {
  return { messageId: id, body: JSON.stringify({ 'detail-type': 'Checkout', detail: order }) };
}

test('messages become orders, once each, and what is no order stays in the queue', async () => {
  const order = { id: 'o-1', customer: 'ada', lines: [{ id: 'b-1', quantity: 2, cents: 3050 }] };
  const records = [message('a', order), message('b', order), message('c', { id: 'o-2', lines: [] })];
  assert.deepStrictEqual(await handler({ Records: records }), { batchItemFailures: [{ itemIdentifier: 'c' }] });
  assert.deepStrictEqual(orders().map(({ id, total, status }) => [id, total, status]), [['o-1', '61.00', 'unpaid']]);
});

test('the nightly schedule looks at all orders and expires the old ones', async () => {
  const later = new Date(Date.now() + 72 * 3600 * 1000).toISOString();
  assert.deepStrictEqual(await handler({ source: 'shop.scheduler', time: later }), { looked: 1, expired: ['o-1'] });
  assert.deepStrictEqual(await handler({ source: 'shop.scheduler' }), { looked: 1, expired: [] });
});
