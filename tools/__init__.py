"""Programs for those who work on the project. The running server uses none of them."""
