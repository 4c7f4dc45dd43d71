"""What the verbs and the API share: operators and their logins, look-ups, what the audit shows."""
