package io.claviger.gateway.model;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.head.BodyLength;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the edits that request the usage in a stream. Also finds requests for an answer in the
 * background that nobody could fetch.
 *
 * <p>If no budget counts the call, the gateway edits a body only if the body leaves open whether
 * the stream states its usage: the body contains {@code "stream": true} once, and no {@code
 * stream_options}. If a budget counts the call, the gateway replaces any other setting of the usage
 * in {@code stream_options}: callers must not decide how much they are charged. If the body is not
 * a JSON object, the gateway does not edit it.
 *
 * <p>A missing member is inserted at the beginning of its object, where nothing else has to change.
 */
final class StreamScan extends JsonPart {
  private static final String CHAT = "chat/completions";
  private static final String OPTIONS = "stream_options";
  private static final String USAGE = "include_usage";
  private static final String ASKING = "\"include_usage\":true";

  /**
   * The maximum number of edits. A body that would need more edits stays unchanged, and budgets
   * count the call as if its body had not been read.
   */
  private static final int MOST_EDITS = 16;

  /**
   * Whether the head says that the body is JSON. Providers might read the body as JSON even if the
   * head names another type.
   */
  private final boolean isPlain;

  /** Whether the operation's streams state their usage only on request. */
  private final boolean asksForUsage;

  /**
   * Whether requests for an answer in the background are refused, because the caller could not
   * fetch the answer later.
   */
  private final boolean refusesBackground;

  private final List<BodyEdits.Edit> replacements = new ArrayList<>();
  private int depth;
  private long objectAt = -1;
  private String member = "";
  private int streams;
  private boolean streaming;
  private boolean mayStream;
  private boolean background;
  private boolean hasOptions;
  private boolean saysTooMuch;
  private int models;
  private Optional<String> model = Optional.empty();
  private boolean complete;

  /** Whether the scan is inside {@code stream_options}. */
  private boolean inOptions;

  private long optionsAt;
  private boolean isEmpty;
  private boolean saysUsage;

  /** The depth of the value that the gateway might have to replace; 0 if there is none. */
  private int valueDepth;

  /**
   * The position of the colon before the value at {@link #valueDepth}, or of the white space before
   * the colon.
   */
  private long valueFrom;

  StreamScan(boolean isPlain, boolean asksForUsage, boolean refusesBackground) {
    this.isPlain = isPlain;
    this.asksForUsage = asksForUsage;
    this.refusesBackground = refusesBackground;
  }

  /**
   * Begins to read a body if the body might have to be edited so that it requests the usage in the
   * stream. Also begins to read a body that might request an answer in the background, because
   * nobody could fetch such an answer. Returns null for any other body.
   */
  static @Nullable StreamScan ifWorthReading(
      AuthorizedCall authorized, HttpRequest request, String path, BodyType type) {
    ProviderApi api = authorized.standard().format().api();
    boolean unreadable =
        api.mayAnswerLater(path) && authorized.standard().operation("GET", path + "/id").isEmpty();
    return of(
        request,
        type,
        authorized.terms().streamsUsage() && api.statesUsageIfAsked(path),
        unreadable);
  }

  /** Begins to read a body only to find its model. */
  static @Nullable StreamScan ofModel(BodyType type) {
    return type.mayBeJson() ? new StreamScan(type.isPlainJson(), false, false) : null;
  }

  /**
   * Begins to read the body of a request whose URL names no service. At such a URL, callers with
   * their own key can fetch only models, and no answer that was made in the background.
   */
  static @Nullable StreamScan ofHeld(
      HttpRequest request, ProviderApi api, String path, BodyType type) {
    return of(request, type, api.statesUsageIfAsked(path), api.mayAnswerLater(path));
  }

  private static @Nullable StreamScan of(
      HttpRequest request, BodyType type, boolean asksForUsage, boolean refusesBackground) {
    return (asksForUsage || refusesBackground)
            && request.method().equals(HttpMethod.POST)
            && type.mayBeJson()
        ? new StreamScan(type.isPlainJson(), asksForUsage, refusesBackground)
        : null;
  }

  /**
   * Begins to read a body that the gateway has no other reason to buffer.
   *
   * @param largest the largest size of a buffered body, in bytes
   */
  static @Nullable StreamScan ifWorthHolding(
      AuthorizedCall authorized, HttpRequest request, String path, long largest) {
    ProviderApi api = authorized.standard().format().api();
    if (!path.equals(CHAT) && !path.endsWith("/" + CHAT) && !api.mayAnswerLater(path)) {
      return null;
    }
    BodyLength length = BodyLength.of(request);
    boolean fits = length.isChunked() || (length.bytes() > 0 && length.bytes() <= largest);
    BodyType type = BodyType.of(request.headers());
    return fits && type.isPlainJson() ? ifWorthReading(authorized, request, path, type) : null;
  }

  /** The gateway does not edit a body that is not JSON. */
  @Override
  void malformed() {
    complete = false;
  }

  @Override
  void complete() {
    complete = true;
  }

  /**
   * Checks a completely read body if the call uses the caller's own key. If other people use the
   * same key, {@link CallerScan} checks whether the body requests an answer in the background.
   *
   * @throws CallRefused if the body requests an answer in the background that nobody could fetch
   */
  void demandReadable() {
    if (complete && refusesBackground && background && !streaming) {
      throw new CallRefused(CallError.BACKGROUND_NOT_READABLE);
    }
  }

  /**
   * Returns the edits that request the usage; none if the caller already requests the usage, or if
   * no edit can request it.
   *
   * @param insists true if a budget counts the usage of the call, so that the usage has to be
   *     requested
   */
  BodyEdits edits(boolean insists) {
    boolean asks =
        complete && asksForUsage && (insists ? mayStream : isPlain && streams == 1 && streaming);
    if (asks && !hasOptions) {
      return BodyEdits.of(objectAt + 1, 0, '"' + OPTIONS + "\":{" + ASKING + "},");
    }
    return asks && insists && !saysTooMuch ? BodyEdits.of(replacements) : BodyEdits.NONE;
  }

  /**
   * Whether the body would need too many edits, so that the gateway can't request the usage in the
   * stream.
   */
  boolean hidesUsage() {
    return complete && asksForUsage && mayStream && saysTooMuch;
  }

  /** Returns the model in the body; empty unless the body names exactly one model. */
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

  /** Called after a value. Replaces the value if it does not request the usage. */
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
    } else if (depth == 1 && member.equals("background")) {
      background = isTrue;
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
