"""The pages of an account. Each opens its door, reads the form, gives one command and answers."""
