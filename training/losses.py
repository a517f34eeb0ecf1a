"""What a decoded sound is compared with the original by: spectra, how it repeats itself, how its phases go on."""
import torch
from torch import nn

from mel import mel_bank

SCALES = [(2048, 512, 96), (1024, 256, 80), (512, 128, 64), (256, 64, 40), (128, 32, 20)]
"""Length of the transform, hop, mel bands."""


class SpectralLoss(nn.Module):
    """Mean difference of log10-mel spectra over the scales, with a little of the linear spectra's."""

    def __init__(self):
        super().__init__()
        for i, (length, _, bands) in enumerate(SCALES):
            self.register_buffer(f"bank{i}", mel_bank(length, bands))
            self.register_buffer(f"window{i}", torch.hann_window(length))

    def forward(self, y, x):
        """y, x [B, N]."""
        total = 0.0
        for i, (length, hop, _) in enumerate(SCALES):
            bank, window = getattr(self, f"bank{i}"), getattr(self, f"window{i}")
            a, b = (torch.stft(z, length, hop, window=window, return_complex=True).abs().clamp_min(1e-5) for z in (y, x))
            logs = [torch.log10((bank @ z).clamp_min(1e-4)) for z in (a, b)]
            total = total + (logs[0] - logs[1]).abs().mean() + 0.09 * (a - b).abs().mean() / (b.mean() + 1e-3)
        return total / len(SCALES)


class PeriodLoss(nn.Module):
    """How differently two sounds repeat themselves, in four bands: the autocorrelation of 43 ms at lags of 1 to 20 ms.

    Mel bands are wide where hiss is, so they do not tell hiss from a pattern that comes again with every latent frame, and
    that is what a decoder without noise of its own makes first: a buzz at 75 and 150 Hz. Voices, too, get their pitch from here.
    """

    BANDS_HZ = (0, 1500, 3000, 6000, 12000)
    LENGTH, STEP = 1024, 512
    LAGS = slice(24, 480)

    def __init__(self):
        super().__init__()
        self.register_buffer("window", torch.hann_window(self.LENGTH))
        hertz = torch.linspace(0, 12_000, self.LENGTH // 2 + 1)
        edges = list(zip(self.BANDS_HZ, self.BANDS_HZ[1:]))
        self.register_buffer("bands", torch.stack([((hertz >= low) & (hertz < high)).float() for low, high in edges]))

    def _repeats(self, x):
        """x [B, N] -> autocorrelation [B, T, bands, lags], 1 at lag 0, and each band's power [B, T, bands]."""
        power = torch.stft(x, self.LENGTH, self.STEP, window=self.window, return_complex=True).abs().square().transpose(1, 2)
        lags = torch.fft.irfft(power[:, :, None] * self.bands)
        # Where there is next to nothing, nothing repeats.
        return lags[..., self.LAGS] / (lags[..., :1] + 1e-4), lags[..., 0]

    def forward(self, y, x):
        """y, x [B, N]."""
        made, _ = self._repeats(y)
        with torch.no_grad():
            wanted, power = self._repeats(x)
            weight = power.clamp_min(0).pow(0.25)
            weight = weight / weight.mean().clamp_min(1e-6)
        return ((made - wanted).abs().mean(-1) * weight).mean()


class CoherenceLoss(nn.Module):
    """How differently the phases of two sounds go on below 1.5 kHz, in radians, after 5, 11 and 21 ms.

    No code says at which phase a voice is, so no wave can be compared; how far each partial turns from one moment to the next
    is its frequency, which can. Without this the partials of a vowel wander by some 15 Hz, and it is by their phases below
    1 kHz, not by their strength, that DNSMOS tells a decoded voice from a real one.
    """

    LENGTH, STEP, BINS = 1024, 128, 64
    LATER = (1, 2, 4)

    def __init__(self):
        super().__init__()
        self.register_buffer("window", torch.hann_window(self.LENGTH))

    def _turns(self, x, later):
        turned = x[..., later:] * x[..., :-later].conj()
        return torch.view_as_real(turned) / turned.abs().clamp_min(1e-6)[..., None]

    def forward(self, y, x):
        """y, x [B, N]."""
        made, wanted = (
            torch.stft(z, self.LENGTH, self.STEP, window=self.window, return_complex=True)[:, : self.BINS] for z in (y, x)
        )
        strength, total = wanted.abs().detach(), 0.0
        for later in self.LATER:
            weight = (strength[..., later:] * strength[..., :-later]).sqrt()
            # The distance of two directions: about the angle between them while that is small.
            apart = (self._turns(made, later) - self._turns(wanted, later)).square().sum(-1).add(1e-6).sqrt()
            total = total + (apart * weight).sum() / weight.sum().clamp_min(1e-3)
        return total / len(self.LATER)


class Swelling:
    """How far values between the layers of a decoder grow beyond what speech makes them: where they do, each residual unit makes them
    larger still, and half a second later comes a burst of noise. A loss of the sound cannot mend that, for it knows no way back.
    """

    LIMIT = 4.0
    """Twice what is usual; codes of true speech stay under 3.2."""

    def __init__(self, units):
        self._found = []
        for unit in units:
            unit.register_forward_hook(lambda _module, _inputs, output: self._found.append(output))

    def take(self):
        """-> [B]: of each sound, what has been found since the last time."""
        found, self._found = self._found, []
        return sum((x.abs().amax(1).float() - self.LIMIT).relu().log1p().mean(-1) for x in found)
