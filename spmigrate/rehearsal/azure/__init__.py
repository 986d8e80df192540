"""Azure Storage as SharePoint lends it to migrations: blob containers and queues, by shared access signature alone."""
