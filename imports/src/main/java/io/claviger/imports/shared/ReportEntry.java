package io.claviger.imports.shared;

/**
 * One entry of the report, printed as one line.
 *
 * @param name the thing's name in the source, such as {@code Prof.X} or {@code alice/cohere}.
 *     Unprintable characters are replaced. A share has a name such as {@code alice/cohere dave}
 * @param detail a phrase without unprintable characters; the phrase can be empty. The phrase never
 *     repeats a refused value, which might contain a key
 */
public record ReportEntry(ImportedKind kind, String name, ReportReason reason, String detail) {
  private static final int LONGEST_NAME = 200;
  private static final int LONGEST_DETAIL = 1_000;

  public ReportEntry {
    name = printable(name, LONGEST_NAME);
    detail = printable(detail, LONGEST_DETAIL);
  }

  /** Replaces unprintable characters. Names in the source can contain any characters. */
  private static String printable(String text, int longest) {
    String cut = text.length() <= longest ? text : text.substring(0, longest) + "…";
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
