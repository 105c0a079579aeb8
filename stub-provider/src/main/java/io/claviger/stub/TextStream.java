package io.claviger.stub;

/**
 * The events with which an API streams a text: those before the text, one for each piece, and those
 * after it. There is one object for each call.
 */
interface TextStream {
  default String contentType() {
    return "text/event-stream";
  }

  String opening();

  String piece(String text);

  String closing(String wholeText);
}
