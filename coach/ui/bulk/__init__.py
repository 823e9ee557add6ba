"""GRADING MANY CALLS ON THE PAGE, for trainers: files in, a look at how they are read, a run in its own process, tables, downloads."""
