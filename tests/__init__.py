"""The tests mirror the code: tests/committees/<room>/, tests/organizing/<room>/; tests/house/ reads the code itself; tests/stories/ drives a browser."""
