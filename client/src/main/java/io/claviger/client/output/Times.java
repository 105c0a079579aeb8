package io.claviger.client.output;

import io.claviger.client.json.Json;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Times as people read them, in their own zone. */
public final class Times {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneId.systemDefault());

  private Times() {}

  public static String words(Instant time) {
    return FORMAT.format(time);
  }

  /** The time in a field; a dash where there is none. */
  public static String words(JsonNode object, String field) {
    return Json.time(object, field).map(Times::words).orElse("-");
  }
}
