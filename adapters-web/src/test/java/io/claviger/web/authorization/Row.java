package io.claviger.web.authorization;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One line of the table: a request, and the status that each caller gets for it.
 *
 * @param path with {@code $name} for an id that is known only once there is something
 * @param body empty for a request without one
 */
record Row(String method, String path, Map<CallerRole, Integer> statuses, Optional<String> body) {
  private static final String TABLE = "/authorization.txt";
  private static final int BEFORE_STATUSES = 2;

  /** Reads the table. Its first line must name the columns in the order of {@link CallerRole}. */
  static List<Row> all() {
    List<String> lines =
        text().lines().filter(l -> !l.isBlank() && !l.startsWith("#")).map(String::strip).toList();
    List<String> columns = Arrays.asList(lines.get(0).toUpperCase(Locale.ROOT).split("\\s+", -1));
    List<String> callers = Arrays.stream(CallerRole.values()).map(CallerRole::name).toList();
    if (!columns.subList(BEFORE_STATUSES, columns.size()).equals(callers)) {
      throw new IllegalStateException("the columns of the table are " + columns);
    }
    return lines.stream().skip(1).map(Row::of).toList();
  }

  private static Row of(String line) {
    int body = BEFORE_STATUSES + CallerRole.values().length;
    List<String> parts = Arrays.asList(line.split("\\s+", body + 1));
    Iterator<String> statuses = parts.subList(BEFORE_STATUSES, body).iterator();
    Map<CallerRole, Integer> byCaller = new EnumMap<>(CallerRole.class);
    for (CallerRole who : CallerRole.values()) {
      byCaller.put(who, Integer.valueOf(statuses.next()));
    }
    return new Row(parts.get(0), parts.get(1), byCaller, parts.stream().skip(body).findFirst());
  }

  private static String text() {
    try (InputStream in = Row.class.getResourceAsStream(TABLE)) {
      if (in == null) {
        throw new IllegalStateException(TABLE + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return method + " " + path + body.map(b -> " " + b).orElse("");
  }
}
