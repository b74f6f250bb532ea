"""The pages themselves: what each may hold is decided here and nowhere else."""
