package io.claviger.dhampsimport.rules;

/**
 * A line of the report.
 *
 * @param name as it was called there: {@code Prof.X}, {@code alice/cohere}, {@code alice/cohere
 *     dave} for what ties a thing to a user; fit to be printed
 * @param detail a phrase, perhaps empty; never a value that was refused, which may hold a key
 */
public record ReportEntry(ImportedKind kind, String name, ReportReason reason, String detail) {
  private static final int LONGEST = 200;

  public ReportEntry {
    name = printable(name);
  }

  /** What another database calls its things may hold anything. */
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
