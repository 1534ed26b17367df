"""The nouns, in the order in which a report flows through them; a noun knows only earlier ones."""
