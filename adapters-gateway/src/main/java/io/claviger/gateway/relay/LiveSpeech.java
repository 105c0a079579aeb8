package io.claviger.gateway.relay;

import io.claviger.domain.usage.EstimatedUsage;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.gateway.model.LiveEvent;
import io.claviger.gateway.model.LiveMessage;

/**
 * Measures what the caller and the model have said in a session of Gemini's Live API. If the
 * provider does not state the use of a turn, this class estimates the use. A second of sound counts
 * as 32 tokens. Before the encoding in Base64, a second of the caller's sound has 32,000 bytes, and
 * a second of the model's sound has 48,000 bytes.
 */
final class LiveSpeech {
  private static final long CHARACTERS_A_TOKEN_HEARD = 1_333;
  private static final long CHARACTERS_A_TOKEN_SPOKEN = 2_000;

  private static final long SPOKEN_CHARACTERS_A_MILLISECOND = 64;

  private long context;
  private long heardCharacters;

  /** The part of {@link #heardCharacters} that was forwarded before the current turn began. */
  private long heardBeforeTurn;

  private long textBytes;
  private long spokenCharacters;
  private long writtenBytes;
  private boolean isAsked;

  /** Counts a forwarded message of the caller. */
  void said(LiveMessage message) {
    if (message.isSound()) {
      heardCharacters += message.bytes();
    } else {
      textBytes += message.bytes();
    }
    isAsked |= message.asks();
  }

  /** Called when the model begins a turn. */
  void answered() {
    isAsked = false;
    heardBeforeTurn = heardCharacters;
  }

  /** Counts a message with the model's output. */
  void heard(LiveEvent event, int bytes) {
    if (event.isSound()) {
      spokenCharacters += bytes;
    } else if (event.hasContent()) {
      writtenBytes += bytes;
    }
  }

  /** Whether it is certain that the caller has requested a turn that has not begun. */
  boolean isAsked() {
    return isAsked;
  }

  /**
   * Called at the end of a turn. In later turns, the model reads the whole session again. What the
   * caller said during the turn might already have begun another turn.
   */
  void turnEnds() {
    long heardInTurn = heardCharacters - heardBeforeTurn;
    heardCharacters = heardBeforeTurn;
    TokenUsage all = estimate();
    context = all.input() + all.output();
    heardCharacters = heardInTurn;
    textBytes = 0;
    spokenCharacters = 0;
    writtenBytes = 0;
  }

  private long heard() {
    return Math.ceilDiv(heardCharacters, CHARACTERS_A_TOKEN_HEARD);
  }

  /** The duration, in milliseconds, of the model's sound in the current turn. */
  long spokenMillis() {
    return spokenCharacters / SPOKEN_CHARACTERS_A_MILLISECOND;
  }

  /** The estimated use of the current turn, based on the sizes of messages. */
  TokenUsage estimate() {
    long spoken = Math.ceilDiv(spokenCharacters, CHARACTERS_A_TOKEN_SPOKEN);
    long output = spoken + TokenUsage.ofBytes(writtenBytes);
    long input = context + heard() + TokenUsage.ofBytes(textBytes);
    return new TokenUsage(
        input,
        output,
        new TokenParts(0, 0, 0, 0, heard(), spoken, 0, 0, 0, 0),
        new EstimatedUsage(1, input, output));
  }

  /**
   * The estimated input of a turn of which nothing has arrived. If the caller has spoken, the
   * provider might have begun such a turn, for which the model reads the whole session again.
   */
  TokenUsage unanswered() {
    if (heardCharacters == 0) {
      return TokenUsage.NONE;
    }
    TokenUsage all = estimate();
    long input = all.input() + all.output();
    return new TokenUsage(
        input,
        0,
        new TokenParts(0, 0, 0, 0, heard(), 0, 0, 0, 0, 0),
        new EstimatedUsage(1, input, 0));
  }
}
