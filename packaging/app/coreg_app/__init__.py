"""coreg as something one opens: what bundles of the program begin with."""
