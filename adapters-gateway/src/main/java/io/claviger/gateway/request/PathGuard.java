package io.claviger.gateway.request;

import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;

/**
 * Refuses paths that a provider, or a proxy before it, might read as another path than the one that
 * was authorized. They are refused and not normalised: every normaliser has its own opinion.
 */
public final class PathGuard {
  private static final CallError NOT_PLAIN =
      CallError.badRequest(
          "The path must be plain: no dot segments, doubled or encoded slashes, backslashes or control characters.");

  private PathGuard() {}

  /**
   * @param path raw, with its leading slash
   */
  public static void check(String path) {
    if (!path.startsWith("/")) {
      throw new CallRefused(NOT_PLAIN);
    }
    int segment = 1;
    for (int i = 1; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '/') {
        checkSegment(path, segment, i);
        segment = i + 1;
      } else if (c <= ' ' || c > '~' || c == '\\' || c == '#' || c == '"' || c == '<' || c == '>') {
        throw new CallRefused(NOT_PLAIN);
      } else if (c == '%') {
        checkEncoded(path, i);
      }
    }
    checkTail(path, segment);
  }

  /** A segment with more behind it: empty ones are doubled slashes. */
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

  /** {@code .} and {@code ..}, with or without path parameters ({@code ..;x}). */
  private static boolean isDots(String path, int from, int to) {
    int dots = from;
    while (dots < to && path.charAt(dots) == '.') {
      dots++;
    }
    int count = dots - from;
    return count > 0 && count < 3 && (dots == to || path.charAt(dots) == ';');
  }

  private static void checkEncoded(String path, int percent) {
    int value = percent + 2 < path.length() ? hex(path, percent + 1) : -1;
    boolean twice = value == '%' && percent + 4 < path.length() && steers(hex(path, percent + 3));
    if (value < 0 || steers(value) || twice) {
      throw new CallRefused(NOT_PLAIN);
    }
  }

  private static boolean steers(int value) {
    return value == '.'
        || value == '/'
        || value == '\\'
        || (value >= 0 && value < ' ')
        || value == 127;
  }

  private static int hex(String path, int at) {
    int high = Character.digit(path.charAt(at), 16);
    int low = Character.digit(path.charAt(at + 1), 16);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }
}
