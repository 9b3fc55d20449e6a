"""A question: its limits, what it asks for, and what it owes to the turns before it."""
