"""What a user can do: by theme, each command beside its function. They know screens only as contexts."""
