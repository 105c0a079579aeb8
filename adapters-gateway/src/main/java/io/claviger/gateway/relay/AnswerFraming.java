package io.claviger.gateway.relay;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Locale;

/** The way in which an answer contains its JSON documents. */
enum AnswerFraming {
  /**
   * The answer is not JSON. The content of the answer may be text that the caller or a model wrote.
   */
  NONE,
  /** One document, or several documents that directly follow one another. */
  DOCUMENT,
  /** The answer contains one JSON document on each line. */
  LINES,
  /** Server-sent events, each with one document as its data. */
  EVENTS,
  /** Amazon's frames, each of which contains one document. */
  FRAMES;

  /**
   * Returns the framing of an answer with these headers. An answer without a content type is
   * treated as one JSON document.
   */
  static AnswerFraming of(HttpHeaders headers) {
    if (EventStreamBoundary.isEventStream(headers)) {
      return EVENTS;
    }
    if (EventStreamBoundary.hasLines(headers)) {
      return LINES;
    }
    String given = headers.get(HttpHeaderNames.CONTENT_TYPE, "");
    if (EventFrames.are(headers)) {
      return FRAMES;
    }
    int parameters = given.indexOf(';');
    String type =
        (parameters < 0 ? given : given.substring(0, parameters)).strip().toLowerCase(Locale.ROOT);
    boolean json = type.isEmpty() || type.endsWith("/json") || type.endsWith("+json");
    return json ? DOCUMENT : NONE;
  }
}
