"""The verbs: each stage turns earlier nouns into the next one and knows no other stage."""
