"""How the files of an archive become pages, topics and people of the hub."""
