package io.claviger.stub;

import java.util.function.Consumer;

/**
 * The ways in which a stub provider can answer a call, correctly or wrongly. A caller requests a
 * behaviour with the model's name in the body or in the path, because any proxy forwards this name.
 * A test that can't choose the model's name sets the behaviour with {@link
 * StubProvider#respondNextWith}. A call without a model's name requests a behaviour with the query
 * parameter {@code stub}, with the field {@code metadata.stub}, or with the part of a sent file's
 * name before the first dot.
 *
 * <p>In the following list, words in capitals stand for numbers or names. A stream has the form of
 * the called API.
 *
 * <ul>
 *   <li>{@code stub-status-CODE}, {@code stub-status-CODE-retry-after-SECONDS}: an error in the
 *       form of the API
 *   <li>{@code stub-unauthorized}: an error with status 401; {@code stub-gemini-key-invalid}: the
 *       error with status 400 that Gemini returns instead; {@code stub-aws-key-expired}: the error
 *       with status 403 that AWS returns for an expired key
 *   <li>{@code stub-content-filter}: the error with status 400 of Azure's content filter
 *   <li>{@code stub-redirect}: a redirect (302) to {@code /redirected} on the same host
 *   <li>{@code stub-echo-key-header}, {@code -body}, {@code -error}, {@code -stream}: repeats the
 *       presented key. The error (400) also repeats the first and the last six characters of the
 *       key. The stream repeats the key several times: first divided between two chunks, once at
 *       each position, and finally with each byte in a chunk of its own
 *   <li>{@code stub-echo-header-NAME}: repeats the value of the request header with this name, in a
 *       header and in the body
 *   <li>{@code stub-slow-first-byte-MILLIS}: a healthy response after a delay
 *   <li>{@code stub-stall-after-headers}, {@code stub-stall-mid-stream}: sends nothing more after
 *       the headers, or in the middle of the stream
 *   <li>{@code stub-chunk-delay-MILLIS-count-N}: a stream of N pieces, with a delay between them
 *   <li>{@code stub-late-end-MILLIS}: a stream whose last chunk follows its last event after this
 *       time
 *   <li>{@code stub-reset}, {@code stub-half-header}: the first behaviour resets the connection
 *       before a response. The second behaviour closes the connection within the head of the
 *       response
 *   <li>{@code stub-reset-mid-stream}, {@code stub-close-mid-stream}: resets or closes the
 *       connection without sending a last chunk
 *   <li>{@code stub-lying-length}: closes the connection before sending the announced number of
 *       bytes
 *   <li>{@code stub-close}: a healthy response, after which the stub closes a connection that
 *       should stay open
 *   <li>{@code stub-big-BYTES}: a body of this size, sent no faster than the caller reads it
 *   <li>{@code stub-early-answer}: a healthy response before the request's body is complete. The
 *       rest of the body is then read as usual
 *   <li>{@code stub-many-headers-N}: a healthy response with N additional headers
 *   <li>{@code stub-gzip}: a correct response in an encoding that the caller did not request
 *   <li>{@code stub-dashes-BYTES}: an error (400) with this many dashes as its body
 *   <li>{@code stub-folded-key}: a header with the presented key, folded in the middle of the key
 *   <li>{@code stub-endless-head}, {@code stub-endless-interim}: sends header fields, or interim
 *       responses, until the connection ends
 *   <li>{@code stub-hostile-text}, {@code stub-hostile-error}: a healthy response, or an error
 *       (400), with a hostile text. The text contains markup, control characters for the direction
 *       of text, emoji and a word of 10,000 characters
 *   <li>{@code stub-low-status}: a response with the invalid status 20 and a body that never ends
 *   <li>{@code stub-set-cookie}: a healthy response with headers that a gateway must not forward to
 *       a caller
 *   <li>{@code stub-other-id}, {@code stub-two-ids}, {@code stub-no-id}, {@code
 *       stub-long-id-CHARACTERS}: a healthy response with a wrong first id. The id belongs to
 *       another object of the account, follows another id in the same JSON object, is missing, or
 *       has this many characters
 *   <li>{@code stub-end-before-id}, {@code stub-end-after-id}: closes the connection within the
 *       response, before or after the first id
 *   <li>{@code stub-foreign-url}: a healthy response whose URLs, such as those for uploads, lead to
 *       another host
 *   <li>{@code stub-foreign-list}, {@code stub-list-N}: the first is a list with entries that are
 *       not objects of the API; the second is a list with N entries, sent no faster than the caller
 *       reads it
 * </ul>
 *
 * A name that begins with {@code stub-} but is not in this list is answered with 400, so that a
 * misspelt name does not look like success.
 */
public final class Behaviour {
  /** Answers as a healthy provider does. */
  static final Behaviour PROPER = new Behaviour(Streaming::proper, false);

  private final Consumer<StubExchange> how;
  private final boolean early;

  Behaviour(Consumer<StubExchange> how, boolean early) {
    this.how = how;
    this.early = early;
  }

  /**
   * Finds a behaviour by name.
   *
   * @throws IllegalArgumentException when there is no behaviour with the given name
   */
  public static Behaviour named(String name) {
    Behaviour found = Triggers.find(name);
    if (found == null) {
      throw new IllegalArgumentException("no behaviour is called " + name);
    }
    return found;
  }

  /** Returns the behaviour that a model's name requests. The stub accepts any model's name. */
  static Behaviour asked(String model) {
    if (!model.startsWith("stub-")) {
      return PROPER;
    }
    Behaviour found = Triggers.find(model);
    return found != null ? found : new Behaviour(Refusals.unknown(model), false);
  }

  void answer(StubExchange exchange) {
    try {
      how.accept(exchange);
    } catch (BadCall bad) {
      exchange.send(exchange.call().format().refusal(400, String.valueOf(bad.getMessage())));
    } catch (Refused refused) {
      exchange.send(refused.response());
    }
  }

  /** Whether the response begins before the request's body is complete. */
  boolean isEarly() {
    return early;
  }
}
