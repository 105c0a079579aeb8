package io.claviger.gateway.model;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/** What a message of the provider says in a session of OpenAI's Realtime API. */
public final class SessionEvent implements JsonEvents {
  private static final int LONGEST = 64;
  private static final String TURNS = "turn_detection";

  private String type = "";
  private String refused = "";
  private boolean hasType;
  private boolean readable = true;
  private int turnsOff;
  private int turnsOn;
  private int depth;
  private String outer = "";
  private String member = "";

  private SessionEvent() {}

  /**
   * @param message stays with the caller, and is not changed
   */
  public static SessionEvent of(ByteBuf message) {
    SessionEvent event = new SessionEvent();
    byte[] bytes = ByteBufUtil.getBytes(message);
    JsonScanner scanner = new JsonScanner(event, LONGEST);
    try {
      scanner.read(bytes, 0, bytes.length);
      scanner.end();
    } catch (MalformedBody e) {
      event.readable = false;
    }
    return event;
  }

  /** The type; empty if the message states none clearly. */
  public String type() {
    return readable ? type : "";
  }

  /** The id of the message of which an error says that it is refused; empty if there is none. */
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

  /** Whether it says what the provider still allows the account. */
  public boolean isOfLimits() {
    return type().startsWith("rate_limits.");
  }

  public boolean isUpdated() {
    return type().equals("session.updated");
  }

  /** Whether the session, which the message shows, begins no turn by itself. */
  public boolean turnsAreAskedFor() {
    return readable && turnsOff > 0 && turnsOn == 0;
  }

  /** Whether it is a part of what the model says aloud. */
  public boolean isSound() {
    return type().equals("response.output_audio.delta") || type().equals("response.audio.delta");
  }

  /** Whether it is a part of what the model writes. */
  public boolean isPiece() {
    return isOfResponse() && type().endsWith(".delta") && !isSound();
  }

  @Override
  public void opened(boolean array) {
    readable &= !(depth == 0 && array) && !isType();
    turnsOn += member.equals(TURNS) ? 1 : 0;
    if (depth == 1) {
      outer = array ? "" : member;
    }
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
    if (member.equals(TURNS) && literal.equals("null")) {
      turnsOff++;
      member = "";
    } else {
      other();
    }
  }

  @Override
  public void other() {
    readable &= depth > 0 && !isType();
    turnsOn += member.equals(TURNS) ? 1 : 0;
    member = "";
  }
}
