"""The processes that run scripts and compute for them: pipes, frames, deadlines, and what the system lets them do."""
