package io.claviger.stub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.Charset;

/**
 * The events with which an API streams a text: the events before the text, one event for each piece
 * of it, and the events after it. Each call has its own object of this type.
 */
interface TextStream {
  default String contentType() {
    return "text/event-stream";
  }

  /** The charset in which the events are encoded. */
  default Charset charset() {
    return UTF_8;
  }

  String opening();

  String piece(String text);

  String closing(String wholeText);
}
