package io.claviger.stub;

import java.util.function.Consumer;

/**
 * The ways in which a stub provider can answer a call. A caller requests a behaviour by a model
 * name in the body or in the path, because any proxy forwards a model name. A test that can't
 * choose the model sets the behaviour with {@link StubProvider#respondNextWith}. A call that names
 * no model requests a behaviour by the query parameter {@code stub}, by the field {@code
 * metadata.stub}, or by the name of the file that it sends, up to the first dot.
 *
 * <p>Words in capitals represent numbers or names. Streams have the form of the called API.
 *
 * <ul>
 *   <li>{@code stub-status-CODE}, {@code stub-status-CODE-retry-after-SECONDS}: an error in the
 *       form of the API
 *   <li>{@code stub-unauthorized}: 401; {@code stub-gemini-key-invalid}: Gemini's 400 instead
 *   <li>{@code stub-redirect}: 302 to {@code /redirected} on the same host
 *   <li>{@code stub-echo-key-header}, {@code -body}, {@code -error}, {@code -stream}: repeats the
 *       presented key. The error (400) also has its first and last six characters. The stream
 *       splits the key between two chunks at every position, and finally at all positions at once
 *   <li>{@code stub-echo-header-NAME}: repeats the value of that request header in a header and the
 *       body
 *   <li>{@code stub-slow-first-byte-MILLIS}: a healthy response after a delay
 *   <li>{@code stub-stall-after-headers}, {@code stub-stall-mid-stream}: sends nothing more from
 *       this point on
 *   <li>{@code stub-chunk-delay-MILLIS-count-N}: a stream of N pieces with a delay between them
 *   <li>{@code stub-late-end-MILLIS}: a stream that sends its last chunk this long after its last
 *       event
 *   <li>{@code stub-reset}, {@code stub-half-header}: resets the connection before a response;
 *       closes it within the response's head
 *   <li>{@code stub-reset-mid-stream}, {@code stub-close-mid-stream}: resets or closes the
 *       connection without a last chunk
 *   <li>{@code stub-lying-length}: closes the connection before the announced length is sent
 *   <li>{@code stub-close}: a healthy response, then closes a connection that should stay open
 *   <li>{@code stub-big-BYTES}: a body of that size, sent no faster than it is read
 *   <li>{@code stub-early-answer}: a healthy response before the request's body is complete; the
 *       rest of the body is then read as usual
 *   <li>{@code stub-many-headers-N}: a healthy response with that many additional headers
 *   <li>{@code stub-gzip}: a correct response in an encoding that nobody requested
 *   <li>{@code stub-dashes-BYTES}: an error (400) with that many dashes as its body
 *   <li>{@code stub-folded-key}: a header with the presented key, folded in the middle
 *   <li>{@code stub-endless-head}, {@code stub-endless-interim}: sends header fields, or interim
 *       responses, until the connection ends
 *   <li>{@code stub-hostile-text}, {@code stub-hostile-error}: a healthy response, or an error
 *       (400), whose text has markup, marks of direction, emoji and a word of 10,000 characters
 *   <li>{@code stub-low-status}: a response with the status 20 and a body that never ends
 *   <li>{@code stub-set-cookie}: a healthy response with headers that must not reach a caller
 *   <li>{@code stub-other-id}, {@code stub-two-ids}, {@code stub-no-id}, {@code
 *       stub-long-id-CHARACTERS}: a healthy response, but its first id belongs to another object of
 *       the account, follows another id in the same JSON object, is missing, or has that many
 *       characters
 *   <li>{@code stub-end-before-id}, {@code stub-end-after-id}: closes the connection within the
 *       response, before or after its first id
 *   <li>{@code stub-foreign-url}: a healthy response whose URLs, such as those for uploads, belong
 *       to another host
 *   <li>{@code stub-foreign-list}, {@code stub-list-N}: a list with entries that are no objects of
 *       the API; a list with N entries, sent no faster than the caller reads
 * </ul>
 *
 * A name that begins with {@code stub-} but is not in this list is answered with 400, so that a
 * misspelt name does not look like success.
 */
public final class Behaviour {
  /** Answers like a healthy provider. */
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
   * @throws IllegalArgumentException when there is no such behaviour
   */
  public static Behaviour named(String name) {
    Behaviour found = Triggers.find(name);
    if (found == null) {
      throw new IllegalArgumentException("no behaviour is called " + name);
    }
    return found;
  }

  /** Returns the behaviour for a call of a model. Any name is accepted. */
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
