package io.claviger.web.server;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** Writes tables as files of comma-separated values (RFC 4180). */
public final class Csv {
  public static final String MEDIA_TYPE = "text/csv; charset=utf-8";

  private final StringBuilder text = new StringBuilder();

  public Csv add(List<String> values) {
    text.append(values.stream().map(Csv::cell).collect(Collectors.joining(","))).append("\r\n");
    return this;
  }

  public byte[] bytes() {
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Quotes a value if that is needed. A text that begins like a formula gets an apostrophe in
   * front, because spreadsheets would otherwise run it.
   */
  private static String cell(String value) {
    String shown =
        !value.isEmpty() && "=+-@\t\r".indexOf(value.charAt(0)) >= 0 ? "'" + value : value;
    boolean plain = shown.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
    return plain ? shown : '"' + shown.replace("\"", "\"\"") + '"';
  }
}
