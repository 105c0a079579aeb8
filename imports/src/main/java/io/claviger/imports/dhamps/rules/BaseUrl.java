package io.claviger.imports.dhamps.rules;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.standards.WireFormat;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A URL from whose end the operation was removed.
 *
 * @param operation the removed operation; empty if the URL had no known operation
 */
record BaseUrl(Endpoint endpoint, Optional<Operation> operation) {
  private static final Pattern VERSION = Pattern.compile("v[0-9][a-z0-9]*");
  private static final String ANY_VERSION = "**/";

  /**
   * Removes the longest matching operation from the URL's end. If the operation's path can begin
   * with a version, also removes the version that precedes the operation.
   *
   * @throws InvalidValue if the URL is invalid for a service
   */
  public static BaseUrl of(String url, Collection<Operation> known) {
    Endpoint whole = Endpoint.of(url);
    List<String> path = segments(whole);
    for (int from = 0; from < path.size(); from++) {
      String rest = String.join("/", path.subList(from, path.size()));
      for (Operation operation : known) {
        if (isPost(operation, rest)) {
          boolean version =
              operation.path().startsWith(ANY_VERSION)
                  && from > 0
                  && VERSION.matcher(path.get(from - 1)).matches();
          return new BaseUrl(
              beginning(whole, path, version ? from - 1 : from), Optional.of(operation));
        }
      }
    }
    return new BaseUrl(whole, Optional.empty());
  }

  /**
   * Removes the URL's last segment, which is treated as a POST operation.
   *
   * @throws InvalidValue if the URL is invalid for a service, or if its last segment is invalid as
   *     an operation's path
   */
  public static BaseUrl withoutLastSegment(String url) {
    Endpoint whole = Endpoint.of(url);
    List<String> path = segments(whole);
    if (path.isEmpty()) {
      return new BaseUrl(whole, Optional.empty());
    }
    int last = path.size() - 1;
    return new BaseUrl(
        beginning(whole, path, last), Optional.of(new Operation("POST " + path.get(last))));
  }

  /**
   * Returns a format that has an operation for each of these URLs; empty if no format has them all.
   */
  public static Optional<WireFormat> formatOf(Collection<String> urls) {
    return Arrays.stream(WireFormat.values())
        .filter(format -> !urls.isEmpty() && urls.stream().allMatch(url -> names(url, format)))
        .findFirst();
  }

  private static boolean names(String url, WireFormat format) {
    try {
      return of(url, format.operations()).operation().isPresent();
    } catch (InvalidValue e) {
      return false;
    }
  }

  private static boolean isPost(Operation operation, String rest) {
    String path = operation.path();
    Operation exact =
        path.startsWith(ANY_VERSION)
            ? new Operation(operation.method() + " " + path.substring(ANY_VERSION.length()))
            : operation;
    return exact.matches("POST", rest);
  }

  private static List<String> segments(Endpoint endpoint) {
    return endpoint.path().isEmpty()
        ? List.of()
        : List.of(endpoint.path().substring(1).split("/", -1));
  }

  private static Endpoint beginning(Endpoint whole, List<String> path, int segments) {
    String beginning = segments == 0 ? "" : "/" + String.join("/", path.subList(0, segments));
    return new Endpoint(whole.scheme(), whole.host(), whole.port(), beginning);
  }
}
