"""Who speaks, as resemblyzer's embedding has it, for gradients to flow through: judges the codec in `train_codec.py --person-net`."""
import torch
import torch.nn.functional as F
from torch import nn

from codec import Resampler

WINDOW, HOP = 400, 160
LOUDNESS = 10 ** (-30 / 20)
"""RMS that resemblyzer brings sounds to."""


class PersonNet(nn.Module):
    """Sound at 24 kHz [B, N] -> embeddings of length 1 [B, 256]."""

    def __init__(self):
        super().__init__()
        import librosa
        from resemblyzer import VoiceEncoder

        net = VoiceEncoder("cpu", verbose=False)
        self.lstm, self.linear, self.resample = net.lstm, net.linear, Resampler()
        bank = librosa.filters.mel(sr=16_000, n_fft=WINDOW, n_mels=40)
        self.register_buffer("bank", torch.from_numpy(bank))
        self.register_buffer("window", torch.hann_window(WINDOW))
        self.requires_grad_(False)

    def forward(self, x):
        x = self.resample(x)
        x = x * (LOUDNESS / (x.pow(2).mean(-1, keepdim=True) + 1e-8).sqrt())
        power = torch.stft(x, WINDOW, HOP, window=self.window, return_complex=True).abs().pow(2)
        _, (hidden, _) = self.lstm((self.bank @ power).transpose(1, 2))
        return F.normalize(torch.relu(self.linear(hidden[-1])) + 1e-6, dim=1)

    def distance(self, y, x):
        """1 less the cosine of who is heard in y and in x."""
        with torch.no_grad():
            wanted = self(x)
        return (1 - (wanted * self(y)).sum(1)).mean()
