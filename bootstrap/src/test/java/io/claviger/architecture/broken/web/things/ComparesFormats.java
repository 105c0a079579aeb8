package io.claviger.architecture.broken.web.things;

import io.claviger.domain.standards.WireFormat;

/** Depends on a format, though the format can be asked. */
final class ComparesFormats {
  private ComparesFormats() {}

  static boolean isGemini(WireFormat format) {
    return format == WireFormat.GEMINI;
  }
}
