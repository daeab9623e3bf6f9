"""One benchmark a module: `run(lamctl)` prints its figures."""
