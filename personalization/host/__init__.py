"""The site that you get out of the box: settings, addresses, servers, and the demo shop."""
