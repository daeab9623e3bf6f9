"""Money in whole cents: floating point does not add up."""

VAT_PERCENT = {"book": 7, "food": 7, "other": 19}


def gross(net_cents, kind):
    """Price with value-added tax, rounded half up."""
    percent = VAT_PERCENT.get(kind, VAT_PERCENT["other"])
    return (net_cents * (100 + percent) + 50) // 100


def text(cents):
    """12345 as 123.45."""
    return f"{cents // 100}.{cents % 100:02d}"
