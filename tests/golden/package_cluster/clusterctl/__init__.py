"""Put up clusters."""
