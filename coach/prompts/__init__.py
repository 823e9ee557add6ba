"""What models are told: one versioned text file a prompt."""
