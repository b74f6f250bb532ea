"""Straps, recordings and simulated people: where heartbeats come from."""
