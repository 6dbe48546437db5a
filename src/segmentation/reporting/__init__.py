"""From executed notebooks to published pages: run, judge, render, stage, publish. Knows nothing of tiers."""
