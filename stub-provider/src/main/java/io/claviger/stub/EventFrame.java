package io.claviger.stub;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

/**
 * Amazon's event frames, created by AWS's own library. Each frame is a text with one character for
 * each byte.
 */
final class EventFrame {
  static final String CONTENT_TYPE = "application/vnd.amazon.eventstream";

  private EventFrame() {}

  static String of(String type, String json) {
    Map<String, HeaderValue> headers = new LinkedHashMap<>();
    headers.put(":event-type", HeaderValue.fromString(type));
    headers.put(":content-type", HeaderValue.fromString("application/json"));
    headers.put(":message-type", HeaderValue.fromString("event"));
    Message message = new Message(headers, json.getBytes(UTF_8));
    return ISO_8859_1.decode(message.toByteBuffer()).toString();
  }
}
