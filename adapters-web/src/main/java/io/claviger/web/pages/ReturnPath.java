package io.claviger.web.pages;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a visitor goes after signing in: a page of this server, never another server. */
record ReturnPath(String path) {
  static final ReturnPath START = new ReturnPath("/console/account");

  private static final int LONGEST = 1_000;
  private static final Pattern LOCAL =
      Pattern.compile("/console(/[A-Za-z0-9._~%-]+)*(\\?[A-Za-z0-9._~%=&+-]*)?");

  /** Returns the start page for whatever is no local path below {@code /console}. */
  static ReturnPath of(@Nullable String wanted) {
    return wanted != null && isLocal(wanted) ? new ReturnPath(wanted) : START;
  }

  private static boolean isLocal(String wanted) {
    return wanted.length() <= LONGEST && !wanted.contains("..") && LOCAL.matcher(wanted).matches();
  }
}
