"""What one minute of training teaches: `base` at the size of a lab, in towns of several sizes.

    python bench/minute.py [--seconds 60] [--layers 4] [residents ...]

Trains as `glassbox.shipped.base.make_base` does, in one part, as many steps as fit into the time, with
what the trainer chooses of precision and threads, and asks the facts. Writing the town's text and measuring
do not count.
"""

import argparse
import time

from glassbox.shipped.base import make_base


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("residents", type=int, nargs="*", default=[200, 500])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--batch-size", type=int, default=24)
    given = parser.parse_args()
    size = {"batch_sizes": (given.batch_size,), "n_layer": given.layers, "progress": False}
    trial = make_base(50, steps=(60,), n_measured=20, **size).card
    steps = round(given.seconds * 60 / trial["seconds"])
    print(
        "| residents | steps | tokens | threads | seconds | CPU seconds of all | facts right | bits a document | floor |\n|---|---|---|---|---|---|---|---|---|"
    )
    for residents in given.residents:
        began = time.process_time()
        card = make_base(residents, steps=(steps,), n_measured=300, **size).card
        cpu = time.process_time() - began
        print(
            f"| {residents} | {steps:,} of {given.batch_size} x {card['T']} | {card['tokens_read']:,} | {card['threads']} "
            f"| {card['seconds']:.0f} | {cpu:.0f} | {card['facts_all']:.1%} | {card['bits_per_document']:.1f} | {card['floor_bits_per_document']:.1f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
