package io.claviger.domain.standards;

import io.claviger.domain.Description;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.policy.Operation;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The rules for calling a provider's API.
 *
 * @param operations the operations that may be called, 1 to 200
 * @param requestHeaders the caller's headers that are forwarded to the provider; at most 100
 * @param responseHeaders the provider's headers that are returned to the caller; at most 100
 * @param queryParameters the caller's query parameters that are forwarded; at most 100, and never
 *     the parameter in which the key is sent
 * @param version a number that increases with each stored change
 */
public record ApiStandard(
    Handle handle,
    Description description,
    WireFormat format,
    KeyPlacement placement,
    List<Operation> operations,
    List<RequestHeader> requestHeaders,
    List<ResponseHeader> responseHeaders,
    List<String> queryParameters,
    long version,
    Instant createdAt,
    Instant updatedAt) {
  /**
   * The query parameter in which a caller's access token can be sent. Providers never receive this
   * parameter.
   */
  private static final String CREDENTIAL = "key";

  private static final Pattern PARAMETER = Pattern.compile("[A-Za-z0-9._~-]{1,100}");

  public ApiStandard {
    if (operations.isEmpty() || operations.size() > 200) {
      throw new InvalidValue("operations", "1 to 200 operations");
    }
    if (requestHeaders.size() > 100) {
      throw new InvalidValue("request_headers", "at most 100 headers");
    }
    if (responseHeaders.size() > ResponseHeader.MOST) {
      throw new InvalidValue("response_headers", "at most 100 headers");
    }
    if (queryParameters.size() > 100
        || !queryParameters.stream().allMatch(q -> PARAMETER.matcher(q).matches())
        || queryParameters.contains(CREDENTIAL)
        || (placement.method() == KeyMethod.QUERY_PARAM
            && queryParameters.contains(placement.field()))) {
      throw new InvalidValue(
          "query_parameters",
          "at most 100 names of letters, digits and . _ ~ -, but not key or the parameter with the API key");
    }
    operations = List.copyOf(operations);
    requestHeaders = List.copyOf(requestHeaders);
    responseHeaders = List.copyOf(responseHeaders);
    queryParameters = List.copyOf(queryParameters);
  }

  /** Returns the part of this standard that a call needs. */
  public CallableStandard callable() {
    return new CallableStandard(
        handle, format, placement, operations, requestHeaders, responseHeaders, queryParameters);
  }

  /**
   * Whether this standard lets callers send the provider a header or a query parameter that the
   * other standard does not allow. An additional header or parameter could make a proxy behind the
   * endpoint send a key to another address.
   */
  public boolean forwardsMoreThan(ApiStandard other) {
    return !other.queryParameters.containsAll(queryParameters)
        || !requestHeaders.stream()
            .allMatch(header -> other.requestHeaders.stream().anyMatch(its -> its.covers(header)));
  }

  /** Whether the other standard equals this standard, ignoring descriptions, versions and times. */
  public boolean speaksLike(ApiStandard other) {
    return format == other.format
        && placement.equals(other.placement)
        && operations.equals(other.operations)
        && requestHeaders.equals(other.requestHeaders)
        && responseHeaders.equals(other.responseHeaders)
        && queryParameters.equals(other.queryParameters);
  }
}
