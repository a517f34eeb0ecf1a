"""Prints what Home Assistant and the integrations of the checks need of PyPI, one requirement a line: else it asks pip when it runs."""

import json
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

ALWAYS_THERE = "analytics application_credentials backup frontend hardware isal labs logger network system_health usage_prediction"
ASKED_FOR = "assist_pipeline automation config conversation input_text mqtt onboarding person tts universal wyoming zeroconf"

folder = Path(find_spec("homeassistant").submodule_search_locations[0]) / "components"
waiting, seen, requirements = f"{ALWAYS_THERE} {ASKED_FOR}".split(), set(), set()
while waiting:
    integration = waiting.pop()
    manifest = folder / integration / "manifest.json"
    if integration in seen or not manifest.exists():
        continue
    seen.add(integration)
    facts = json.loads(manifest.read_text())
    requirements.update(facts.get("requirements", []))
    waiting += facts.get("dependencies", [])
print("\n".join([f"homeassistant=={version('homeassistant')}", *sorted(requirements)]))
