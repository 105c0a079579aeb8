package io.claviger.application.standards;

import io.claviger.domain.Description;
import io.claviger.domain.standards.ApiStandard;
import io.claviger.domain.standards.KeyPlacement;

/** A whole standard to save, taken from one and changed in one thing. */
final class StandardCommands {
  private StandardCommands() {}

  static SaveStandard.Command as(ApiStandard standard) {
    return new SaveStandard.Command(
        standard.handle(),
        standard.description(),
        standard.format(),
        standard.placement(),
        standard.operations(),
        standard.requestHeaders(),
        standard.responseHeaders(),
        standard.queryParameters());
  }

  static SaveStandard.Command described(ApiStandard standard, String description) {
    return new SaveStandard.Command(
        standard.handle(),
        new Description(description),
        standard.format(),
        standard.placement(),
        standard.operations(),
        standard.requestHeaders(),
        standard.responseHeaders(),
        standard.queryParameters());
  }

  static SaveStandard.Command placed(ApiStandard standard, KeyPlacement placement) {
    return new SaveStandard.Command(
        standard.handle(),
        standard.description(),
        standard.format(),
        placement,
        standard.operations(),
        standard.requestHeaders(),
        standard.responseHeaders(),
        standard.queryParameters());
  }
}
