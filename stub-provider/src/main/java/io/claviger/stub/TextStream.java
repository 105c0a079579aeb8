package io.claviger.stub;

/**
 * A text as an API streams it: the events before it, one for each piece of it, those after it. One
 * for each call.
 */
interface TextStream {
  default String contentType() {
    return "text/event-stream";
  }

  String opening();

  String piece(String text);

  String closing(String wholeText);
}
