"""The pages and routes that people see."""
