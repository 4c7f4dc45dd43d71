"""Customer classes: who is treated in another way than others, and how."""
