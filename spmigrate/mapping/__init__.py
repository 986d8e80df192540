"""Sheets that owners decide in, and the sign-off that binds their decision to exact rows."""
