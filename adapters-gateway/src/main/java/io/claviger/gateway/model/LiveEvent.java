package io.claviger.gateway.model;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Set;

/** A message that the provider sends in a session of Gemini's Live API. */
public final class LiveEvent implements JsonEvents {
  private static final int LONGEST = 64;
  private static final Set<String> OF_TURN =
      Set.of("modelTurn", "outputTranscription", "groundingMetadata", "urlContextMetadata");

  private boolean readable = true;
  private boolean hasContent;
  private boolean ends;
  private boolean hasUsage;
  private boolean isSetUp;
  private boolean tellsHandle;
  private boolean hasError;
  private boolean isSound;
  private int depth;
  private String outer = "";
  private String member = "";

  private LiveEvent() {}

  /**
   * @param message the message, which still belongs to the caller of this method and is not changed
   */
  public static LiveEvent of(ByteBuf message) {
    LiveEvent event = new LiveEvent();
    if (!new JsonScanner(event, LONGEST).readWhole(ByteBufUtil.getBytes(message))) {
      event.readable = false;
    }
    return event;
  }

  /** Whether the message is a JSON object. */
  public boolean isReadable() {
    return readable;
  }

  /** Whether the message contains the model's output, such as text, audio or a function call. */
  public boolean hasContent() {
    return hasContent;
  }

  /**
   * Whether the message says that the model has finished, was interrupted, or waits for function
   * results.
   */
  public boolean ends() {
    return ends;
  }

  public boolean hasUsage() {
    return hasUsage;
  }

  /** Whether the message says that the setup of the session is complete. */
  public boolean isSetUp() {
    return isSetUp;
  }

  /**
   * Whether the message contains a handle with which the session can be resumed. The provider
   * stores such a session.
   */
  public boolean tellsHandle() {
    return tellsHandle;
  }

  /** Whether the message contains an error. */
  public boolean hasError() {
    return hasError;
  }

  /** Whether the message contains generated audio. */
  public boolean isSound() {
    return isSound;
  }

  @Override
  public void opened(boolean array) {
    readable &= !(depth == 0 && array);
    if (depth == 1) {
      outer = member;
      isSetUp |= member.equals("setupComplete");
      hasUsage |= member.equals("usageMetadata");
      tellsHandle |= member.equals("sessionResumptionUpdate");
      hasError |= member.equals("error");
      boolean calls = member.equals("toolCall");
      hasContent |= calls;
      ends |= calls;
    } else if (depth == 2 && outer.equals("serverContent")) {
      hasContent |= OF_TURN.contains(member);
    }
    isSound |= member.equals("inlineData");
    depth++;
    member = "";
  }

  @Override
  public void closed() {
    depth--;
    member = "";
  }

  @Override
  public void name(ScannedText name) {
    member = name.isLonger() ? "" : name.toString();
  }

  @Override
  public boolean wantsText() {
    return false;
  }

  @Override
  public void text(ScannedText text) {
    member = "";
  }

  @Override
  public void literal(String literal) {
    ends |=
        depth == 2
            && outer.equals("serverContent")
            && literal.equals("true")
            && (member.equals("turnComplete") || member.equals("interrupted"));
    other();
  }

  @Override
  public void other() {
    readable &= depth > 0;
    member = "";
  }
}
