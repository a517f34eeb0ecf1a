"""Training in several processes (`torchrun --nproc_per_node N`): on a CPU quicker than one process with several threads."""
import os

import torch
import torch.distributed as dist


class Together:
    """The processes that train one model, each with clips of its own; one alone does nothing here."""

    def __init__(self):
        self.count, self.rank = int(os.environ.get("WORLD_SIZE", "1")), int(os.environ.get("RANK", "0"))
        if self.count > 1:
            dist.init_process_group("gloo")

    def mean(self, values):
        """Each value becomes its mean over the processes."""
        if self.count > 1:
            flat = torch.cat([value.flatten() for value in values])
            dist.all_reduce(flat)
            for value, mean in zip(values, (flat / self.count).split([value.numel() for value in values])):
                value.copy_(mean.view_as(value))

    def follow(self, values):
        """Each value becomes the first process's."""
        if self.count > 1:
            for value in values:
                dist.broadcast(value, 0)
