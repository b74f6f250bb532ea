"""After the session: what there is to say, drawn and told."""
