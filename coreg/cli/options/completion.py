"""What `coreg completion` takes."""

from coreg.cli.options.parsing import Commands, add_command

SHELLS = ("bash", "zsh", "fish")


def add_commands(commands: Commands) -> None:
    """Add `completion`."""
    command = add_command(
        commands,
        "completion",
        "coreg.cli.completion:run",
        does="let your shell complete what you type when you press TAB",
        about="Let your shell complete commands, options, practices and sessions when "
        "you press TAB: prints what bash, zsh or fish reads when it starts.",
        example="coreg completion bash >> ~/.bashrc",
    )
    command.add_argument(
        "shell", choices=SHELLS, metavar="SHELL", help="bash, zsh or fish"
    )
