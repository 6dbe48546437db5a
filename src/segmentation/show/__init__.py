"""Tables and charts: draw a frame, know no study."""
