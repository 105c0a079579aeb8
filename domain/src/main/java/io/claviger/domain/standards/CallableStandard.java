package io.claviger.domain.standards;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.formats.ObjectOperation;
import io.claviger.domain.policy.Operation;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The part of an API standard that a call needs. Fields that only people read, or that change with
 * every write, are left out.
 */
public record CallableStandard(
    Handle handle,
    WireFormat format,
    KeyPlacement placement,
    List<Operation> operations,
    List<RequestHeader> requestHeaders,
    List<ResponseHeader> responseHeaders,
    List<String> queryParameters) {
  /** The versions of an API that clients add to a base URL. Groq's SDKs add the second version. */
  private static final List<String> VERSIONS = List.of("v1/", "openai/v1/");

  public CallableStandard {
    operations = List.copyOf(operations);
    requestHeaders = List.copyOf(requestHeaders);
    responseHeaders = List.copyOf(responseHeaders);
    queryParameters = List.copyOf(queryParameters);
  }

  /**
   * The operation that a request calls. The result is empty if this standard does not allow the
   * request.
   */
  public Optional<Operation> operation(String method, String path) {
    for (Operation operation : operations) {
      if (operation.matches(method, path)) {
        return Optional.of(operation);
      }
    }
    return Optional.empty();
  }

  /**
   * The path, below the endpoint, to which a request is sent. It is the path of the request without
   * those parts that the endpoint already contains. A superfluous {@code v1/} or {@code openai/v1/}
   * at its beginning, which some clients add, is removed too. The result is empty if this standard
   * does not allow the request.
   */
  public Optional<String> pathOf(String method, String path) {
    return withOrWithoutVersion(
        format.api().pathWithoutPlace(path), each -> operation(method, each).isPresent());
  }

  /**
   * The path to which a request for an operation on stored objects is sent, found in the same way
   * as in {@link #pathOf}. The result is empty if the format has no such operation. A standard may
   * list such an operation, but this does not let callers use other people's objects.
   */
  public Optional<String> objectPathOf(String method, String path) {
    return withOrWithoutVersion(
        path,
        each ->
            !format.api().lends(method, each)
                && format.api().storage().find(method, each).isPresent());
  }

  /**
   * The path to which a request is sent. Operations on stored objects have precedence over all
   * others: otherwise a call could name objects in an operation of this standard, and the objects
   * would not be checked.
   */
  public Optional<String> sentPathOf(String method, String path) {
    Optional<String> listed = pathOf(method, path);
    if (listed.isPresent() && format.api().lends(method, listed.get())) {
      return listed; // This is the case for most calls, and saves the search.
    }
    Optional<String> stored = objectPathOf(method, path);
    return stored.isPresent() ? stored : listed;
  }

  /** The operation on stored objects that a request to a path below the endpoint calls. */
  public Optional<ObjectOperation> objectOperation(String method, String path) {
    return format.api().storage().find(method, path);
  }

  private static Optional<String> withOrWithoutVersion(String path, Predicate<String> isMeant) {
    if (isMeant.test(path)) {
      return Optional.of(path);
    }
    for (String version : VERSIONS) {
      if (path.startsWith(version) && isMeant.test(path.substring(version.length()))) {
        return Optional.of(path.substring(version.length()));
      }
    }
    return Optional.empty();
  }
}
