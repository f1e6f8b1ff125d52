"""The course at the command line: `python -m glassbox chat`, `doctor`, `who`."""

from __future__ import annotations

import argparse
import codecs
import contextlib
import os
import sys
from pathlib import Path
from typing import TextIO

GREETING = """Ellery is a small model that has read about Port Ellery, a made-up town.
It knows nothing else, and it can be wrong. You are talking to `{name}`.
Try: {question}   (`help` lists what else you can do here.)"""
HELP = """Write something and press Enter; the model answers from what it has read about Port Ellery.
  /reset          forget what was said
  /model NAME     go on with another model ({names}); without a name, say which one this is
  /help           this; `help` does too
  /quit           leave; `quit`, `exit` and Ctrl-D do too, and Ctrl-C stops a reply"""
BARE = {
    "help": "/help",
    "quit": "/quit",
    "exit": "/quit",
    "/exit": "/quit",
}  # what else people write
ROOM = 48  # tokens kept free for a reply, in which the longest of Ellery's manners fits
MODELS = Path(__file__).parent / "shipped" / "checkpoints"


class Chat:
    """A conversation with one shipped model. `say` streams the reply and keeps both in `messages`.

    `base` was never taught to converse: it is given your words as the beginning of a document.
    """

    def __init__(self, name: str, temperature: float, seed: int, folder: Path | None = None):
        import torch

        if not 0 <= temperature < float("inf"):
            raise ValueError(f"the temperature is {temperature}; it must be a number, 0 or more")
        self.temperature, self.folder = temperature, folder
        self.dice = torch.Generator().manual_seed(seed)
        self.messages: list[dict] = []
        self.use(name)

    def use(self, name: str) -> None:
        """Go on with another model; the conversation so far stays."""
        from glassbox.shipped import load

        if name == "reward":
            raise ValueError("`reward` gives marks and has no words; there is `chat`, for example")
        checkpoint = load(name, self.folder or MODELS)
        self.name, self.model, self.tokenizer = name, checkpoint.model, checkpoint.tokenizer
        self.world_args = checkpoint.world_args

    def greeting(self) -> str:
        """Three lines: what this is, whom one talks to, and a question to try about somebody real."""
        from glassbox.world import World

        somebody = World(**self.world_args).residents[0].name
        question = f"Where does {somebody} live?"
        if self.name == "base":  # it was never asked anything; it goes on with a page
            question = f"{somebody} lives on"
        return GREETING.format(name=self.name, question=question)

    def prompt(self) -> list[int]:
        """The ids that the model is given: as many of the last turns as leave room for a reply.

        Raises ValueError if the last message alone is too long.
        """
        from glassbox.assistant.chat import END, chat_prompt, latest

        limit = self.model.config.block_size - ROOM
        if self.name == "base":
            text = self.messages[-1]["content"]
            ids = [self.tokenizer.special_tokens[END], *self.tokenizer.encode(text, "none")]
        else:
            ids = chat_prompt(latest(self.messages, self.tokenizer, limit), self.tokenizer)
        if len(ids) > limit:
            raise ValueError(
                f"that is {len(ids)} tokens; {limit} is the most that {self.name} can read"
            )
        return ids

    def say(self, text: str, out: TextIO) -> None:
        """Answer `text`, writing the reply token by token. A message that fails is not kept."""
        self.messages.append({"role": "user", "content": text})
        try:
            said = self._write(out)
        except Exception:
            self.messages.pop()
            raise
        self.messages.append({"role": "assistant", "content": said})

    def _write(self, out: TextIO) -> str:
        """The reply to the last message, which is written as it comes."""
        import torch

        from glassbox.assistant.chat import ASSISTANT, END, END_OF_TURN, USER
        from glassbox.machine.generate import stream

        idx = torch.tensor([self.prompt()])
        special = self.tokenizer.special_tokens
        stops = {special[s] for s in (END, USER, ASSISTANT, END_OF_TURN)}
        decoder, said = codecs.getincrementaldecoder("utf-8")("replace"), ""
        try:
            for new in stream(self.model, idx, ROOM + 16, self.temperature, generator=self.dice):
                if new.item() in stops:
                    break
                piece = decoder.decode(self.tokenizer.decode_bytes([new.item()]))
                piece = piece if said else piece.lstrip()
                said += piece
                out.write(piece)
                out.flush()
        except KeyboardInterrupt:
            out.write(" …")
        out.write("\n")
        out.flush()
        return said


def talk(chat: Chat, lines: TextIO, out: TextIO, err: TextIO) -> None:
    """Read lines until they end or somebody says quit. Greets and asks for input only at a terminal."""
    names = ", ".join(_models(chat.folder))
    at_terminal = lines.isatty()
    if at_terminal:
        _line_editing()
        print(chat.greeting(), file=out)
    while True:
        try:
            line = _read(lines, out, at_terminal)
        except KeyboardInterrupt:
            line = None
        except UnicodeDecodeError as e:
            print(f"the input is not UTF-8 text ({e.reason})", file=err)
            return
        line = line and BARE.get(line.strip().lower(), line.strip())
        if line is None or line.split()[:1] == ["/quit"]:
            return
        try:
            _one(chat, line, names, out)
        except ValueError as e:
            print(e, file=err)


def _one(chat: Chat, line: str, names: str, out: TextIO) -> None:
    command, _, rest = line.partition(" ")
    if not line:
        return
    if command == "/help":
        print(HELP.format(names=names), file=out)
    elif command == "/reset":
        chat.messages.clear()
        print("(forgotten)", file=out)
    elif command == "/model" and not rest.strip():
        print(f"this is {chat.name}; there are {names}", file=out)
    elif command == "/model":
        chat.use(rest.strip())
        print(f"(this is {chat.name} now)", file=out)
    elif command.startswith("/"):
        raise ValueError(f"there is no command {command}; /help lists them")
    else:
        chat.say(line, out)


def _read(lines: TextIO, out: TextIO, at_terminal: bool) -> str | None:
    if at_terminal and lines is sys.stdin:
        try:
            return input("> ")
        except EOFError:
            print(file=out)
            return None
    return lines.readline() or None


def _line_editing() -> None:
    with contextlib.suppress(ImportError):  # Windows has none
        import readline  # noqa: F401  (the arrow keys bring back earlier lines)


def _models(folder: Path | None = None) -> list[str]:
    folder = Path(folder or MODELS)
    found = sorted(p.name for p in folder.glob("[a-z]*") if (p / "manifest.json").is_file())
    return [name for name in found if name != "reward"]  # the reward model gives marks, not words


def main(
    arguments: list[str] | None = None,
    lines: TextIO | None = None,
    out: TextIO | None = None,
    err: TextIO | None = None,
) -> int:
    """Run one command; returns the exit status."""
    lines, out, err = lines or sys.stdin, out or sys.stdout, err or sys.stderr
    parser = argparse.ArgumentParser(
        prog="python -m glassbox",
        description=__doc__,
        epilog=f"models to talk to: {', '.join(_models())}",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    chatting = commands.add_parser("chat", help="talk to a shipped model in the terminal")
    chatting.add_argument(
        "--model", default="aligned", help=f"{', '.join(_models())} (default: %(default)s)"
    )
    chatting.add_argument("--temperature", type=float, default=0.7, help="0 to about 2")
    chatting.add_argument("--seed", type=int, default=0, help="the same dice give the same replies")
    chatting.add_argument("--folder", type=Path, help="where the models are, if not in the library")
    commands.add_parser("doctor", help="say whether this machine is ready for the labs")
    grading = commands.add_parser("who", help="say which learner has solved which exercise")
    grading.add_argument("folder", type=Path, help="where the learners' notebooks of a lab are")
    grading.add_argument("--csv", type=Path, metavar="FILE", help="write a table with all messages")
    grading.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="notebooks at a time"
    )
    grading.add_argument("--seconds", type=float, default=30.0, help="for one cell (default: 30)")
    given = parser.parse_args(arguments)
    if given.command == "doctor":
        from glassbox.course.doctor import doctor

        return 0 if doctor() else 1
    for stream in (out, err):  # a terminal that lacks a character shows ? and goes on
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        if given.command == "who":
            from glassbox.course.grading import who

            who(given.folder, given.csv, given.jobs, given.seconds, out)
            return 0
        talk(Chat(given.model, given.temperature, given.seed, given.folder), lines, out, err)
    except ValueError as e:
        print(e, file=err)
        return 2
    except BrokenPipeError:  # whoever read our output has gone
        sys.stderr.close()
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
