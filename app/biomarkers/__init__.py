"""The kinds of facts that a report states, one module each."""
