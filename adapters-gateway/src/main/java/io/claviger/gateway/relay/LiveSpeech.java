package io.claviger.gateway.relay;

import io.claviger.domain.usage.EstimatedUsage;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.gateway.model.LiveEvent;
import io.claviger.gateway.model.LiveMessage;

/**
 * Measures how much was said in a session of Gemini's Live API, by the caller and by the model.
 * From these amounts, this class estimates the use of each turn whose use the provider does not
 * state. A second of sound is counted as 32 tokens. Before the sound is encoded in Base64, a second
 * of the caller's sound has 32,000 bytes, and a second of the model's sound has 48,000 bytes.
 */
final class LiveSpeech {
  private static final long CHARACTERS_A_TOKEN_HEARD = 1_333;
  private static final long CHARACTERS_A_TOKEN_SPOKEN = 2_000;

  private long context;
  private long heardCharacters;
  private long textBytes;
  private long spokenCharacters;
  private long writtenBytes;
  private boolean isAsked;

  /** Counts a message of the caller that is forwarded. */
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
  }

  /** Counts a message with output of the model. */
  void heard(LiveEvent event, int bytes) {
    if (event.isSound()) {
      spokenCharacters += bytes;
    } else if (event.hasContent()) {
      writtenBytes += bytes;
    }
  }

  /** Whether it is certain that the caller has requested a turn which has not begun yet. */
  boolean isAsked() {
    return isAsked;
  }

  /**
   * Called when the turn has ended. In each further turn, the model reads the whole session again.
   */
  void turnEnds() {
    TokenUsage all = estimate();
    context = all.input() + all.output();
    heardCharacters = 0;
    textBytes = 0;
    spokenCharacters = 0;
    writtenBytes = 0;
  }

  private long heard() {
    return Math.ceilDiv(heardCharacters, CHARACTERS_A_TOKEN_HEARD);
  }

  /** The use of the current turn, estimated from the sizes of the messages. */
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
   * The number of tokens of sound that has arrived since the last turn, and that the model has not
   * answered yet.
   */
  TokenUsage unanswered() {
    return new TokenUsage(
        heard(),
        0,
        new TokenParts(0, 0, 0, 0, heard(), 0, 0, 0, 0, 0),
        new EstimatedUsage(1, heard(), 0));
  }
}
