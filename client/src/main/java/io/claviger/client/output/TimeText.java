package io.claviger.client.output;

import io.claviger.client.json.JsonTrees;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Writes human-readable times in this machine's time zone. */
public final class TimeText {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneId.systemDefault());

  private static final DateTimeFormatter EXACT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss xxx", Locale.ROOT)
          .withZone(ZoneId.systemDefault());

  private TimeText() {}

  public static String words(Instant time) {
    return FORMAT.format(time);
  }

  /**
   * Returns the time in a field, including seconds and the time zone; a dash if the field contains
   * no time.
   */
  public static String exact(JsonNode object, String field) {
    return JsonTrees.time(object, field).map(EXACT::format).orElse("-");
  }

  /** Returns the time in a field; a dash if the field contains no time. */
  public static String words(JsonNode object, String field) {
    return JsonTrees.time(object, field).map(TimeText::words).orElse("-");
  }
}
