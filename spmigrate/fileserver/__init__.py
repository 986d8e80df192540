"""File servers over SMB: the only package that knows smbprotocol. It connects, lists and reads; it writes nothing."""
