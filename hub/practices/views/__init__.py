"""What members see when they bring a practice, suggest an edit of one, or say how one went."""
