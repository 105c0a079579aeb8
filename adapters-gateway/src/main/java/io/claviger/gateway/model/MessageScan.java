package io.claviger.gateway.model;

import io.claviger.domain.formats.JsonText;
import io.claviger.domain.objects.ObjectName;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a message on a WebSocket: its type, the response or the approval request that the message
 * is about, and the previous response that the message continues. The type counts only if all
 * parsers read the same type.
 */
public final class MessageScan implements JsonEvents, BodyReaders.Reading {
  private static final String TYPE = "type";
  private static final String RESPONSE = "response";
  private static final String ITEM = "item";
  private static final String ID = "id";
  private static final String APPROVAL_REQUEST = "mcp_approval_request";
  private static final String PREVIOUS = "previous_response_id";
  private static final String STREAM = "stream_id";
  private static final String MODEL = "model";
  private static final Set<String> WANTED = Set.of(TYPE, PREVIOUS, STREAM, MODEL);

  private final byte[] message;
  private final JsonScanner scanner = new JsonScanner(this, ObjectName.LONGEST);
  private boolean readable = true;
  private boolean hasType;
  private boolean hasResponse;
  private String type = "";
  private @Nullable String response;
  private int previousCount;
  private int previousAt;
  private @Nullable String previous;
  private int streams;
  private String stream = "";
  private int models;
  private int modelFrom;
  private int modelTo;
  private @Nullable String model;
  private int depth;
  private String member = "";
  private boolean inResponse;
  private boolean inItem;
  private String item = "";
  private String itemType = "";

  private MessageScan(byte[] message) {
    this.message = message;
  }

  /**
   * @param message the message, which still belongs to the caller of this method and is not changed
   */
  public static MessageScan of(ByteBuf message) {
    MessageScan scan = begin(message);
    while (!scan.readOn()) {
      // Reads the next part of the message.
    }
    return scan;
  }

  /**
   * Copies a message and begins to read the copy.
   *
   * @param message the message, which still belongs to the caller of this method
   */
  public static MessageScan begin(ByteBuf message) {
    return new MessageScan(ByteBufUtil.getBytes(message));
  }

  /** Begins to read the same message with another model name. */
  public MessageScan renamed(String called) {
    return new MessageScan(withModel(called));
  }

  /** Returns the bytes of the message. The caller of this method must not change the array. */
  public byte[] message() {
    return message;
  }

  @Override
  public boolean readOn() {
    try {
      return scanner.readOn(message);
    } catch (MalformedBody e) {
      readable = false;
      return true;
    }
  }

  @Override
  public long bytes() {
    return message.length;
  }

  /** The type of the message; empty if the message has no clear type. */
  public String type() {
    return readable ? type : "";
  }

  /** Whether the message has a member called {@code response}, in any spelling. */
  public boolean isAboutResponse() {
    return hasResponse;
  }

  /** The id of the response that the message is about; empty if the message contains no such id. */
  public Optional<String> response() {
    return Optional.ofNullable(response);
  }

  /** The id of the approval request that is the message's item; empty if there is none. */
  public Optional<String> approvalRequest() {
    return itemType.equals(APPROVAL_REQUEST) && !item.isEmpty()
        ? Optional.of(item)
        : Optional.empty();
  }

  /**
   * The id of the previous response that the message continues; empty unless the message contains
   * this id exactly once, without escapes.
   */
  public Optional<String> previous() {
    return previousCount == 1 ? Optional.ofNullable(previous) : Optional.empty();
  }

  /** The name of the stream to which the message belongs; empty if the message names none. */
  public String stream() {
    return stream;
  }

  /** Whether a member of the message names a stream, in any spelling. */
  public boolean mentionsStream() {
    return streams > 0;
  }

  /** Whether the message names a stream exactly once. */
  public boolean statesStream() {
    return streams == 1 && !stream.isEmpty();
  }

  /** The requested model; empty unless the message names exactly one model. */
  public Optional<String> model() {
    return models == 1 ? Optional.ofNullable(model) : Optional.empty();
  }

  private byte[] withModel(String called) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream(message.length + called.length());
    whole.write(message, 0, modelFrom);
    whole.writeBytes(JsonText.quoted(called).getBytes(StandardCharsets.UTF_8));
    whole.write(message, modelTo, message.length - modelTo);
    return whole.toByteArray();
  }

  /**
   * Returns the message without the member for the previous response. All other bytes keep their
   * positions.
   */
  public byte[] withoutPrevious() {
    byte[] without = message.clone();
    int length = previous().orElseThrow().length() + 2;
    for (int i = 0; i < length; i++) {
      without[previousAt + i] = (byte) (i < 4 ? "null".charAt(i) : ' ');
    }
    return without;
  }

  @Override
  public void opened(boolean array) {
    readable &= !(depth == 0 && array) && !isTypeHere();
    depth++;
    if (depth == 2) {
      inResponse = !array && member.equals(RESPONSE);
      inItem = !array && member.equals(ITEM);
    }
    member = "";
  }

  @Override
  public void closed() {
    depth--;
    member = "";
  }

  @Override
  public void name(ScannedText name) {
    boolean matters = depth <= 2 && name.length() <= PREVIOUS.length();
    member = matters ? name.toString() : "";
    if (depth != 1) {
      return;
    }
    switch (ModelScan.folded(member)) {
      case TYPE -> {
        readable &= member.equals(TYPE) && !hasType;
        hasType = true;
      }
      case PREVIOUS -> previousCount++;
      case RESPONSE -> hasResponse = true;
      case STREAM -> streams += member.equals(STREAM) ? 1 : 2;
      case MODEL -> models += member.equals(MODEL) ? 1 : 2;
      default -> {}
    }
  }

  private boolean isTypeHere() {
    return depth == 1 && member.equals(TYPE);
  }

  @Override
  public boolean wantsText() {
    return (depth == 1 && WANTED.contains(member))
        || (depth == 2 && (inResponse || inItem) && member.equals(ID))
        || (depth == 2 && inItem && member.equals(TYPE));
  }

  @Override
  public void text(ScannedText text) {
    String value = text.isCut() ? "" : text.toString();
    if (depth == 2 && inResponse) {
      response = value;
    } else if (depth == 2 && member.equals(ID)) {
      item = value;
    } else if (depth == 2) {
      itemType = value;
    } else if (member.equals(TYPE)) {
      type = value;
    } else if (member.equals(STREAM)) {
      stream = value;
    } else if (member.equals(MODEL)) {
      model = value;
      modelFrom = (int) scanner.begun();
      modelTo = (int) scanner.position() + 1;
    } else if (isPlain(value)) {
      previousAt = (int) scanner.begun();
      previous = value;
    }
    member = "";
  }

  /**
   * Whether the message spells the text without escapes, so that the length of the text in the
   * message is known.
   */
  private boolean isPlain(String value) {
    int at = (int) scanner.begun();
    int end = at + value.length() + 1;
    if (value.length() < 4 || end >= message.length || message[at] != '"' || message[end] != '"') {
      return false;
    }
    for (int i = 0; i < value.length(); i++) {
      if (message[at + 1 + i] != value.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void other() {
    readable &= depth > 0 && !isTypeHere();
    member = "";
  }
}
