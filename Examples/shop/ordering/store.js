'use strict';
// The orders, a file each: SHOP_STORE names the folder. A table would take its place in a larger shop.

const fs = require('node:fs');
const path = require('node:path');

const folder = path.join(process.env.SHOP_STORE ?? '/tmp/shop', 'orders');

// Whoever reads meanwhile sees the old one or the new one.
function save(order) {
  fs.mkdirSync(folder, { recursive: true });
  const part = path.join(folder, `.${order.id}.${process.pid}`);
  fs.writeFileSync(part, JSON.stringify(order));
  fs.renameSync(part, path.join(folder, `${order.id}.json`));
}

function orders() {
  if (!fs.existsSync(folder)) return [];
  const names = fs.readdirSync(folder).filter((name) => !name.startsWith('.'));
  return names.map((name) => JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8')));
}

module.exports = { save, orders };
