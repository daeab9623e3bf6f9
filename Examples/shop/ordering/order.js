'use strict';
// What an order must look like, and what it costs.

function checkOrder(order) {
  const problems = [];
  if (typeof order.customer !== 'string' || order.customer === '') {
    problems.push('customer is missing');
  }
  if (!Array.isArray(order.lines) || order.lines.length === 0) {
    problems.push('lines is missing or empty');
    return problems;
  }
  order.lines.forEach((line, index) => {
    if (!Number.isInteger(line.quantity) || line.quantity < 1) {
      problems.push(`line ${index + 1}: quantity is not a positive number`);
    }
    if (!Number.isInteger(line.cents) || line.cents < 0) {
      problems.push(`line ${index + 1}: cents is not a price`);
    }
  });
  return problems;
}

function totalOf(lines) {
  const cents = lines.reduce((sum, line) => sum + line.quantity * line.cents, 0);
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}

module.exports = { checkOrder, totalOf };
