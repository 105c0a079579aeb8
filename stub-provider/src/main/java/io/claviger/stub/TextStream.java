package io.claviger.stub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.Charset;

/**
 * The events with which an API streams a text: those before the text, one for each piece, and those
 * after it. There is one object for each call.
 */
interface TextStream {
  default String contentType() {
    return "text/event-stream";
  }

  /** The charset that encodes the events. */
  default Charset charset() {
    return UTF_8;
  }

  String opening();

  String piece(String text);

  String closing(String wholeText);
}
