package io.claviger.web.standards;

import io.claviger.domain.policy.Operation;
import io.claviger.domain.standards.ApiStandard;
import io.claviger.domain.standards.RequestHeader;
import io.claviger.domain.standards.ResponseHeader;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** An API standard as the API shows it. */
record StandardJson(
    String handle,
    String description,
    String format,
    String keyMethod,
    Optional<String> keyField,
    List<String> operations,
    List<String> requestHeaders,
    List<String> responseHeaders,
    List<String> queryParameters,
    long version,
    Instant createdAt,
    Instant updatedAt) {

  static StandardJson of(ApiStandard standard) {
    return new StandardJson(
        standard.handle().value(),
        standard.description().value(),
        standard.format().wireName(),
        standard.placement().method().wireName(),
        standard.placement().shownField(),
        standard.operations().stream().map(Operation::value).toList(),
        standard.requestHeaders().stream().map(RequestHeader::value).toList(),
        standard.responseHeaders().stream().map(ResponseHeader::value).toList(),
        standard.queryParameters(),
        standard.version(),
        standard.createdAt(),
        standard.updatedAt());
  }
}
