"""For trainers: everybody's calls, disputes that wait for an answer, corrections. Never a recovery card."""
