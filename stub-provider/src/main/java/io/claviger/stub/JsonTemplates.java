package io.claviger.stub;

import tools.jackson.core.io.JsonStringEncoder;

/** Writes texts as JSON strings. The stub puts them into its templates of responses. */
final class JsonTemplates {
  private JsonTemplates() {}

  /** Returns a text as a JSON string with its quotation marks. */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 16).append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, quoted);
    return quoted.append('"').toString();
  }

  /** Joins the lines of a template into one line, for the data of a server-sent event. */
  static String oneLine(String template) {
    return template.replaceAll("\n\\s*", "");
  }
}
