package io.claviger.stub;

import tools.jackson.core.io.JsonStringEncoder;

/** Texts as JSON strings, for answers that are written out as templates. */
final class Json {
  private Json() {}

  /** The text as a JSON string, its quotation marks included. */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 16).append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, quoted);
    return quoted.append('"').toString();
  }

  /** A template on several lines as one line, for the data of a server-sent event. */
  static String oneLine(String template) {
    return template.replaceAll("\n\\s*", "");
  }
}
