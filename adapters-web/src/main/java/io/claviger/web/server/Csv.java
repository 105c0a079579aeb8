package io.claviger.web.server;

import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.web.problems.Problems;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes tables as files with comma-separated values (RFC 4180). */
public final class Csv {
  public static final String MEDIA_TYPE = "text/csv; charset=utf-8";

  /**
   * A place within a value where a formula would begin a cell, if the spreadsheet's settings
   * separate cells by semicolons or tabs. Quotation marks in the file do not prevent such a
   * formula: they are not at the beginning of a cell, and can themselves begin the next cell.
   */
  private static final Pattern HIDDEN_FORMULA =
      Pattern.compile("(?<=[;\\t\\r\\n])(?=[ \"]*+[-=+@\uff0d\uff1d\uff0b\uff20])");

  /**
   * The characters with which a formula can begin. Some spreadsheets also accept the wide forms of
   * these characters.
   */
  private static final String BEGINNINGS = "=+-@\t\r\uff1d\uff0b\uff0d\uff20";

  private final StringBuilder text = new StringBuilder();

  public Csv add(List<String> values) {
    text.append(values.stream().map(Csv::cell).collect(Collectors.joining(","))).append("\r\n");
    return this;
  }

  public byte[] bytes() {
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Quotes a value if CSV requires quotation marks. A text that looks like a formula gets a leading
   * apostrophe, because spreadsheets would otherwise calculate the formula. The apostrophe is also
   * inserted within the value, where another cell could begin.
   */
  private static String cell(String value) {
    String guarded = HIDDEN_FORMULA.matcher(value).replaceAll("'");
    String shown =
        !value.isEmpty() && BEGINNINGS.indexOf(value.charAt(0)) >= 0 ? "'" + guarded : guarded;
    boolean plain = shown.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
    return plain ? shown : '"' + shown.replace("\"", "\"\"") + '"';
  }

  /**
   * A whole list as a file of comma-separated values. Each part of the file contains one page of
   * the list. The first part begins with the names of the columns.
   *
   * @param <T> the type of the list's items
   * @param <P> the type of the position at which a page begins
   */
  public static final class OfList<T, P> implements Iterator<byte[]> {
    private final List<String> columns;
    private final Function<PageRequest<P>, Outcome<Page<T, P>>> list;
    private final Function<T, Optional<List<String>>> row;
    private Optional<P> after = Optional.empty();
    private int left;
    private boolean begun;

    /**
     * @param row a function that returns the values of an item's row; if it returns nothing, the
     *     file leaves out the item
     */
    public OfList(
        List<String> columns,
        Function<PageRequest<P>, Outcome<Page<T, P>>> list,
        Function<T, Optional<List<String>>> row) {
      this(columns, list, row, Integer.MAX_VALUE);
    }

    /**
     * @param row a function that returns the values of an item's row; if it returns nothing, the
     *     file leaves out the item
     * @param most the maximum number of items; the file ends after them
     */
    public OfList(
        List<String> columns,
        Function<PageRequest<P>, Outcome<Page<T, P>>> list,
        Function<T, Optional<List<String>>> row,
        int most) {
      this.columns = columns;
      this.list = list;
      this.row = row;
      this.left = most;
    }

    @Override
    public boolean hasNext() {
      return !begun || (after.isPresent() && left > 0);
    }

    @Override
    public byte[] next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Page<T, P> page =
          Problems.valueOf(
              list.apply(new PageRequest<>(after, Math.min(PageRequest.MAX_LIMIT, left))));
      Csv part = new Csv();
      if (!begun) {
        part.add(columns);
      }
      begun = true;
      after = page.next();
      left -= page.items().size();
      page.items().stream().map(row).flatMap(Optional::stream).forEach(part::add);
      return part.bytes();
    }
  }
}
