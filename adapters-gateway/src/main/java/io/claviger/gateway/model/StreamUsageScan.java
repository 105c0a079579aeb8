package io.claviger.gateway.model;

import io.claviger.application.gateway.AuthorizedCall;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.in.BodyLength;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether the stream that a JSON body asks for can be asked to state its usage: {@code
 * stream} is true, once, and {@code stream_options} is absent. A body that is not a JSON object is
 * left as it is.
 *
 * <p>The member is inserted at the beginning of the object, where no other has to be changed.
 */
final class StreamUsageScan implements JsonEvents {
  private static final String CHAT = "chat/completions";
  private static final String ASKING = "\"stream_options\":{\"include_usage\":true},";

  private final JsonScanner scanner = new JsonScanner(this, ScannedText.LONGEST);
  private int depth;
  private long objectAt = -1;
  private String member = "";
  private int streams;
  private boolean streaming;
  private boolean hasOptions;
  private int models;
  private Optional<String> model = Optional.empty();
  private boolean malformed;
  private boolean complete;

  /** Begins to read a body whose stream may be asked for its usage; null for any other. */
  static @Nullable StreamUsageScan ifWorthReading(
      AuthorizedCall authorized, HttpRequest request, String path) {
    return authorized.streamsUsage()
        ? ifItMayStream(authorized.standard().format(), request, path)
        : null;
  }

  /** Begins to read a body that may ask for a stream which states its usage only when asked. */
  static @Nullable StreamUsageScan ifItMayStream(
      WireFormat format, HttpRequest request, String path) {
    boolean states = path.equals("completions") || path.endsWith("/completions");
    return states
            && format == WireFormat.OPENAI
            && request.method().equals(HttpMethod.POST)
            && RequestedModel.isPlainJson(request.headers())
        ? new StreamUsageScan()
        : null;
  }

  /**
   * The same, for a body that is held for nothing else.
   *
   * @param largest the most bytes that a held body may have
   */
  static @Nullable StreamUsageScan ifWorthHolding(
      AuthorizedCall authorized, HttpRequest request, String path, long largest) {
    BodyLength length = BodyLength.of(request.headers());
    boolean fits = length.isChunked() || (length.bytes() > 0 && length.bytes() <= largest);
    boolean chat = path.equals(CHAT) || path.endsWith("/" + CHAT);
    return fits && chat ? ifWorthReading(authorized, request, path) : null;
  }

  void read(byte[] bytes, int from, int to) {
    if (malformed) {
      return;
    }
    try {
      scanner.read(bytes, from, to);
    } catch (MalformedJson e) {
      malformed = true;
    }
  }

  void end() {
    try {
      scanner.end();
      complete = !malformed;
    } catch (MalformedJson e) {
      malformed = true;
    }
  }

  /** The edits that ask for the usage; none where it can't be asked for, or the caller did. */
  BodyEdits edits() {
    return complete && streams == 1 && streaming && !hasOptions
        ? BodyEdits.of(objectAt + 1, 0, ASKING)
        : BodyEdits.NONE;
  }

  /** The model that the body names, if it is named once. */
  Optional<String> model() {
    return complete && models == 1 ? model : Optional.empty();
  }

  @Override
  public void opened(boolean array) {
    if (depth == 0 && !array) {
      objectAt = scanner.position();
    }
    member = "";
    depth++;
  }

  @Override
  public void closed() {
    depth--;
    member = "";
  }

  @Override
  public void name(ScannedText name) {
    if (depth != 1) {
      return;
    }
    member = name.isLonger() ? "" : name.toString();
    switch (member) {
      case "stream" -> streams++;
      case "stream_options" -> hasOptions = true;
      case "model" -> models++;
      default -> {}
    }
  }

  @Override
  public boolean wantsText() {
    return depth == 1 && member.equals("model");
  }

  @Override
  public void text(ScannedText text) {
    model = text.isLonger() ? Optional.empty() : Optional.of(text.toString());
    member = "";
  }

  @Override
  public void literal(String literal) {
    if (depth == 1 && member.equals("stream")) {
      streaming = literal.equals("true");
    }
    member = "";
  }

  @Override
  public void other() {
    member = "";
  }
}
