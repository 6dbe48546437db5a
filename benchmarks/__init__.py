"""Speed and calibration, measured: each file prints its figures; `python -m benchmarks` runs them all."""
