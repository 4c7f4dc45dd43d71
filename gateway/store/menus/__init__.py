"""What the store keeps of menus: editions, how they are used, recorded walks."""
