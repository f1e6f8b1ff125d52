"""Where a lab computes: what `scale = "gpu"` means on the machine at hand."""

import time

import torch

from glassbox.machine.device import best_device, device_name


def place(scale: str, seconds: float, work: float) -> tuple[str, str]:
    """The scale that this machine can do, and the device for it, for example ("gpu", "cuda").

    scale    "cpu", or "gpu" for the larger run
    seconds  processor time of the small run
    work     how many times the small run's computing the larger one needs

    The larger run is announced with its device and a time; a machine without a GPU is told so and
    does the small run.

    >>> place("cpu", seconds=60, work=30)
    ('cpu', 'cpu')
    """
    if scale not in ("cpu", "gpu"):
        raise ValueError(f'scale is {scale!r}; set it to "cpu" or to "gpu"')
    if scale == "cpu":
        return "cpu", "cpu"
    device = best_device()
    if device == "cpu":
        print("There is no GPU here that torch can use; the lab goes on with its small run.")
        return "cpu", "cpu"
    minutes = seconds * work / (_product_time("cpu") / _product_time(device)) / 60
    print(
        f"Computing on {device_name(device)}. Expected: {max(minutes, 1):.0f} minutes or more, by how"
    )
    print(
        f"fast it multiplies matrices and by {work:g} times the work; small steps keep it waiting."
    )
    return "gpu", device


def _product_time(device: str, size: int = 1024) -> float:
    """Seconds for one product of square matrices, the faster of several."""
    a, took = torch.ones(size, size, device=device), []
    for _ in range(6):
        began = time.perf_counter()
        (a @ a)[0, 0].item()  # waits until the device is done
        took.append(time.perf_counter() - began)
    return min(took)
