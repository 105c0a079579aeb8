package io.claviger.domain.policy;

import io.claviger.domain.InvalidValue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * One operation of a provider's API, as {@code METHOD path} below the endpoint: {@code POST
 * chat/completions}.
 *
 * <p>In the path, {@code {name}} stands for one whole segment, which ends at a slash or colon. Two
 * asterisks and a slash at its beginning stand for any number of segments, so that one operation
 * holds for every version of an API.
 */
public record Operation(String value) implements Comparable<Operation> {
  // A placeholder is a whole segment: two side by side would make matching take a time that grows
  // with their number as an exponent.
  private static final Pattern SHAPE =
      Pattern.compile(
          "(GET|POST|PUT|PATCH|DELETE) (\\*\\*/)?(?:[A-Za-z0-9._~-]+|\\{[a-z]+\\})(?:[/:](?:[A-Za-z0-9._~-]+|\\{[a-z]+\\}))*");
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{[a-z]+\\}");

  public Operation {
    if (value.length() > 200 || !SHAPE.matcher(value).matches()) {
      throw new InvalidValue(
          "operations", "a method and a path below the endpoint, such as POST chat/completions");
    }
  }

  public String method() {
    return value.substring(0, value.indexOf(' '));
  }

  /** The pattern of the path, without a leading slash. */
  public String path() {
    return value.substring(value.indexOf(' ') + 1);
  }

  /**
   * Whether a request is this operation.
   *
   * @param requestPath relative to the endpoint, without a leading slash and without a query; one
   *     that holds dot segments or encoded slashes is the gateway's to refuse before
   */
  public boolean matches(String requestMethod, String requestPath) {
    return method().equals(requestMethod) && compiled().matcher(requestPath).matches();
  }

  private Pattern compiled() {
    return Compiled.of(this);
  }

  @Override
  public int compareTo(Operation other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }

  /** Patterns are compiled once: there are a few dozen of them, and every call asks. */
  private static final class Compiled {
    // Any number of segments, none of them empty. Not a repeated group: java.util.regex would
    // recurse once for each segment, and a caller's path could overflow the stack.
    private static final String SEGMENTS = "(?!/|[^:]*//)(?:[^:]*/)?";
    private static final ConcurrentHashMap<String, Pattern> BY_PATH = new ConcurrentHashMap<>();

    static Pattern of(Operation operation) {
      Pattern known = BY_PATH.get(operation.path());
      return known != null ? known : compile(operation.path());
    }

    private static Pattern compile(String path) {
      String rest = path.startsWith("**/") ? path.substring(3) : path;
      StringBuilder regex = new StringBuilder(path.startsWith("**/") ? SEGMENTS : "");
      var placeholders = PLACEHOLDER.matcher(rest);
      int from = 0;
      while (placeholders.find()) {
        regex.append(Pattern.quote(rest.substring(from, placeholders.start()))).append("[^/:]+");
        from = placeholders.end();
      }
      Pattern compiled =
          Pattern.compile(regex.append(Pattern.quote(rest.substring(from))).toString());
      if (BY_PATH.size() < 10_000) {
        BY_PATH.put(path, compiled);
      }
      return compiled;
    }
  }
}
