package io.claviger.gateway.model;

import java.util.Locale;

/** Compares the names of members with the documented names. */
final class MemberSpelling {
  private MemberSpelling() {}

  static boolean is(ScannedText name, String expected) {
    return mayBe(name, expected) && expected.contentEquals(name);
  }

  /** Whether some parsers might accept a name with another spelling as the expected name. */
  static boolean isLike(ScannedText name, String expected) {
    return mayBe(name, expected)
        && agreesAtFirst(name, expected)
        && folded(name.toString()).equals(folded(expected));
  }

  /**
   * Whether a name with this first character can be a spelling of the expected name. The check is
   * cheap and excludes most names.
   */
  private static boolean mayBe(ScannedText name, String expected) {
    if (name.isLonger() || name.length() == 0) {
      return false;
    }
    char first = name.charAt(0);
    return (first | 0x20) == expected.charAt(0) || first == '_' || first <= ' ' || first > 0x7f;
  }

  /**
   * Compares the names up to their first difference, ignoring case. Returns false if both names
   * have a letter there, because no parser ignores a letter.
   */
  private static boolean agreesAtFirst(ScannedText name, String expected) {
    int at = 0;
    while (at < name.length()
        && at < expected.length()
        && (name.charAt(at) == expected.charAt(at)
            || (name.charAt(at) | 0x20) == expected.charAt(at))) {
      at++;
    }
    return at == name.length()
        || at == expected.length()
        || !isLetter(name.charAt(at))
        || !isLetter(expected.charAt(at));
  }

  private static boolean isLetter(int character) {
    return (character | 0x20) >= 'a' && (character | 0x20) <= 'z';
  }

  private static String folded(String name) {
    int end = name.indexOf(0);
    return (end < 0 ? name : name.substring(0, end))
        .replace("_", "")
        .strip()
        .toUpperCase(Locale.ROOT)
        .toLowerCase(Locale.ROOT);
  }
}
