"""Code that the Python functions of the shop share."""
