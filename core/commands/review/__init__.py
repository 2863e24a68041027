"""Commands about what people noted while looking at images."""
