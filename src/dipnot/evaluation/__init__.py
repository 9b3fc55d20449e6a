"""Question sets and how well they are answered; never on the way of a question."""
