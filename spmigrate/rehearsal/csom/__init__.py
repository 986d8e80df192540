"""SharePoint's client object model over the wire: ``POST {web}/_vti_bin/client.svc/ProcessQuery``.

XML with object paths and actions in, one JSON array out, over the same resources that REST serves.
"""
