package io.claviger.domain.identity;

import java.util.Locale;

/**
 * The path to which a browser goes after a sign-in. The path always leads to a page of this
 * console, so that no sign-in link can lead to another site.
 */
public record ReturnPath(String value) {
  public static final ReturnPath START = new ReturnPath("/console");
  private static final int LONGEST = 1_000;

  public ReturnPath {
    if (!isLocal(value)) {
      throw new IllegalArgumentException("not a path of the console");
    }
  }

  /** Returns the requested path, or the start page if the path is not a local page. */
  public static ReturnPath of(String wanted) {
    return isLocal(wanted) ? new ReturnPath(wanted) : START;
  }

  /**
   * Whether a path is safe: it contains no characters that browsers remove or read as a slash, and
   * no segments that lead upwards.
   */
  private static boolean isLocal(String path) {
    return (path.equals("/console") || path.startsWith("/console/"))
        && path.length() <= LONGEST
        && !path.contains("//")
        && !path.toLowerCase(Locale.ROOT).replace("%2e", ".").contains("..")
        && path.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '\\');
  }
}
