package io.claviger.gateway.head;

import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;

/**
 * Refuses paths that a provider, or a proxy in front of the provider, might read differently than
 * the gateway. Ambiguous paths are refused, not normalized, because programs normalize paths in
 * different ways.
 */
final class PathGuard {
  private static final CallError NOT_PLAIN =
      CallError.badRequest(
          "The path must be plain: no dot segments, doubled slashes, backslashes or semicolons, and no percent-encoded letters, digits, dots, slashes, percent signs, semicolons, question marks, hashes, control characters or bytes above 127.");

  /**
   * Characters that a path must not contain. Some servers ignore everything after a semicolon, and
   * so read a different path.
   */
  private static final String FORBIDDEN = "\\#\"<>;";

  private static final String MODELS = "/models";
  private static final String MODEL = "/model";
  private static final String PUBLISHERS = "/publishers";
  private static final String ENCODED_SLASH = "%2F";

  private PathGuard() {}

  /**
   * @param path the path as it was sent, with its leading slash
   * @param from the index at which the path after the name of the service begins. The check ignores
   *     earlier path segments, because the service itself can be called {@code model}
   * @param reads whether the method is GET. The position of a model's id in the path depends on the
   *     method. The id can contain encoded slashes. With GET, the id of a model is the last
   *     segment. With any other method, a next-to-last segment that follows {@code model} is an id,
   *     and so is a last segment that follows {@code publishers/{publisher}/models}
   */
  static void check(String path, int from, boolean reads) {
    if (!path.startsWith("/")) {
      throw new CallRefused(NOT_PLAIN);
    }
    int last = path.lastIndexOf('/');
    boolean isLast = reads || isPublished(path, from, last);
    int id =
        isLast
            ? beginOf(MODELS, path, from, last)
            : beginOf(MODEL, path, from, path.lastIndexOf('/', last - 1));
    int end = isLast ? path.length() : last;
    int segment = 1;
    for (int i = 1; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '/') {
        checkSegment(path, segment, i);
        segment = i + 1;
      } else if (c <= ' ' || c > '~' || FORBIDDEN.indexOf(c) >= 0) {
        throw new CallRefused(NOT_PLAIN);
      } else if (c == '%' && !(i > id && i < end && isEncodedSlash(path, i))) {
        checkEncoded(path, i);
      }
    }
    checkTail(path, segment);
    checkPieces(path, id, end);
  }

  /** Whether the last segment names a publisher's model and the method to call on the model. */
  private static boolean isPublished(String path, int from, int last) {
    int models = last - MODELS.length();
    int publisher = path.lastIndexOf('/', models - 1);
    int publishers = publisher - PUBLISHERS.length();
    return publishers >= from - 1
        && path.startsWith(MODELS, models)
        && path.startsWith(PUBLISHERS, publishers);
  }

  /**
   * Returns the index after the slash at {@code slash} if the name of this collection, such as
   * {@code models}, directly precedes the slash. If the name does not precede the slash, returns
   * the path's length.
   */
  private static int beginOf(String collection, String path, int from, int slash) {
    int at = slash - collection.length();
    return at >= from - 1 && path.startsWith(collection, at) ? slash + 1 : path.length();
  }

  private static boolean isEncodedSlash(String path, int percent) {
    return path.regionMatches(true, percent, ENCODED_SLASH, 0, ENCODED_SLASH.length());
  }

  /**
   * Checks the id of a model, which can contain encoded slashes. Even a server that decodes the
   * slashes must read the same path.
   */
  private static void checkPieces(String path, int id, int end) {
    int from = id;
    for (int i = id; i < end; i++) {
      if (path.charAt(i) == '%' && isEncodedSlash(path, i)) {
        checkSegment(path, from, i);
        from = i + ENCODED_SLASH.length();
      }
    }
    if (from > id) {
      checkSegment(path, from, end);
    }
  }

  /**
   * Checks any segment of the path except the last segment. Two adjacent slashes have an empty
   * segment between them.
   */
  private static void checkSegment(String path, int from, int to) {
    if (from == to || isDots(path, from, to)) {
      throw new CallRefused(NOT_PLAIN);
    }
  }

  private static void checkTail(String path, int from) {
    if (isDots(path, from, path.length())) {
      throw new CallRefused(NOT_PLAIN);
    }
  }

  private static boolean isDots(String path, int from, int to) {
    int length = to - from;
    return (length == 1 || length == 2) && path.charAt(from) == '.' && path.charAt(to - 1) == '.';
  }

  private static void checkEncoded(String path, int percent) {
    int value = percent + 2 < path.length() ? hex(path, percent + 1) : -1;
    if (value < 0 || steers(value)) {
      throw new CallRefused(NOT_PLAIN);
    }
  }

  /**
   * Whether a decoded byte could change how a server reads the path: the byte might end a segment
   * or the path, begin an escape sequence, or belong to a word. Letters and digits belong to words,
   * and nobody needs to encode them (RFC 3986, 2.3). Bytes above 127 are included, because their
   * meaning depends on the encoding.
   */
  private static boolean steers(int value) {
    return value < ' '
        || value > '~'
        || Character.isLetterOrDigit(value)
        || "./\\%;?#".indexOf(value) >= 0;
  }

  private static int hex(String path, int at) {
    int high = Character.digit(path.charAt(at), 16);
    int low = Character.digit(path.charAt(at + 1), 16);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }
}
