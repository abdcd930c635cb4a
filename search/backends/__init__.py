"""Search engines that modelsearch does not ship. Nothing here knows the hub."""
