package io.claviger.gateway.model;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/** A message that the provider sends in a session of OpenAI's Realtime API. */
public final class SessionEvent implements JsonEvents {
  private static final int LONGEST = 64;
  private static final String TURNS = "turn_detection";
  private static final String ANSWERS = "create_response";
  private static final String IDLE = "idle_timeout_ms";

  private String type = "";
  private String refused = "";
  private boolean hasType;
  private boolean readable = true;
  private int turnsOff;
  private int turnsOn;

  /**
   * The depth of the object with the settings that say how the end of a speaker's turn is detected;
   * 0 outside of this object.
   */
  private int turns;

  private boolean isAnswered;
  private boolean isOfPreview;
  private int depth;
  private String outer = "";
  private String member = "";

  private SessionEvent() {}

  /**
   * @param message the message, which still belongs to the caller of this method and is not changed
   */
  public static SessionEvent of(ByteBuf message) {
    SessionEvent event = new SessionEvent();
    if (!new JsonScanner(event, LONGEST).readWhole(ByteBufUtil.getBytes(message))) {
      event.readable = false;
    }
    return event;
  }

  /** The type of the message; empty if the message has no clear type. */
  public String type() {
    return readable ? type : "";
  }

  /**
   * If this message is an error about a message of the caller, the id of the caller's message;
   * otherwise empty.
   */
  public String refused() {
    return isError() ? refused : "";
  }

  public boolean isError() {
    return type().equals("error");
  }

  public boolean isCreated() {
    return type().equals("response.created");
  }

  public boolean isOfResponse() {
    return type().startsWith("response.");
  }

  /** Whether the message says how much of the account's limits remains. */
  public boolean isOfLimits() {
    return type().startsWith("rate_limits.");
  }

  public boolean isUpdated() {
    return type().equals("session.updated");
  }

  /** Whether the message announces the beginning of the session, with the session's settings. */
  public boolean isBegin() {
    return type().equals("session.created");
  }

  /** Whether the session's settings have the form of the preview API. */
  public boolean isOfPreview() {
    return isOfPreview;
  }

  /** Whether the message says that the speaker has stopped. */
  public boolean isSpeechStopped() {
    return type().equals("input_audio_buffer.speech_stopped");
  }

  /** Whether the message says that the audio of a conversation turn is complete. */
  public boolean isCommitted() {
    return type().equals("input_audio_buffer.committed");
  }

  /** Whether the message shows that the session's responses begin only on request. */
  public boolean turnsAreAskedFor() {
    return readable && turnsOff > 0 && turnsOn == 0;
  }

  /** Whether the message contains a piece of the model's audio. */
  public boolean isSound() {
    return type().equals("response.output_audio.delta") || type().equals("response.audio.delta");
  }

  /** Whether the message contains a piece of the model's text. */
  public boolean isPiece() {
    return isOfResponse() && type().endsWith(".delta") && !isSound();
  }

  @Override
  public void opened(boolean array) {
    readable &= !(depth == 0 && array) && !isType();
    if (depth == 1) {
      outer = array ? "" : member;
    }
    depth++;
    if (member.equals(TURNS) && turns == 0) {
      turns = depth;
      isAnswered = true;
      isOfPreview |= depth == 3;
    }
    member = "";
  }

  @Override
  public void closed() {
    if (turns == depth) {
      turns = 0;
      turnsOn += isAnswered ? 1 : 0;
      turnsOff += isAnswered ? 0 : 1;
    }
    depth--;
    member = "";
  }

  @Override
  public void name(ScannedText name) {
    member = name.isLonger() ? "" : name.toString();
    if (isType()) {
      readable &= !hasType;
      hasType = true;
    }
  }

  private boolean isType() {
    return depth == 1 && member.equals("type");
  }

  private boolean isRefused() {
    return depth == 2 && outer.equals("error") && member.equals("event_id");
  }

  @Override
  public boolean wantsText() {
    return isType() || isRefused();
  }

  @Override
  public void text(ScannedText text) {
    String value = text.isLonger() ? "" : text.toString();
    if (isType()) {
      type = value;
    } else {
      refused = value;
    }
    member = "";
  }

  @Override
  public void literal(String literal) {
    if (turns == depth && turns > 0 && member.equals(ANSWERS)) {
      isAnswered = !literal.equals("false");
      member = "";
    } else if (member.equals(TURNS) && literal.equals("null")) {
      turnsOff++;
      isOfPreview |= depth == 2;
      member = "";
    } else {
      other();
    }
  }

  @Override
  public void number(ScannedNumber number) {
    if (turns == depth && turns > 0 && member.equals(IDLE)) {
      turnsOn++; // a response to silence begins without a request, too
    }
    other();
  }

  @Override
  public void other() {
    readable &= depth > 0 && !isType();
    turnsOn += member.equals(TURNS) ? 1 : 0;
    member = "";
  }
}
