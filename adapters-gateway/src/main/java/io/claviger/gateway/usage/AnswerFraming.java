package io.claviger.gateway.usage;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Locale;

/** How an answer contains JSON documents. */
enum AnswerFraming {
  /** The answer is not JSON. The answer can contain text by the caller or a model. */
  NONE,
  /** One JSON document, or several JSON documents without anything between them. */
  DOCUMENT,
  /** One JSON document per line. */
  LINES,
  /** Server-sent events, each with one JSON document as its data. */
  EVENTS,
  /** Amazon's frames, each with one JSON document. */
  FRAMES;

  /**
   * Returns the framing of an answer with these headers. Without a content type, the answer counts
   * as one JSON document.
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
