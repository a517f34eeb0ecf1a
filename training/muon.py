"""Muon: momentum made orthogonal by Newton-Schulz iterations, for the matrices and kernels of a network."""
import torch


class Muon(torch.optim.Optimizer):
    """Weights of more than two dimensions count as matrices of their first against all others.

    Matrices of one shape are worked on together, in bf16.
    """

    def __init__(self, parameters, lr, momentum=0.95, decay=0.01, rounds=5):
        super().__init__(parameters, dict(lr=lr, momentum=momentum, decay=decay, rounds=rounds))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            shapes = {}
            for weight in group["params"]:
                if weight.grad is None:
                    continue
                state = self.state[weight]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(weight)
                state["momentum"].lerp_(weight.grad, 1 - group["momentum"])
                update = weight.grad.lerp(state["momentum"], group["momentum"]).reshape(len(weight), -1)
                tall = update.shape[0] > update.shape[1]
                found = shapes.setdefault(tuple(sorted(update.shape)), [])
                found.append((weight, update.T if tall else update, tall))
            for found in shapes.values():
                stacked = torch.stack([update for _, update, _ in found])
                x = (stacked / (stacked.norm(dim=(1, 2), keepdim=True) + 1e-7)).bfloat16()
                for _ in range(group["rounds"]):
                    gram = x @ x.mT
                    x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
                for (weight, _, tall), update in zip(found, x.float()):
                    rows, columns = len(weight), weight.numel() // len(weight)
                    weight.mul_(1 - group["lr"] * group["decay"])
                    update = (update.T if tall else update).reshape(weight.shape)
                    weight.add_(update, alpha=-group["lr"] * max(1, rows / columns) ** 0.5)
