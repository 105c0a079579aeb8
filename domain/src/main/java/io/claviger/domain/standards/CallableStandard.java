package io.claviger.domain.standards;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.formats.ObjectOperation;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.policy.Operation;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The part of an API standard that a call needs. Leaves out fields that only people read, and
 * fields that change with every write.
 */
public record CallableStandard(
    Handle handle,
    WireFormat format,
    KeyPlacement placement,
    List<Operation> operations,
    List<RequestHeader> requestHeaders,
    List<ResponseHeader> responseHeaders,
    List<String> queryParameters) {
  /** The API versions that clients add to a base URL. Groq's SDKs add the second version. */
  private static final String[] VERSIONS = {"v1/", "openai/v1/"};

  /**
   * The texts that can precede an operation on stored objects in a path. Azure's clients add the
   * last of these texts.
   */
  private static final String[] BEFORE_OBJECTS = {"v1/", "openai/v1/", "openai/"};

  public CallableStandard {
    operations = List.copyOf(operations);
    requestHeaders = List.copyOf(requestHeaders);
    responseHeaders = List.copyOf(responseHeaders);
    queryParameters = List.copyOf(queryParameters);
  }

  /**
   * Returns the operation that a request calls; empty if this standard does not allow the request.
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
   * Returns the path below the endpoint to which a request is sent: the request's path without the
   * parts that the endpoint already contains. Some clients add a superfluous {@code v1/} or {@code
   * openai/v1/}, which is removed too. Empty if this standard does not allow the request.
   */
  public Optional<String> pathOf(String method, String path) {
    return withOrWithout(
        VERSIONS, format.api().pathWithoutPlace(path), each -> operation(method, each).isPresent());
  }

  /**
   * Returns the path to which an operation on stored objects is sent, found in the same way as in
   * {@link #pathOf}. Empty if the format has no such operation. Even if a standard lists such an
   * operation, callers can't use other people's objects.
   */
  private Optional<String> objectPathOf(String method, String path) {
    return withOrWithout(
        BEFORE_OBJECTS,
        path,
        each ->
            !format.api().lends(method, each)
                && format.api().storage().find(method, each).isPresent());
  }

  /**
   * A request that calls an operation on stored objects.
   *
   * @param path the path of {@link #objectPathOf}
   */
  public record ObjectCall(String path, ObjectOperation operation) {
    public ObjectKind kind() {
      return operation.kind();
    }
  }

  /** Returns the operation on stored objects that a request calls; empty if it calls none. */
  public Optional<ObjectCall> objectCall(String method, String path) {
    return objectPathOf(method, path)
        .flatMap(
            stored ->
                objectOperation(method, stored)
                    .map(operation -> new ObjectCall(stored, operation)));
  }

  /**
   * Returns the path to which a request is sent. Operations on stored objects take precedence. If
   * the standard's own operations took precedence, a call of such an operation could name objects,
   * and nobody would check whether the caller may use these objects.
   */
  public Optional<String> sentPathOf(String method, String path) {
    Optional<String> listed = pathOf(method, path);
    if (listed.isPresent() && format.api().lends(method, listed.get())) {
      return listed; // This is the case for most calls, and saves the search.
    }
    Optional<String> stored = objectPathOf(method, path);
    return stored.isPresent() ? stored : listed;
  }

  /**
   * Returns the operation on stored objects that a request calls. A call of a model can be such an
   * operation too, because its result or its container can remain at the provider. Standards can
   * list such a call with Azure's paths, which have a longer beginning.
   */
  public Optional<ObjectOperation> objectOperation(String method, String path) {
    Optional<ObjectOperation> found = format.api().storage().find(method, path);
    for (int i = 0; found.isEmpty() && i < BEFORE_OBJECTS.length; i++) {
      if (path.startsWith(BEFORE_OBJECTS[i])) {
        String inside = path.substring(BEFORE_OBJECTS[i].length());
        if (format.api().lends(method, inside)) {
          found = format.api().storage().find(method, inside);
        }
      }
    }
    return found;
  }

  private static Optional<String> withOrWithout(
      String[] beginnings, String path, Predicate<String> isMeant) {
    if (isMeant.test(path)) {
      return Optional.of(path);
    }
    for (String beginning : beginnings) {
      if (path.startsWith(beginning) && isMeant.test(path.substring(beginning.length()))) {
        return Optional.of(path.substring(beginning.length()));
      }
    }
    return Optional.empty();
  }
}
