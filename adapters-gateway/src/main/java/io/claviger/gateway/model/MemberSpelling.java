package io.claviger.gateway.model;

import java.util.Locale;

/** Compares the names of members with the names that the documentation of a provider contains. */
final class MemberSpelling {
  private MemberSpelling() {}

  static boolean is(ScannedText name, String expected) {
    return mayBe(name, expected) && expected.contentEquals(name);
  }

  /**
   * Whether some parsers may treat a name as the expected name, although it is spelled differently.
   */
  static boolean isLike(ScannedText name, String expected) {
    return mayBe(name, expected)
        && agreesAtFirst(name, expected)
        && folded(name.toString()).equals(folded(expected));
  }

  /**
   * Whether the first character of a name permits that the name is a spelling of the expected name.
   * This check is cheap and excludes most names.
   */
  private static boolean mayBe(ScannedText name, String expected) {
    if (name.isLonger() || name.length() == 0) {
      return false;
    }
    char first = name.charAt(0);
    return (first | 0x20) == expected.charAt(0) || first == '_' || first <= ' ' || first > 0x7f;
  }

  /**
   * False if the first difference between two names, apart from case, is a difference between two
   * letters: no parser leaves out letters.
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
