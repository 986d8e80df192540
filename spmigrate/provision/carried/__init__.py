"""Templates of other tools, carried over into ours: PnP provisioning files and site scripts.

Everything that is read is accounted for: what has no word in our language is listed, element by element and attribute
by attribute, with the line where it stands. Nothing is dropped in silence, because whatever nobody asked for is left.
"""
