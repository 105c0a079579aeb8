package io.claviger.gateway.relay;

import io.claviger.domain.usage.EstimatedUsage;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.gateway.model.LiveEvent;
import io.claviger.gateway.model.LiveMessage;

/**
 * How much was said in a session of Gemini's Live API, for the turns whose use the provider does
 * not state. A second of sound has 32 tokens; it has 32,000 bytes from the caller and 48,000 from
 * the model, and is sent in Base64.
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

  /** A message of the caller passes. */
  void said(LiveMessage message) {
    if (message.isSound()) {
      heardCharacters += message.bytes();
    } else {
      textBytes += message.bytes();
    }
    isAsked |= message.asks();
  }

  /** A turn of the model begins. */
  void answered() {
    isAsked = false;
  }

  /** A message of the model. */
  void heard(LiveEvent event, int bytes) {
    if (event.isSound()) {
      spokenCharacters += bytes;
    } else if (event.hasContent()) {
      writtenBytes += bytes;
    }
  }

  /** Whether a turn was surely asked for and has not begun. */
  boolean isAsked() {
    return isAsked;
  }

  /** The turn is over. The model reads all of it again in each further turn. */
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

  /** What the turn that is under way has used, as far as sizes tell it. */
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

  /** What was said aloud since the last turn, which no turn has answered. */
  TokenUsage unanswered() {
    return new TokenUsage(
        heard(),
        0,
        new TokenParts(0, 0, 0, 0, heard(), 0, 0, 0, 0, 0),
        new EstimatedUsage(1, heard(), 0));
  }
}
