package io.claviger.gateway.model;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.head.BodyLength;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how the stream that a JSON body asks for can be asked to state its usage. Where no
 * budget counts, only a stream is asked whose body leaves the choice open: {@code stream} is true,
 * once, and {@code stream_options} is absent. Where one does, anything else that {@code
 * stream_options} says about the usage is replaced, since callers must not decide what they are
 * charged. A body that is not a JSON object is left as it is.
 *
 * <p>An absent member is inserted at the beginning of its object, where no other has to be changed.
 */
final class StreamUsageScan extends JsonPart {
  private static final String CHAT = "chat/completions";
  private static final String OPTIONS = "stream_options";
  private static final String USAGE = "include_usage";
  private static final String ASKING = "\"include_usage\":true";

  /** A body that says more than this about its stream is left unchanged. */
  private static final int MOST_EDITS = 16;

  /**
   * Whether the head says that the body is JSON. Another body may be JSON too, and providers read
   * it as JSON.
   */
  private final boolean isPlain;

  private final List<BodyEdits.Edit> replacements = new ArrayList<>();
  private int depth;
  private long objectAt = -1;
  private String member = "";
  private int streams;
  private boolean streaming;
  private boolean mayStream;
  private boolean hasOptions;
  private boolean saysTooMuch;
  private int models;
  private Optional<String> model = Optional.empty();
  private boolean complete;

  /** Whether the members that are read are those of the options. */
  private boolean inOptions;

  private long optionsAt;
  private boolean isEmpty;
  private boolean saysUsage;

  /** The depth of the value that may have to be replaced; 0 if there is none. */
  private int valueDepth;

  /** The position of the colon before that value, or of the space before the colon. */
  private long valueFrom;

  StreamUsageScan(boolean isPlain) {
    this.isPlain = isPlain;
  }

  /** Begins to read a body whose stream may be asked for its usage; null for any other. */
  static @Nullable StreamUsageScan ifWorthReading(
      AuthorizedCall authorized, HttpRequest request, String path, BodyType type) {
    return authorized.streamsUsage()
        ? ifItMayStream(authorized.standard().format(), request, path, type)
        : null;
  }

  /** Begins to read a body that may ask for a stream which states its usage only when asked. */
  static @Nullable StreamUsageScan ifItMayStream(
      WireFormat format, HttpRequest request, String path, BodyType type) {
    return format.api().statesUsageIfAsked(path)
            && request.method().equals(HttpMethod.POST)
            && type.mayBeJson()
        ? new StreamUsageScan(type.isPlainJson())
        : null;
  }

  /**
   * The same, for a body that is buffered for no other reason.
   *
   * @param largest the most bytes that a buffered body may have
   */
  static @Nullable StreamUsageScan ifWorthHolding(
      AuthorizedCall authorized, HttpRequest request, String path, long largest) {
    if (!path.equals(CHAT) && !path.endsWith("/" + CHAT)) {
      return null;
    }
    BodyLength length = BodyLength.of(request.headers());
    boolean fits = length.isChunked() || (length.bytes() > 0 && length.bytes() <= largest);
    BodyType type = BodyType.of(request.headers());
    return fits && type.isPlainJson() ? ifWorthReading(authorized, request, path, type) : null;
  }

  /** The body is left as it is. */
  @Override
  void malformed() {
    complete = false;
  }

  @Override
  void complete() {
    complete = true;
  }

  /**
   * The edits that ask for the usage; none where it can't be asked for, or the caller did.
   *
   * @param insists whether a budget counts the usage
   */
  BodyEdits edits(boolean insists) {
    boolean asks = complete && (insists ? mayStream : isPlain && streams == 1 && streaming);
    if (asks && !hasOptions) {
      return BodyEdits.of(objectAt + 1, 0, '"' + OPTIONS + "\":{" + ASKING + "},");
    }
    return asks && insists && !saysTooMuch ? BodyEdits.of(replacements) : BodyEdits.NONE;
  }

  /** The model that the body names, if it is named once. */
  Optional<String> model() {
    return complete && models == 1 ? model : Optional.empty();
  }

  @Override
  public void opened(boolean array) {
    if (depth == 0 && !array) {
      objectAt = position();
    }
    mayStream |= isStream();
    if (depth == 1 && valueDepth == 1 && !array) {
      inOptions = true;
      optionsAt = position();
      isEmpty = true;
      saysUsage = false;
      valueDepth = 0;
    }
    member = "";
    depth++;
  }

  @Override
  public void closed() {
    depth--;
    member = "";
    if (depth == 1 && inOptions) {
      inOptions = false;
      if (!saysUsage) {
        replace(optionsAt + 1, 0, isEmpty ? ASKING : ASKING + ",");
      }
    } else {
      valueEnded(position() + 1);
    }
  }

  @Override
  public void name(ScannedText name) {
    if (depth == 2 && inOptions) {
      isEmpty = false;
      if (is(name, USAGE)) {
        saysUsage = true;
        beginValue();
      }
    }
    if (depth != 1) {
      return;
    }
    member = name.isLonger() ? "" : name.toString();
    switch (member) {
      case "stream" -> streams++;
      case OPTIONS -> {
        hasOptions = true;
        beginValue();
      }
      case "model" -> models++;
      default -> {}
    }
  }

  private static boolean is(ScannedText name, String expected) {
    return !name.isLonger() && name.toString().equals(expected);
  }

  private void beginValue() {
    valueDepth = depth;
    valueFrom = position() + 1;
  }

  /** A value has ended. If it is one that asks for no usage, it is replaced. */
  private void valueEnded(long end) {
    if (valueDepth == depth && depth > 0) {
      valueDepth = 0;
      replace(valueFrom, end - valueFrom, depth == 1 ? ":{" + ASKING + "}" : ":true");
    }
  }

  private void replace(long from, long removed, String replacement) {
    if (replacements.size() == MOST_EDITS) {
      saysTooMuch = true;
    } else {
      replacements.add(new BodyEdits.Edit(from, removed, replacement));
    }
  }

  private boolean isStream() {
    return depth == 1 && member.equals("stream");
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
    boolean isTrue = literal.equals("true");
    if (isStream()) {
      streaming = isTrue;
      mayStream |= isTrue;
    }
    if (isTrue && depth == 2 && valueDepth == 2) {
      valueDepth = 0;
    }
    member = "";
    valueEnded(position() + 1);
  }

  @Override
  public void number(ScannedNumber number) {
    mayStream |= isStream();
    member = "";
    valueEnded(position());
  }

  @Override
  public void other() {
    mayStream |= isStream();
    member = "";
    valueEnded(position() + 1);
  }
}
