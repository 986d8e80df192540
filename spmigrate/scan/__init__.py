"""Looking at sources: what is there, and what SharePoint would refuse."""
