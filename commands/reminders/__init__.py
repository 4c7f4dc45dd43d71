"""What subscribers are told without having asked, and when."""
