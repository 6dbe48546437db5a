"""What customers will bring, what they could bring, and who is next to rise or fall."""
