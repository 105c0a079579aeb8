package io.claviger.stub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.Charset;

/**
 * The events with which an API streams a text: events before the text, one event for each piece,
 * and events after the text. Each call has its own object of this type.
 */
interface TextStream {
  default String contentType() {
    return "text/event-stream";
  }

  default Charset charset() {
    return UTF_8;
  }

  String opening();

  String piece(String text);

  String closing(String wholeText);
}
