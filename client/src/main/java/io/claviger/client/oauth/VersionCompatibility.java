package io.claviger.client.oauth;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Versions of the program and of servers. */
final class VersionCompatibility {
  private static final Pattern BEGINNING = Pattern.compile("(\\d+)\\.(\\d+).*");

  private VersionCompatibility() {}

  /**
   * Whether two versions understand each other: their first numbers agree, and before 1.0 their
   * second numbers too.
   */
  static boolean areCompatible(String one, String other) {
    Matcher first = BEGINNING.matcher(one);
    Matcher second = BEGINNING.matcher(other);
    if (!first.matches() || !second.matches()) {
      return true;
    }
    boolean sameMinor = first.group(2).equals(second.group(2));
    return first.group(1).equals(second.group(1)) && (!first.group(1).equals("0") || sameMinor);
  }
}
