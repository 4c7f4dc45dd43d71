"""What `hallgate demo` opens: everything on this machine."""
