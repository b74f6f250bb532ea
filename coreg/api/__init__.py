"""Behind `import coreg`: what the library takes and gives; one module a subject."""
