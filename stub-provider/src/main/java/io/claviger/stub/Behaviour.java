package io.claviger.stub;

import java.util.function.Consumer;

/**
 * What a stub provider does with a call. A caller asks for one by a model name, in the body or in
 * the path, since that passes any proxy; a test that can't choose the model orders it with {@link
 * StubProvider#respondNextWith}.
 *
 * <p>Numbers stand for the words in capitals. Streams are those of the API called.
 *
 * <ul>
 *   <li>{@code stub-status-CODE}, {@code stub-status-CODE-retry-after-SECONDS}: an error in the
 *       form of the API
 *   <li>{@code stub-unauthorized}: 401; {@code stub-gemini-key-invalid}: Gemini's 400 for the same
 *   <li>{@code stub-redirect}: 302 to {@code /redirected} on the same host
 *   <li>{@code stub-echo-key-header}, {@code -body}, {@code -error}, {@code -stream}: gives the
 *       presented key back; the error (400) also its first and last six characters, the stream
 *       split between two chunks at every place and at last at all of them
 *   <li>{@code stub-echo-header-NAME}: gives the value of that request header back, in a header and
 *       the body
 *   <li>{@code stub-slow-first-byte-MILLIS}: a good answer, late
 *   <li>{@code stub-stall-after-headers}, {@code stub-stall-mid-stream}: says no more from there on
 *   <li>{@code stub-chunk-delay-MILLIS-count-N}: a stream of N pieces, so far apart
 *   <li>{@code stub-reset}, {@code stub-half-header}: resets before an answer; closes within the
 *       head of one
 *   <li>{@code stub-reset-mid-stream}, {@code stub-close-mid-stream}: resets, or closes, without a
 *       last chunk
 *   <li>{@code stub-lying-length}: closes before the length it has announced
 *   <li>{@code stub-close}: a good answer, then closes although the connection was to be kept
 *   <li>{@code stub-big-BYTES}: so many bytes, no faster than they are read
 *   <li>{@code stub-early-answer}: a good answer before the body is complete; the rest of it is
 *       then read as usual
 *   <li>{@code stub-many-headers-N}: a good answer with so many headers more
 *   <li>{@code stub-gzip}: a good answer in an encoding nobody asked for
 *   <li>{@code stub-dashes-BYTES}: an error (400) whose body is so many dashes
 *   <li>{@code stub-folded-key}: a header with the presented key, folded in its middle
 *   <li>{@code stub-endless-head}, {@code stub-endless-interim}: header fields, or interim answers,
 *       until the connection ends
 *   <li>{@code stub-low-status}: a status of 20, and a body without an end
 *   <li>{@code stub-set-cookie}: a good answer with headers that must not reach a caller
 * </ul>
 *
 * A name that begins like these and is none of them is answered 400, so that a misspelt one does
 * not pass for good.
 */
public final class Behaviour {
  /** Answers as a healthy provider. */
  static final Behaviour PROPER = new Behaviour(Streaming::proper, false);

  private final Consumer<StubExchange> how;
  private final boolean early;

  Behaviour(Consumer<StubExchange> how, boolean early) {
    this.how = how;
    this.early = early;
  }

  /**
   * The behaviour of that name.
   *
   * @throws IllegalArgumentException where there is none
   */
  public static Behaviour named(String name) {
    Behaviour found = Triggers.find(name);
    if (found == null) {
      throw new IllegalArgumentException("no behaviour is called " + name);
    }
    return found;
  }

  /** What a call of that model is answered with, whatever the name. */
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
    }
  }

  /** Whether it starts before the body is complete. */
  boolean isEarly() {
    return early;
  }
}
