"""Scripts as the words of their commands: as bash and cmd.exe read them, and as they are pasted."""
