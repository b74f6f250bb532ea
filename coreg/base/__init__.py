"""What everybody may build on: texts in bounds, whole files, locks, supervision."""
