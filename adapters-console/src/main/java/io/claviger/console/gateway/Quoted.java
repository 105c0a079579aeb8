package io.claviger.console.gateway;

/**
 * Writes a text as a literal of the language that it is pasted into. People choose the names of
 * models, so a name must never become part of a command.
 */
final class Quoted {
  private Quoted() {}

  /** Returns a literal of POSIX shells, in which nothing is expanded. */
  static String shell(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  /** Returns a literal that JSON, TOML, Java, JavaScript and Python all read as this text. */
  static String code(String text) {
    StringBuilder literal = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        literal.append('\\').append(c);
      } else if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
        literal.append(String.format("\\u%04x", (int) c));
      } else {
        literal.append(c);
      }
    }
    return literal.append('"').toString();
  }
}
