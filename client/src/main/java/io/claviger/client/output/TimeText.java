package io.claviger.client.output;

import io.claviger.client.json.JsonTrees;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Writes times as people read them, in their own zone. */
public final class TimeText {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneId.systemDefault());

  private TimeText() {}

  public static String words(Instant time) {
    return FORMAT.format(time);
  }

  /** Returns the time in a field; a dash if there is none. */
  public static String words(JsonNode object, String field) {
    return JsonTrees.time(object, field).map(TimeText::words).orElse("-");
  }
}
