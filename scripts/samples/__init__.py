"""The three sample reports that people can try without a report of their own."""
