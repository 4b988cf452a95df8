"""What each stage of the last refresh cost, from its manifest. Prints one JSON line per quarter that was run."""

import json

from resources.zone_definitions import data_root


def main() -> None:
    """One line per manifest: seconds per zone and the slowest tables."""
    for path in sorted((data_root() / "publication").glob("*/manifest.json")):
        manifest = json.loads(path.read_text(encoding="utf-8"))
        assets = manifest["assets"]
        slowest = sorted(assets, key=lambda name: -assets[name]["seconds"])[:8]
        print(json.dumps({
            "benchmark": "refresh_stages",
            "quarter": manifest["quarter"],
            "scale": (manifest["synthetic_extracts"] or {}).get("scale"),
            "seconds": round(sum(asset["seconds"] for asset in assets.values()), 1),
            "peak_mb": max(asset["peak_mb"] for asset in assets.values()),
            "slowest": {name: assets[name]["seconds"] for name in slowest},
        }))


if __name__ == "__main__":
    main()
