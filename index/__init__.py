"""Articles in, passages found: reading, splitting, embedding, storing and searching.

This package knows nothing of answering or of settings objects; everything it needs comes as plain arguments.
"""

import os

# onnxruntime sends events about its use to its maker, and keeps a device's identity for that, unless it is told not to
# before it is first imported. Nothing leaves this machine that nobody asked for.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
