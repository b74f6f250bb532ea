"""When a heart beat: clocks, ticks, delays."""
