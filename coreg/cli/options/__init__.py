"""What each command takes, and its words: loads nothing that takes time to load.

So `coreg --help` and a TAB are answered at once. What a command does is named here and
fetched when it runs.
"""
