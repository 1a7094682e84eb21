"""CardDAV: iCloud, Fastmail, Nextcloud, Radicale and every other server that speaks RFC 6352."""
