package io.claviger.imports.shared;

/**
 * One line of the report.
 *
 * @param name its name in the source, with unprintable characters replaced: {@code Prof.X}, {@code
 *     alice/cohere}, or {@code alice/cohere dave} for the share of a thing with a user
 * @param detail a phrase, which may be empty; it never repeats a refused value, which may contain a
 *     key
 */
public record ReportEntry(ImportedKind kind, String name, ReportReason reason, String detail) {
  private static final int LONGEST = 200;

  public ReportEntry {
    name = printable(name);
  }

  /** Replaces unprintable characters. A name in the source may contain anything. */
  private static String printable(String text) {
    String cut = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    return cut.codePoints()
        .map(c -> isPrintable(c) ? c : '?')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static boolean isPrintable(int c) {
    int type = Character.getType(c);
    return !Character.isISOControl(c)
        && type != Character.FORMAT
        && type != Character.SURROGATE
        && type != Character.LINE_SEPARATOR
        && type != Character.PARAGRAPH_SEPARATOR;
  }
}
