package io.claviger.application.standards;

import io.claviger.domain.Description;
import io.claviger.domain.standards.ApiStandard;
import io.claviger.domain.standards.KeyPlacement;

/** Contents of an API standard, with one field changed. */
final class StandardContents {
  private StandardContents() {}

  static Standards.StandardContent as(ApiStandard standard) {
    return new Standards.StandardContent(
        standard.handle(),
        standard.description(),
        standard.format(),
        standard.placement(),
        standard.operations(),
        standard.requestHeaders(),
        standard.responseHeaders(),
        standard.queryParameters());
  }

  static Standards.StandardContent described(ApiStandard standard, String description) {
    return new Standards.StandardContent(
        standard.handle(),
        new Description(description),
        standard.format(),
        standard.placement(),
        standard.operations(),
        standard.requestHeaders(),
        standard.responseHeaders(),
        standard.queryParameters());
  }

  static Standards.StandardContent placed(ApiStandard standard, KeyPlacement placement) {
    return new Standards.StandardContent(
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
